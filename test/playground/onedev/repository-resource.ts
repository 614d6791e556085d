/** @file OneDev's repository resource: default branch, branches and tags of a project. */
import { type Answer, empty, fail, json, type JsonValue, rawJson, serverError } from './answers.ts';
import { type Fields, readText } from './json-body.ts';
import { findProject } from './project-resource.ts';
import { findRefusals } from './protections.ts';
import { readFields, type RestCall, type Route, userBehind } from './rest.ts';
import type { Project } from './types.ts';

const zeroId = '0'.repeat(40);

async function getDefaultBranch(call: RestCall): Promise<Answer> {
  const project = findProject(call, call.params[0], 'read');
  const branch = await call.repositories.defaultBranch(project.id);
  return branch === undefined ? empty(204) : rawJson(branch);
}

async function setDefaultBranch(call: RestCall): Promise<Answer> {
  const project = findProject(call, call.params[0], 'manage');
  const branch = readBranchName(call.body);
  if (!(await call.repositories.refExists(project.id, `refs/heads/${branch}`))) {
    return fail(500, `Branch not exist: ${branch}`);
  }
  await call.repositories.writeHead(project.id, branch);
  return empty();
}

/** A JSON text, with or without `refs/heads/`; everything else is a server error. */
function readBranchName(body: string): string {
  let value: JsonValue;
  try {
    value = JSON.parse(body) as JsonValue;
  } catch {
    return fail(500, serverError);
  }
  return typeof value === 'string' && value !== '' ? value.replace('refs/heads/', '') : fail(500, serverError);
}

type RefKind = { readonly noun: 'Branch' | 'Tag'; readonly prefix: 'refs/heads/' | 'refs/tags/' };

const branches: RefKind = { noun: 'Branch', prefix: 'refs/heads/' };
const tags: RefKind = { noun: 'Tag', prefix: 'refs/tags/' };

async function listNames(call: RestCall, kind: RefKind): Promise<Answer> {
  const project = findProject(call, call.params[0], 'read');
  const names = (await call.repositories.listTips(project.id, kind.prefix)).map((tip) => tip.name);
  const first = kind === branches ? await call.repositories.defaultBranch(project.id) : undefined;
  return json(first === undefined ? names : [first, ...names.filter((name) => name !== first)]);
}

async function readObjectId(call: RestCall, project: Project, refName: string): Promise<string | undefined> {
  const result = await call.repositories.git(project.id, [
    'rev-parse',
    '--verify',
    '--quiet',
    '--end-of-options',
    refName,
  ]);
  return result.status === 0 ? result.stdout.trim() : undefined;
}

async function getRef(call: RestCall, kind: RefKind): Promise<Answer> {
  const project = findProject(call, call.params[0], 'read');
  const name = call.params[1] ?? '';
  const refName = `${kind.prefix}${name}`;
  const objectId = await readObjectId(call, project, refName);
  if (objectId === undefined) {
    return fail(404, `${kind.noun} not found: ${name}`);
  }
  const [commitHash] = await call.repositories.resolveCommits(project.id, [objectId]);
  if (commitHash === undefined) {
    return fail(404, `Unable to find commit associated with object id: AnyObjectId[${objectId}]`);
  }
  return json({ refName, commitHash });
}

function isProtected(call: RestCall, project: Project, refName: string, change: 'create' | 'delete'): boolean {
  const some = '1'.repeat(40);
  const command = change === 'create' ? { oldId: zeroId, newId: some } : { oldId: some, newId: zeroId };
  const user = userBehind(call.world, call.principal)?.name ?? '';
  return findRefusals(call.world, project, [{ ...command, refName }], user).length > 0;
}

async function createRef(call: RestCall, kind: RefKind): Promise<Answer> {
  const project = findProject(call, call.params[0], 'write');
  const fields: Fields = readFields(call) ?? {};
  const name = readText(fields, `${kind.noun.toLowerCase()}Name`) ?? '';
  const refName = `${kind.prefix}${name}`;
  if (isProtected(call, project, refName, 'create')) {
    return fail(500, `${kind.noun} creation prohibited by ${kind.noun.toLowerCase()} protection rule`);
  }
  const revision = readText(fields, 'revision') ?? '';
  const target = kind === tags ? await makeTagObject(call, project, name, revision, fields) : revision;
  const result = await call.repositories.git(project.id, ['update-ref', refName, target, zeroId]);
  return result.status === 0 ? empty() : fail(500, serverError);
}

/** Over REST, OneDev always makes an annotated tag. */
async function makeTagObject(
  call: RestCall,
  project: Project,
  name: string,
  revision: string,
  fields: Fields,
): Promise<string> {
  const commitId = (await readObjectId(call, project, `${revision}^{commit}`)) ?? fail(500, serverError);
  const tagger = `OneDev <onedev@localhost> ${Math.floor(Date.now() / 1000)} +0000`;
  const message = readText(fields, 'tagMessage') ?? '';
  const object = `object ${commitId}\ntype commit\ntag ${name}\ntagger ${tagger}\n\n${message}\n`;
  const made = await call.repositories.git(project.id, ['hash-object', '-t', 'tag', '-w', '--stdin'], object);
  return made.stdout.trim();
}

async function deleteRef(call: RestCall, kind: RefKind): Promise<Answer> {
  const project = findProject(call, call.params[0], 'write');
  const name = call.params[1] ?? '';
  const refName = `${kind.prefix}${name}`;
  if (isProtected(call, project, refName, 'delete')) {
    return fail(403, 'Not authorized');
  }
  const isDefault = kind === branches && name === (await call.repositories.defaultBranch(project.id));
  if (isDefault) {
    return fail(500, serverError);
  }
  if ((await readObjectId(call, project, refName)) === undefined) {
    return fail(404, `${kind.noun} not found: ${name}`);
  }
  await call.repositories.git(project.id, ['update-ref', '-d', refName]);
  return empty();
}

function refRoutes(kind: RefKind, word: string): readonly Route[] {
  const list = new RegExp(`^repositories/(\\d+)/${word}$`);
  const one = new RegExp(`^repositories/(\\d+)/${word}/(.+)$`);
  return [
    { method: 'GET', pattern: list, handle: (call) => listNames(call, kind) },
    { method: 'POST', pattern: list, handle: (call) => createRef(call, kind) },
    { method: 'GET', pattern: one, handle: (call) => getRef(call, kind) },
    { method: 'DELETE', pattern: one, handle: (call) => deleteRef(call, kind) },
  ];
}

export const repositoryRoutes: readonly Route[] = [
  { method: 'GET', pattern: /^repositories\/(\d+)\/default-branch$/, handle: getDefaultBranch },
  { method: 'POST', pattern: /^repositories\/(\d+)\/default-branch$/, handle: setDefaultBranch },
  ...refRoutes(branches, 'branches'),
  ...refRoutes(tags, 'tags'),
];
