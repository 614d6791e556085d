/** @file OneDev's project resource: look up, list, create, replace, delete, and what hangs on a project. */
import { setTimeout as delay } from 'node:timers/promises';
import {
  type Answer,
  empty,
  fail,
  failMissingRow,
  json,
  type JsonValue,
  notAuthorized,
  rawJson,
  serverError,
} from './answers.ts';
import { checkShape, type Fields, isFields, readNumberText } from './json-body.ts';
import { parseProjectQuery } from './project-query.ts';
import { createFields, projectJson, settingShape } from './project-data.ts';
import { readFields, readNumber, requireUser, type RestCall, type Route, userBehind } from './rest.ts';
import type { Project, Right } from './types.ts';
import type { ProjectFields } from './world.ts';

const maxPathLength = 255;

export function findProject(call: RestCall, idText: string | undefined, right: Right): Project {
  const id = readNumber(idText);
  const project = call.world.projects.get(id) ?? failMissingRow('Project', id);
  return call.world.may(call.principal, right, project) ? project : fail(403, notAuthorized);
}

function listProjects(call: RestCall): Answer {
  const { world, principal, query } = call;
  const offset = readNumber(query.get('offset'));
  const count = readNumber(query.get('count'));
  if (!world.isAdmin(principal) && count > 100) {
    return fail(406, 'Count should not be greater than 100');
  }
  const parsed = parseProjectQuery(world, principal, query.get('query') ?? '');
  if (offset < 0 || count < 0) {
    return fail(500, serverError);
  }
  const found = [...world.projects.values()]
    .filter((project) => world.may(principal, 'read', project) && parsed.matches(project))
    .toSorted(parsed.compare);
  return json(found.slice(offset, offset + count).map((project) => projectJson(world, project)));
}

function getIdByPath(call: RestCall): Answer {
  const path = call.params[0] ?? '';
  const project = call.world.findByPath(path);
  if (project === undefined || !call.world.may(call.principal, 'read', project)) {
    return fail(404, `Project not found or inaccessible: ${path}`);
  }
  return rawJson(String(project.id));
}

function checkPlace(call: RestCall, parentId: number | null): Project | undefined {
  if (parentId === null) {
    return call.world.isAdmin(call.principal) ? undefined : fail(403, 'Not authorized to create root project');
  }
  const parent = call.world.projects.get(parentId) ?? failMissingRow('Project', parentId);
  if (!call.world.may(call.principal, 'createChildren', parent)) {
    return fail(403, `Not authorized to create project under '${call.world.pathOf(parent)}'`);
  }
  return parent;
}

function checkName(call: RestCall, parent: Project | undefined, name: string, except?: Project): void {
  if (call.world.findSibling(parent?.id ?? null, name, except) !== undefined) {
    const place =
      parent === undefined ? 'another root project' : `another project under '${call.world.pathOf(parent)}'`;
    fail(500, `Name '${name}' is already used by ${place}`);
  }
}

/** What the database refuses; an id has been used up by then. */
function checkColumns(call: RestCall, parent: Project | undefined, fields: ProjectFields, except?: Project): void {
  const prefix = parent === undefined ? '' : `${call.world.pathOf(parent)}/`;
  if (prefix.length + fields.name.length > maxPathLength) {
    fail(500, serverError);
  }
  const key = fields.key ?? null;
  if (key !== null && call.world.projects.values().some((project) => project.key === key && project !== except)) {
    fail(500, 'could not execute statement');
  }
}

async function createProject(call: RestCall): Promise<Answer> {
  const fields = createFields(call, 'createProject.arg0');
  const { world, repositories } = call;
  const parent = checkPlace(call, fields.parentId);
  checkName(call, parent, fields.name);
  const id = world.nextProjectId;
  world.nextProjectId += 1;
  checkColumns(call, parent, fields);
  if (parent === undefined) {
    // The unique key does not hold for roots: whoever checked before this insert succeeds as well.
    await Promise.all([repositories.create(id), delay(call.rootInsertDelayMs)]);
    world.insertProject(fields, id);
  } else {
    world.insertProject(fields, id);
    await repositories.create(id);
  }
  const project = world.projects.get(id);
  const creator = userBehind(world, call.principal);
  if (project !== undefined && creator !== undefined) {
    world.makeOwner(creator, project);
  }
  return rawJson(String(id));
}

