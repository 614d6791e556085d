/** @file OneDev's resources around accounts: users, tokens, labels, version and the system setting. */
import {
  type Answer,
  empty,
  fail,
  failMissingRow,
  json,
  type JsonValue,
  notAuthenticated,
  notAuthorized,
  notFound,
  rawJson,
  serverError,
} from './answers.ts';
import { checkShape, type Fields, readFlag, readNumberText, readText, type Shape } from './json-body.ts';
import { printDate } from './project-data.ts';
import { findProject } from './project-resource.ts';
import { readFields, readNumber, requireAdmin, requireUser, type RestCall, type Route } from './rest.ts';
import type { Token, User } from './types.ts';

const tokenShape: Shape = {
  className: 'io.onedev.server.model.AccessToken',
  known: ['name', 'expireDate', 'ownerId', 'hasOwnerPermissions'],
};

const userShape: Shape = {
  className: 'io.onedev.server.rest.resource.UserResource$UserCreateData',
  known: ['notifyOwnEvents', 'emailAddress', 'type', 'name', 'aiSetting', 'password', 'fullName'],
};

function userJson(user: User): JsonValue {
  const { id, name } = user;
  return { id, disabled: false, type: 'ORDINARY', name, fullName: null, notifyOwnEvents: false, aiSetting: null };
}

function tokenJson(token: Token): JsonValue {
  const { id, name, value, hasOwnerPermissions, createDate, expireDate, ownerId } = token;
  return {
    id,
    name,
    value,
    hasOwnerPermissions,
    createDate: printDate(createDate),
    expireDate: printDate(expireDate),
    ownerId,
  };
}

/** Only the owner and administrators see a token. */
function findToken(call: RestCall): Token {
  const id = readNumber(call.params[0]);
  const token = call.world.tokens.get(id) ?? failMissingRow('AccessToken', id);
  checkOwner(call, token.ownerId);
  return token;
}

function checkOwner(call: RestCall, ownerId: number): void {
  if (requireUser(call).id !== ownerId) {
    requireAdmin(call);
  }
}

function createToken(call: RestCall): Answer {
  const fields: Fields = readFields(call) ?? {};
  checkShape(call.body, fields, tokenShape);
  const owner = call.world.users.get(Number(fields['ownerId'])) ?? fail(500, serverError);
  checkOwner(call, owner.id);
  const name = readText(fields, 'name') ?? fail(500, serverError);
  if (call.world.tokens.values().some((token) => token.ownerId === owner.id && token.name === name)) {
    return fail(500, 'Name already used by another access token of the owner');
  }
  const expireDate = readText(fields, 'expireDate');
  const token = call.world.addToken({
    name,
    ownerId: owner.id,
    hasOwnerPermissions: readFlag(fields, 'hasOwnerPermissions', false),
    expireDate: expireDate === null ? null : new Date(expireDate),
  });
  return rawJson(String(token.id));
}

function deleteToken(call: RestCall): Answer {
  call.world.tokens.delete(findToken(call).id);
  return empty();
}

function authorizeToken(call: RestCall): Answer {
  const fields: Fields = readFields(call) ?? {};
  const tokenId = Number(fields['tokenId']);
  const token = call.world.tokens.get(tokenId) ?? failMissingRow('AccessToken', tokenId);
  checkOwner(call, token.ownerId);
  const project = findProject(call, readNumberText(fields, 'projectId'), 'manage');
  return rawJson(String(call.world.authorize('token', token.id, project.id, Number(fields['roleId'])).id));
}

function listTokenAuthorizations(call: RestCall): Answer {
  const rows = call.world.authorizationsOf('token', findToken(call).id);
  return json(
    rows.map(({ id, projectId, holderId, roleId }): JsonValue => ({ id, projectId, tokenId: holderId, roleId })),
  );
}

function listUserTokens(call: RestCall): Answer {
  const ownerId = readNumber(call.params[0]);
  checkOwner(call, ownerId);
  return json([...call.world.tokens.values()].filter((token) => token.ownerId === ownerId).map(tokenJson));
}

function createUser(call: RestCall): Answer {
  requireAdmin(call);
  const fields: Fields = readFields(call) ?? {};
  checkShape(call.body, fields, userShape);
  const id = call.world.nextId(call.world.users);
  const name = readText(fields, 'name') ?? fail(500, serverError);
  call.world.users.set(id, { id, name, password: readText(fields, 'password') ?? '', admin: false });
  return rawJson(String(id));
}

