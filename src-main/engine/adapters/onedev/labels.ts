/**
 * @file Labels of mirrors on OneDev, one for each GitHub List. What a label is called stands in its specification, which
 * is the whole server's and an administrator's to make.
 *
 * [Note: ours] A specification is ours if it is called `list: …` and has our colour: both together, so that whoever
 * gives a label of their own such a name keeps it. Nothing is remembered, so a new installation finds them too.
 *
 * [Note: twice] OneDev takes a second specification of one name (200), so there is a look before each is made, and of
 * two with one name either will do. A label that a project has already is a 500.
 */
import { z } from 'zod';
import { EpicstarError, toEpicstarError } from '../../domain/errors.ts';
import type { CheckItem } from '../../ports/mirror-target.ts';
import { type ApiReply, type ApiRequest, type OnedevApi, unwanted } from './api.ts';
import { Lock } from './lock.ts';
import { parseReply } from './projects.ts';

const prefix = 'list: ';
const colour = '#5b7083';
const longestNameChars = 100;
const specsAtOnce = 100;
/** As many as nobody has; a server that goes on for ever is not believed. */
const mostPages = 50;

const specSchema = z.looseObject({ id: z.number().int().positive(), name: z.string(), color: z.string() });
const labelSchema = z.looseObject({ id: z.number().int().positive(), specId: z.number().int().positive() });
type Spec = z.output<typeof specSchema>;

const right = "an administrator's token, which alone may read and make labels";

export class OnedevLabels {
  readonly #api: OnedevApi;
  /** One at a time looks for a specification and makes it. */
  readonly #lock = new Lock();

  constructor(api: OnedevApi) {
    this.#api = api;
  }

  /** See MirrorLabels.set. */
  set(projectId: number, path: string, lists: readonly string[], signal: AbortSignal): Promise<void> {
    return this.#lock.run(() => this.#set(projectId, path, lists, signal));
  }

  /** See MirrorLabels.check. */
  async check(signal: AbortSignal): Promise<CheckItem> {
    try {
      await this.#specs(signal);
      const finding = 'Labels can be read; making one for a List that is new takes an administrator.';
      return { name: 'labels', state: 'ok', finding, nextStep: null };
    } catch (thrown) {
      const { code, message, nextStep } = toEpicstarError(thrown);
      if (code === 'cancelled') throw thrown;
      return {
        name: 'labels',
        state: 'warning',
        finding: `Mirrors get no labels of GitHub Lists. ${message}`,
        nextStep: code === 'target-right-missing' ? 'Use such a token, or set lists to off or parents.' : nextStep,
        code,
      };
    }
  }

  async #set(projectId: number, path: string, lists: readonly string[], signal: AbortSignal): Promise<void> {
    const specs = await this.#specs(signal);
    const reply = await this.#api.call({ method: 'GET', path: `/~api/projects/${projectId}/labels` }, signal);
    if (reply.kind === 'missing') return;
    if (reply.kind !== 'ok') throw unwanted(reply, `reading the labels of '${path}'`, `manage project '${path}'`);
    const labels = parseReply(reply, z.array(labelSchema), `reading the labels of '${path}'`);
    const wanted = new Set(lists.map(labelName));
    const has = new Set<string>();
    for (const { id, specId } of labels) {
      const spec = specs.find((one) => one.id === specId);
      if (spec === undefined || !isOurs(spec)) continue;
      if (wanted.has(spec.name) && !has.has(spec.name)) has.add(spec.name);
      else await this.#remove(id, path, signal);
    }
    for (const name of wanted) {
      if (has.has(name)) continue;
      const spec = specs.find((one) => isOurs(one) && one.name === name);
      await this.#add(projectId, path, spec?.id ?? (await this.#make(name, signal)), signal);
    }
  }

  async #specs(signal: AbortSignal): Promise<readonly Spec[]> {
    const specs: Spec[] = [];
    for (let page = 0; page < mostPages; page += 1) {
      const query = { offset: String(page * specsAtOnce), count: String(specsAtOnce) };
      const reply = await this.#ask({ method: 'GET', path: '/~api/label-specs', query }, signal);
      if (reply.kind !== 'ok') throw unwanted(reply, 'reading labels', right);
      const found = parseReply(reply, z.array(specSchema), 'reading labels');
      specs.push(...found);
      if (found.length < specsAtOnce) break;
    }
    return specs;
  }

  async #make(name: string, signal: AbortSignal): Promise<number> {
    const body = { name, color: colour };
    const reply = await this.#ask({ method: 'POST', path: '/~api/label-specs', body }, signal);
    if (reply.kind !== 'ok') throw unwanted(reply, `making the label '${name}'`, right);
    return parseReply(reply, z.number().int().positive(), `making the label '${name}'`);
  }

  async #add(projectId: number, path: string, specId: number, signal: AbortSignal): Promise<void> {
    const body = { projectId, specId };
    const reply = await this.#api.call({ method: 'POST', path: '/~api/project-labels', body }, signal);
    // Somebody else was quicker.
    if (reply.kind === 'refused' && reply.text.includes('could not execute statement')) return;
    if (reply.kind !== 'ok') throw unwanted(reply, `labelling '${path}'`, `manage project '${path}'`);
  }

  async #remove(labelId: number, path: string, signal: AbortSignal): Promise<void> {
    const reply = await this.#api.call({ method: 'DELETE', path: `/~api/project-labels/${labelId}` }, signal);
    if (reply.kind === 'ok' || reply.kind === 'missing') return;
    throw unwanted(reply, `taking a label from '${path}'`, `manage project '${path}'`);
  }

  /** A token without the right is answered as if there were none, 401; the same token is accepted elsewhere. */
  async #ask(request: ApiRequest, signal: AbortSignal): Promise<ApiReply> {
    try {
      return await this.#api.call(request, signal);
    } catch (thrown) {
      const error = toEpicstarError(thrown);
      if (error.code !== 'target-signed-out') throw error;
      await this.#api.call({ method: 'GET', path: '/~api/version/server' }, signal);
      throw new EpicstarError('target-right-missing', `Needed: ${right}.`, { cause: error, data: { right } });
    }
  }
}

function isOurs({ name, color }: Spec): boolean {
  return name.startsWith(prefix) && color.toLowerCase() === colour;
}

function labelName(list: string): string {
  const flat = list.replace(/[\p{Cc}\p{Cf}\s]+/gu, ' ').trim();
  return `${prefix}${Array.from(flat).slice(0, longestNameChars).join('')}`;
}
