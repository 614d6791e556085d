/** @file OneDev's roles and access tokens by REST, for whoever may make them. Parses all that comes back. */
import { z } from 'zod';
import { EpicstarError } from '../../domain/errors.ts';
import { type ApiReply, type OnedevApi, unwanted } from './api.ts';
import { parseReply } from './projects.ts';

/** What a role has to grant so that mirrors can be made, moved and pushed to; everything else OneDev sets itself. */
export const mirrorRights = {
  manageProject: true,
  createChildren: true,
  codePrivilege: 'WRITE',
  packPrivilege: 'NONE',
} as const;

const roleSchema = z.looseObject({
  id: z.number().int().positive(),
  name: z.string(),
  manageProject: z.boolean(),
  createChildren: z.boolean(),
  codePrivilege: z.string(),
  packPrivilege: z.string(),
});

export type OnedevRole = Readonly<z.infer<typeof roleSchema>>;

const tokenSchema = z.looseObject({ value: z.string().regex(/^[\x21-\x7e]{8,1000}$/) });

const administrator = 'administration of OneDev';
const rolesPerPage = 100;
const rolePagesAtMost = 10;

export class OnedevAccounts {
  readonly #api: OnedevApi;

  constructor(api: OnedevApi) {
    this.#api = api;
  }

  /** Id of whoever asks. */
  async ownId(signal: AbortSignal): Promise<number> {
    const reply = await this.#api.call({ method: 'GET', path: '/~api/users/me' }, signal);
    if (reply.kind !== 'ok') throw unwanted(reply, 'the question who signs in', administrator);
    return parseReply(reply, z.looseObject({ id: z.number().int().positive() }), 'the question who signs in').id;
  }

  /** @throws EpicstarError `target-right-missing` for whoever is no administrator */
  async roles(signal: AbortSignal): Promise<readonly OnedevRole[]> {
    const roles: OnedevRole[] = [];
    for (let page = 0; page < rolePagesAtMost; page += 1) {
      const query = { offset: String(page * rolesPerPage), count: String(rolesPerPage) };
      const reply = await this.#api.call({ method: 'GET', path: '/~api/roles', query }, signal);
      if (reply.kind !== 'ok') throw unwanted(reply, 'the question for roles', administrator);
      const rows = parseReply(reply, z.array(roleSchema), 'the question for roles');
      roles.push(...rows);
      if (rows.length < rolesPerPage) return roles;
    }
    throw new EpicstarError('target-unexpected', `It lists more than ${rolesPerPage * rolePagesAtMost} roles.`);
  }

  async createMirrorRole(name: string, signal: AbortSignal): Promise<number> {
    const body = { name, ...mirrorRights };
    const reply = await this.#api.call({ method: 'POST', path: '/~api/roles', body }, signal);
    return idIn(reply, `creating the role '${name}'`, administrator);
  }

  async removeRole(id: number, signal: AbortSignal): Promise<void> {
    const reply = await this.#api.call({ method: 'DELETE', path: `/~api/roles/${id}` }, signal);
    if (reply.kind !== 'ok' && reply.kind !== 'missing') throw unwanted(reply, 'removing a role', administrator);
  }

  /**
   * A token without any right of its own.
   *
   * @returns its id; null where another token of this owner has this name
   */
  async createToken(name: string, ownerId: number, signal: AbortSignal): Promise<number | null> {
    const body = { name, ownerId, hasOwnerPermissions: false };
    const reply = await this.#api.call({ method: 'POST', path: '/~api/access-tokens', body }, signal);
    if (reply.kind === 'refused' && /already used by another access token/i.test(reply.text)) return null;
    return idIn(reply, `creating the access token '${name}'`, administrator);
  }

  /** The token itself. Errors do not quote this answer. */
  async tokenValue(id: number, signal: AbortSignal): Promise<string> {
    const reply = await this.#api.call({ method: 'GET', path: `/~api/access-tokens/${id}` }, signal);
    if (reply.kind !== 'ok') throw unwanted(reply, 'reading the new access token', administrator);
    const parsed = tokenSchema.safeParse(jsonOrNull(reply.text));
    if (parsed.success) return parsed.data.value;
    const data = { status: reply.status };
    throw new EpicstarError('target-unexpected', "The answer with the new access token is not OneDev's.", { data });
  }

  async authorizeToken(tokenId: number, projectId: number, roleId: number, signal: AbortSignal): Promise<void> {
    const body = { tokenId, projectId, roleId };
    const reply = await this.#api.call({ method: 'POST', path: '/~api/access-token-authorizations', body }, signal);
    idIn(reply, 'giving the new access token its role', administrator);
  }

  async removeToken(id: number, signal: AbortSignal): Promise<void> {
    const reply = await this.#api.call({ method: 'DELETE', path: `/~api/access-tokens/${id}` }, signal);
    if (reply.kind !== 'ok' && reply.kind !== 'missing') throw unwanted(reply, 'removing a token', administrator);
  }
}

/** Managing a project includes all that a role may grant on it, so nothing else of a role makes a difference. */
export function isMirrorRole(role: OnedevRole): boolean {
  return (
    role.manageProject === mirrorRights.manageProject &&
    role.createChildren === mirrorRights.createChildren &&
    role.codePrivilege === mirrorRights.codePrivilege &&
    role.packPrivilege === mirrorRights.packPrivilege
  );
}

/** OneDev answers a creation with a bare number. */
function idIn(reply: ApiReply, doing: string, right: string): number {
  if (reply.kind !== 'ok') throw unwanted(reply, doing, right);
  return parseReply(reply, z.number().int().positive(), doing);
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Its error would quote the text.
    return null;
  }
}