function getUser(call: RestCall): Answer {
  const id = readNumber(call.params[0]);
  return json(userJson(call.world.users.get(id) ?? failMissingRow('User', id)));
}

function getUserId(call: RestCall): Answer {
  const user = call.world.users.values().find((row) => row.name === call.params[0]);
  return rawJson(String(user?.id ?? fail(404, notFound)));
}

function listLabelSpecs(call: RestCall): Answer {
  if (call.principal.kind === 'token') {
    return fail(401, notAuthenticated);
  }
  const offset = readNumber(call.query.get('offset'));
  const rows = [...call.world.labelSpecs.values()].slice(offset, offset + readNumber(call.query.get('count')));
  return json(rows.map(({ id, name, color }): JsonValue => ({ id, name, color })));
}

/** A second spec of the same name is stored as well. */
function createLabelSpec(call: RestCall): Answer {
  requireAdmin(call);
  const fields: Fields = readFields(call) ?? {};
  const id = call.world.nextId(call.world.labelSpecs);
  call.world.labelSpecs.set(id, { id, name: readText(fields, 'name') ?? '', color: readText(fields, 'color') ?? '' });
  return rawJson(String(id));
}

function createProjectLabel(call: RestCall): Answer {
  const fields: Fields = readFields(call) ?? {};
  const project = findProject(call, readNumberText(fields, 'projectId'), 'manage');
  const specId = Number(fields['specId']);
  const { projectLabels } = call.world;
  if (projectLabels.values().some((row) => row.projectId === project.id && row.specId === specId)) {
    return fail(500, 'could not execute statement');
  }
  const id = call.world.nextId(projectLabels);
  projectLabels.set(id, { id, projectId: project.id, specId });
  return rawJson(String(id));
}

function deleteProjectLabel(call: RestCall): Answer {
  const id = readNumber(call.params[0]);
  const label = call.world.projectLabels.get(id) ?? failMissingRow('ProjectLabel', id);
  findProject(call, String(label.projectId), 'manage');
  call.world.projectLabels.delete(id);
  return empty();
}

/** Of the system setting, the server's own address is what matters: links and LFS addresses are made from it. */
function setSystemSetting(call: RestCall): Answer {
  requireAdmin(call);
  call.world.serverUrl = readText(readFields(call) ?? {}, 'serverUrl') ?? fail(500, serverError);
  return empty();
}

export const accountRoutes: readonly Route[] = [
  { method: 'GET', pattern: /^version\/server$/, handle: () => rawJson('16.5.6') },
  {
    method: 'GET',
    pattern: /^users\/me$/,
    handle: (call) => (call.principal.kind === 'token' ? fail(403, notAuthorized) : json(userJson(requireUser(call)))),
  },
  { method: 'GET', pattern: /^users\/ids\/(.+)$/, handle: getUserId },
  { method: 'GET', pattern: /^users\/(\d+)$/, handle: getUser },
  { method: 'GET', pattern: /^users\/(\d+)\/access-tokens$/, handle: listUserTokens },
  { method: 'POST', pattern: /^users$/, handle: createUser },
  { method: 'POST', pattern: /^access-tokens$/, handle: createToken },
  { method: 'GET', pattern: /^access-tokens\/(\d+)$/, handle: (call) => json(tokenJson(findToken(call))) },
  { method: 'DELETE', pattern: /^access-tokens\/(\d+)$/, handle: deleteToken },
  { method: 'GET', pattern: /^access-tokens\/(\d+)\/authorizations$/, handle: listTokenAuthorizations },
  { method: 'POST', pattern: /^access-token-authorizations$/, handle: authorizeToken },
  { method: 'GET', pattern: /^label-specs$/, query: ['offset', 'count'], handle: listLabelSpecs },
  { method: 'POST', pattern: /^label-specs$/, handle: createLabelSpec },
  { method: 'POST', pattern: /^project-labels$/, handle: createProjectLabel },
  { method: 'DELETE', pattern: /^project-labels\/(\d+)$/, handle: deleteProjectLabel },
  { method: 'POST', pattern: /^settings\/system$/, handle: setSystemSetting },
];