function updateProject(call: RestCall): Answer {
  const fields = createFields(call, 'updateProject.arg1');
  const { world } = call;
  const project = findProject(call, call.params[0], 'manage');
  const parent =
    fields.parentId === project.parentId ? world.projects.get(fields.parentId ?? 0) : checkPlace(call, fields.parentId);
  checkName(call, parent, fields.name, project);
  if (parent !== undefined && world.isWithin(parent, project.id)) {
    return fail(500, 'Cannot use current or descendant project as parent');
  }
  checkColumns(call, parent, fields, project);
  world.replaceProject(project, fields);
  return empty();
}

async function deleteProject(call: RestCall): Promise<Answer> {
  const project = findProject(call, call.params[0], 'manage');
  const gone = call.world.removeProject(project);
  await Promise.all(gone.map((id) => call.repositories.remove(id)));
  return empty();
}

function getCloneUrl(call: RestCall): Answer {
  const path = call.world.pathOf(findProject(call, call.params[0], 'read'));
  return json({
    http: `${call.world.serverUrl}/${path}.git`,
    ssh: `ssh://${new URL(call.world.serverUrl).hostname}:6611/${path}.git`,
  });
}

/** OneDev answers with a null that it does not take back. */
function postSetting(call: RestCall): Answer {
  const project = findProject(call, call.params[0], 'manage');
  const fields: Fields = readFields(call) ?? {};
  checkShape(call.body, fields, settingShape);
  const issueSetting = fields['issueSetting'];
  if (!isFields(issueSetting) || !Array.isArray(issueSetting['boardSpecs'])) {
    return fail(500, serverError);
  }
  project.setting = fields;
  return empty();
}

function listLabels(call: RestCall): Answer {
  const project = findProject(call, call.params[0], 'read');
  const rows = [...call.world.projectLabels.values()].filter((row) => row.projectId === project.id);
  return json(rows.map(({ id, projectId, specId }): JsonValue => ({ id, projectId, specId })));
}

function listUserAuthorizations(call: RestCall): Answer {
  const project = findProject(call, call.params[0], 'manage');
  const rows = call.world.authorizationsOn(project.id, 'user');
  return json(
    rows.map(({ id, projectId, holderId, roleId }): JsonValue => ({ id, projectId, userId: holderId, roleId })),
  );
}

function postUserAuthorization(call: RestCall): Answer {
  const fields: Fields = readFields(call) ?? {};
  const project = findProject(call, readNumberText(fields, 'projectId'), 'manage');
  requireUser(call);
  return rawJson(
    String(call.world.authorize('user', Number(fields['userId']), project.id, Number(fields['roleId'])).id),
  );
}

export const projectRoutes: readonly Route[] = [
  { method: 'GET', pattern: /^projects\/?$/, query: ['offset', 'count', 'query?'], handle: listProjects },
  { method: 'POST', pattern: /^projects\/?$/, handle: createProject },
  { method: 'GET', pattern: /^projects\/ids\/(.*)$/, handle: getIdByPath },
  {
    method: 'GET',
    pattern: /^projects\/(\d+)$/,
    handle: (call) => json(projectJson(call.world, findProject(call, call.params[0], 'read'))),
  },
  { method: 'POST', pattern: /^projects\/(\d+)$/, handle: updateProject },
  { method: 'DELETE', pattern: /^projects\/(\d+)$/, handle: deleteProject },
  { method: 'GET', pattern: /^projects\/(\d+)\/clone-url$/, handle: getCloneUrl },
  {
    method: 'GET',
    pattern: /^projects\/(\d+)\/setting$/,
    handle: (call) => json(findProject(call, call.params[0], 'manage').setting),
  },
  { method: 'POST', pattern: /^projects\/(\d+)\/setting$/, handle: postSetting },
  { method: 'GET', pattern: /^projects\/(\d+)\/labels$/, handle: listLabels },
  { method: 'GET', pattern: /^projects\/(\d+)\/user-authorizations$/, handle: listUserAuthorizations },
  { method: 'POST', pattern: /^user-authorizations$/, handle: postUserAuthorization },
  {
    method: 'GET',
    pattern: /^projects\/(\d+)\/(?:forks|base-authorizations)$/,
    handle: (call) => {
      findProject(call, call.params[0], 'read');
      return json([]);
    },
  },
];
