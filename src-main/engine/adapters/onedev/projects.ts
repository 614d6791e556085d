/** @file OneDev's projects by REST: find, read, create, change, remove. Parses all that comes back. */
import { z } from 'zod';
import { EpicstarError } from '../../domain/errors.ts';
import { type ApiReply, type OnedevApi, unwanted } from './api.ts';
import { quoteText } from './failures.ts';

/** Fields that are not used here are kept as they came: a change has to send all of them back. */
const projectSchema = z.looseObject({
  id: z.number().int().positive(),
  parentId: z.number().int().positive().nullable(),
  name: z.string(),
  path: z.string().min(1),
  description: z.string().nullish(),
});

export type OnedevProject = Readonly<z.infer<typeof projectSchema>>;

export interface NewProject {
  readonly name: string;
  readonly parentId: number | null;
  readonly description: string | null;
  readonly codeManagement: boolean;
}

export type CreateResult =
  | { readonly kind: 'created'; readonly id: number }
  /** Its name is taken, perhaps by a project that the token may not see. */
  | { readonly kind: 'taken' }
  | { readonly kind: 'parent-missing' };

export type UpdateResult = 'updated' | 'taken' | 'missing';

/** OneDev's words for a name that is taken: found before it writes, or by its database. */
const takenWords = /is already used by another|could not execute statement/;

/** Other users than administrators are refused more. */
export const rowsAtMost = 100;

export class OnedevProjects {
  readonly #api: OnedevApi;

  constructor(api: OnedevApi) {
    this.#api = api;
  }

