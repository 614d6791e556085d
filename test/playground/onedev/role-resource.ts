/** @file OneDev's resource for roles. All but the id by name is for administrators. */
import {
  type Answer,
  empty,
  fail,
  failMissingRow,
  json,
  type JsonValue,
  notFound,
  rawJson,
  serverError,
} from './answers.ts';
import { type Fields, readFlag, readText } from './json-body.ts';
import { readFields, readNumber, requireAdmin, type RestCall, type Route } from './rest.ts';
import type { CodePrivilege, Role } from './types.ts';

function roleJson({ id, name, manageProject, createChildren, code, pack, more }: Role): JsonValue {
  return {
    id,
    name,
    description: null,
    manageProject,
    createChildren,
    managePullRequests: false,
    manageCodeComments: false,
    codePrivilege: code,
    packPrivilege: pack,
    manageIssues: false,
    accessConfidentialIssues: false,
    accessTimeTracking: false,
    scheduleIssues: false,
    editableIssueFields: { '@type': 'AllIssueFields' },
    canEditFieldsOfOtherIssues: false,
    manageBuilds: false,
    uploadCache: false,
    jobPrivileges: [],
    manageWorkspaces: false,
    createWorkspaces: false,
    ...more,
  };
}

function listRoles(call: RestCall): Answer {
  requireAdmin(call);
  const offset = readNumber(call.query.get('offset'));
  const roles = [...call.world.roles.values()].toSorted((a, b) => (a.name < b.name ? -1 : 1));
  return json(roles.slice(offset, offset + readNumber(call.query.get('count'))).map(roleJson));
}

/** That a name is taken is what the database finds, as in OneDev's source; not recorded. */
function createRole(call: RestCall): Answer {
  requireAdmin(call);
  const fields: Fields = readFields(call) ?? {};
  const { roles } = call.world;
  const id = call.world.nextId(roles);
  const name = readText(fields, 'name') ?? fail(500, serverError);
  if (roles.values().some((role) => role.name.toLowerCase() === name.toLowerCase())) {
    return fail(500, 'could not execute statement');
  }
  roles.set(id, {
    id,
    name,
    manageProject: readFlag(fields, 'manageProject', false),
    createChildren: readFlag(fields, 'createChildren', false),
    code: readPrivilege(readText(fields, 'codePrivilege')),
    pack: readPrivilege(readText(fields, 'packPrivilege')),
    more: {},
  });
  return rawJson(String(id));
}

function readPrivilege(text: string | null): CodePrivilege {
  return text === 'READ' || text === 'WRITE' ? text : 'NONE';
}

function getRoleId(call: RestCall): Answer {
  const role = call.world.roles.values().find((row) => row.name === call.params[0]);
  return rawJson(String(role?.id ?? fail(404, notFound)));
}

/** As in OneDev's source; not recorded. */
function deleteRole(call: RestCall): Answer {
  requireAdmin(call);
  const id = readNumber(call.params[0]);
  return call.world.roles.delete(id) ? empty() : failMissingRow('Role', id);
}

export const roleRoutes: readonly Route[] = [
  { method: 'GET', pattern: /^roles$/, query: ['offset', 'count', 'name?'], handle: listRoles },
  { method: 'POST', pattern: /^roles$/, handle: createRole },
  { method: 'GET', pattern: /^roles\/ids\/(.+)$/, handle: getRoleId },
  { method: 'DELETE', pattern: /^roles\/(\d+)$/, handle: deleteRole },
];
