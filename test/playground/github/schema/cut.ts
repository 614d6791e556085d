/**
 * @file Cuts from GitHub's published description of its REST interface what the stand-in's answers are checked against.
 * Usage: `node cut.ts <folder>/@octokit/openapi/generated/api.github.com.json > github-openapi-slice.json`, then format.
 * The package is far too large to depend on; its licence is MIT.
 */
import { readFileSync } from 'node:fs';
import process from 'node:process';

type Json = string | number | boolean | null | readonly Json[] | JsonObject;
interface JsonObject {
  readonly [key: string]: Json;
}

/** Operations whose answers are kept. */
const OPERATIONS: ReadonlyArray<readonly [method: string, path: string]> = [
  ['get', '/user'],
  ['get', '/user/starred'],
  ['get', '/user/starred/{owner}/{repo}'],
  ['put', '/user/starred/{owner}/{repo}'],
  ['delete', '/user/starred/{owner}/{repo}'],
  ['get', '/repos/{owner}/{repo}'],
  ['get', '/repos/{owner}/{repo}/hooks'],
  ['post', '/repos/{owner}/{repo}/hooks'],
  ['get', '/repos/{owner}/{repo}/hooks/{hook_id}'],
  ['patch', '/repos/{owner}/{repo}/hooks/{hook_id}'],
  ['delete', '/repos/{owner}/{repo}/hooks/{hook_id}'],
  ['post', '/repos/{owner}/{repo}/hooks/{hook_id}/pings'],
  ['post', '/repos/{owner}/{repo}/hooks/{hook_id}/tests'],
  ['get', '/repos/{owner}/{repo}/hooks/{hook_id}/deliveries'],
  ['get', '/repos/{owner}/{repo}/hooks/{hook_id}/deliveries/{delivery_id}'],
  ['post', '/repos/{owner}/{repo}/hooks/{hook_id}/deliveries/{delivery_id}/attempts'],
  ['get', '/rate_limit'],
  ['get', '/meta'],
];

/** Parts that say nothing about validity. */
const DROPPED = new Set(['description', 'example', 'examples', 'title', 'externalDocs', 'deprecated']);

function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function at(value: Json | undefined, ...keys: readonly string[]): Json | undefined {
  return keys.reduce<Json | undefined>((inner, key) => (isObject(inner) ? inner[key] : undefined), value);
}

function entriesOf(value: Json | undefined): ReadonlyArray<readonly [string, Json]> {
  return isObject(value) ? Object.entries(value) : [];
}

/** A validator understands `nullable` only beside a `type`. The names of properties are never dropped. */
function lean(value: Json, isPropertyMap = false): Json {
  if (Array.isArray(value)) return value.map((item: Json) => lean(item));
  if (!isObject(value)) return value;
  const kept = Object.entries(value).filter(([key]) => {
    if (isPropertyMap) return true;
    if (key === 'nullable' && value['type'] === undefined) return false;
    return !DROPPED.has(key) && !key.startsWith('x-github');
  });
  return Object.fromEntries(kept.map(([key, inner]) => [key, lean(inner, !isPropertyMap && key === 'properties')]));
}

function follow(description: Json, node: Json): Json | undefined {
  const reference = at(node, '$ref');
  return typeof reference === 'string' ? at(description, ...reference.slice(2).split('/')) : node;
}

function referencedSchemas(value: Json): string[] {
  const found = JSON.stringify(value).matchAll(/"#\/components\/schemas\/([^"]+)"/g);
  return [...found].map((match) => match[1] ?? '');
}

/** `GET /user 200 application/json` -> schema, or null for an answer without a body. */
function cutAnswers(description: Json): Record<string, Json> {
  const answers: Record<string, Json> = {};
  for (const [method, path] of OPERATIONS) {
    for (const [status, node] of entriesOf(at(description, 'paths', path, method, 'responses'))) {
      const content = entriesOf(at(follow(description, node), 'content'));
      const key = `${method.toUpperCase()} ${path} ${status}`;
      if (content.length === 0) answers[key] = null;
      for (const [type, body] of content) answers[`${key} ${type}`] = lean(at(body, 'schema') ?? {});
    }
  }
  // GitHub answers by id as it does by name, but does not describe it.
  const named = Object.entries(answers).filter(([key]) => key.startsWith('GET /repos/{owner}/{repo} '));
  for (const [key, schema] of named) answers[key.replace('/repos/{owner}/{repo}', '/repositories/{id}')] = schema;
  return answers;
}

function closure(description: Json, start: Json): Record<string, Json> {
  const schemas = new Map<string, Json>();
  const waiting = referencedSchemas(start);
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    if (schemas.has(name)) continue;
    const schema = lean(at(description, 'components', 'schemas', name) ?? {});
    schemas.set(name, schema);
    waiting.push(...referencedSchemas(schema));
  }
  return Object.fromEntries([...schemas].sort(([a], [b]) => (a < b ? -1 : 1)));
}

const path = process.argv[2];
if (path === undefined) {
  process.stderr.write('usage: cut.ts <api.github.com.json>\n');
  process.exitCode = 2;
} else {
  const description = JSON.parse(readFileSync(path, 'utf8')) as Json;
  const answers = cutAnswers(description);
  const source = { package: '@octokit/openapi', version: at(description, 'info', 'version'), license: 'MIT' };
  const slice = { source, answers, components: { schemas: closure(description, answers) } };
  process.stdout.write(`${JSON.stringify(slice, null, 1)}\n`);
}