  /**
   * At most {@link rowsAtMost} projects that the token may see. `query` is in OneDev's query language, with about 50
   * terms at most.
   */
  async find(query: string, signal: AbortSignal, offset = 0): Promise<readonly OnedevProject[]> {
    const reply = await this.#api.call(
      { method: 'GET', path: '/~api/projects', query: { query, offset: String(offset), count: String(rowsAtMost) } },
      signal,
    );
    if (reply.kind !== 'ok') throw unwanted(reply, 'a query for projects', 'reading projects');
    return parseReply(reply, z.array(projectSchema), 'a query for projects');
  }

  /** Null where there is no such project, or none that the token may see. */
  async get(id: number, signal: AbortSignal): Promise<OnedevProject | null> {
    const reply = await this.#api.call({ method: 'GET', path: `/~api/projects/${id}` }, signal);
    return reply.kind === 'forbidden' ? null : projectIn(reply, id);
  }

  /** Null where there is no such project: one that the token may not see is refused with `target-right-missing`. */
  async getIfThere(id: number, signal: AbortSignal): Promise<OnedevProject | null> {
    return projectIn(await this.#api.call({ method: 'GET', path: `/~api/projects/${id}` }, signal), id);
  }

  /** @param parentPath for the text of a missing right; null for a root project */
  async create(project: NewProject, parentPath: string | null, signal: AbortSignal): Promise<CreateResult> {
    const body = {
      name: project.name,
      ...(project.parentId === null ? {} : { parentId: project.parentId }),
      ...(project.description === null ? {} : { description: project.description }),
      codeManagement: project.codeManagement,
      issueManagement: false,
      packManagement: false,
      // Mandatory, without defaults.
      gitPackConfig: {},
      codeAnalysisSetting: {},
    };
    const reply = await this.#api.call({ method: 'POST', path: '/~api/projects', body }, signal);
    if (reply.kind === 'ok') {
      const id = /^\s*([1-9][0-9]{0,15})\s*$/.exec(reply.text)?.[1];
      if (id === undefined) throw notUnderstood(reply, 'creating a project', 'an id was expected');
      return { kind: 'created', id: Number(id) };
    }
    if (reply.kind === 'missing') return { kind: 'parent-missing' };
    if (reply.kind === 'refused' && takenWords.test(reply.text)) return { kind: 'taken' };
    const right =
      parentPath === null
        ? `create root projects, or a project '${project.name}' on which the token has a role`
        : `create children under '${parentPath}'`;
    throw unwanted(reply, `creating '${project.name}'`, right);
  }

  /**
   * Changes name, parent and description and keeps everything else: OneDev replaces a project as a whole, and what is
   * left out goes back to its default.
   */
  async update(
    before: OnedevProject,
    change: { readonly name?: string; readonly parentId?: number; readonly description?: string },
    signal: AbortSignal,
  ): Promise<UpdateResult> {
    const body = { ...before, ...change };
    const reply = await this.#api.call({ method: 'POST', path: `/~api/projects/${before.id}`, body }, signal);
    if (reply.kind === 'ok') return 'updated';
    if (reply.kind === 'missing') return 'missing';
    if (reply.kind === 'refused' && takenWords.test(reply.text)) return 'taken';
    const isMove = change.parentId !== undefined && change.parentId !== before.parentId;
    const right = `manage project '${before.path}'${isMove ? ', and create children under its new parent' : ''}`;
    throw unwanted(reply, `changing '${before.path}'`, right);
  }

  /** Removes a project with all below it. */
  async remove(id: number, path: string, signal: AbortSignal): Promise<void> {
    const reply = await this.#api.call({ method: 'DELETE', path: `/~api/projects/${id}` }, signal);
    if (reply.kind === 'ok' || reply.kind === 'missing') return;
    throw unwanted(reply, `removing '${path}'`, `manage project '${path}'`);
  }

  /** Short name; null where there is none, or where it names a branch that does not exist. */
  async defaultBranch(id: number, path: string, signal: AbortSignal): Promise<string | null> {
    const reply = await this.#api.call({ method: 'GET', path: `/~api/repositories/${id}/default-branch` }, signal);
    if (reply.kind !== 'ok') throw unwanted(reply, `reading the default branch of '${path}'`, `code read on '${path}'`);
    // A bare text, though it is declared as JSON.
    const branch = reply.text.trim();
    if (/[\p{Cc}<]/u.test(branch)) throw notUnderstood(reply, 'reading a default branch', 'a name was expected');
    return reply.status === 204 || branch === '' ? null : branch;
  }

  async setDefaultBranch(id: number, path: string, branch: string, signal: AbortSignal): Promise<void> {
    const reply = await this.#api.call(
      { method: 'POST', path: `/~api/repositories/${id}/default-branch`, body: branch },
      signal,
    );
    if (reply.kind === 'ok') return;
    throw unwanted(reply, `setting the default branch of '${path}'`, `manage project '${path}'`);
  }
}

function projectIn(reply: ApiReply, id: number): OnedevProject | null {
  if (reply.kind === 'missing') return null;
  if (reply.kind !== 'ok') throw unwanted(reply, `reading project ${id}`, `a role on the project ${id}`);
  return parseReply(reply, projectSchema, `reading project ${id}`);
}

/** The value as OneDev's query language quotes it. Only for values without `*`, which cannot be escaped. */
export function quoteValue(value: string): string {
  return `"${value.replace(/["\\]/g, '\\$&')}"`;
}

/** @throws EpicstarError `target-unexpected` for anything but JSON of this shape */
export function parseReply<T>(reply: ApiReply, schema: z.ZodType<T>, doing: string): T {
  let value: unknown;
  try {
    value = JSON.parse(reply.text);
  } catch (error) {
    throw notUnderstood(reply, doing, 'JSON was expected', error);
  }
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue === undefined ? '' : `${issue.path.map(String).join('.')}: ${issue.message}`;
  throw notUnderstood(reply, doing, where, parsed.error);
}

function notUnderstood(reply: ApiReply, doing: string, expected: string, cause?: unknown): EpicstarError {
  const text = `The answer to ${doing} is not OneDev's (${quoteText(expected)}): ${quoteText(reply.text.slice(0, 400))}`;
  return new EpicstarError('target-unexpected', text, { cause, data: { status: reply.status } });
}
