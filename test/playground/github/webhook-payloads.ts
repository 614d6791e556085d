/** @file Fills the published examples with the stand-in's own repository, sender and addresses. Pure functions. */
import { repositoryJson } from './repository-json.ts';
import { type Addresses, simpleUserJson } from './user-json.ts';
import { exampleOf, FOREIGN_FIELDS } from './webhook-examples.ts';
import type { HookEvent, JsonObject } from './webhook-types.ts';
import { fullNameOf, type Repository, userIdOf } from './world-types.ts';

function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The keys of the example with our values, where there are any. */
function overlaid(example: unknown, ours: JsonObject): JsonObject {
  if (!isObject(example)) return ours;
  return Object.fromEntries(Object.entries(example).map(([key, value]) => [key, key in ours ? ours[key] : value]));
}

function userJson(login: string, at: Addresses): JsonObject {
  const id = userIdOf(login);
  const email = `${id}+${login}@users.noreply.github.com`;
  return { ...simpleUserJson(login, id, at), name: login, email, username: login };
}

/** A push shows times in seconds and the web address, as it did before the REST interface had its present form. */
function repositoryOf(event: HookEvent, example: unknown, repository: Repository, at: Addresses): JsonObject {
  const json = repositoryJson(repository, at, null);
  const owner = overlaid(isObject(example) ? example['owner'] : null, userJson(repository.owner, at));
  const seconds = (timeMs: number | null): number | null => (timeMs === null ? null : Math.floor(timeMs / 1000));
  const older =
    event.name === 'push'
      ? {
          url: json['html_url'],
          created_at: seconds(repository.createdAtMs),
          pushed_at: seconds(repository.pushedAtMs),
          stargazers: repository.stargazers,
          master_branch: repository.defaultBranch,
        }
      : {};
  return overlaid(example, { ...json, owner, ...older });
}

/** Addresses and people in the rest of an example become ours. */
function retold(value: unknown, repository: Repository, login: string, at: Addresses): unknown {
  if (typeof value === 'string') {
    const fullName = fullNameOf(repository);
    return value
      .replace(/^https:\/\/(?:api|uploads)\.github\.com\/repos\/[^/]+\/[^/]+/, `${at.apiBase}/repos/${fullName}`)
      .replace(/^https:\/\/github\.com\/[^/]+\/[^/]+/, `${at.webBase}/${fullName}`);
  }
  if (Array.isArray(value)) return value.map((item) => retold(item, repository, login, at));
  if (!isObject(value)) return value;
  if ('login' in value || 'email' in value) return overlaid(value, userJson(login, at));
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, retold(inner, repository, login, at)]));
}

/** Whether an example tells of the same kind of thing; GitHub publishes none of archiving, which has the same form. */
function fits(event: HookEvent): (example: JsonObject) => boolean {
  const { action, fields } = event;
  if (event.name === 'push') {
    const kind = String(fields['ref']).startsWith('refs/tags/') ? 'refs/tags/' : 'refs/heads/';
    return (example) => String(example['ref']).startsWith(kind);
  }
  if (action === null) return () => true;
  const published = action === 'archived' || action === 'unarchived' ? 'publicized' : action;
  return (example) => example['action'] === published;
}

/** The payload as it is delivered to a hook of the repository. @throws when GitHub publishes no such example */
export function payloadOf(event: HookEvent, repository: Repository, at: Addresses): JsonObject {
  const example = exampleOf(event.name, fits(event));
  const filled = Object.entries(example)
    .filter(([key]) => !FOREIGN_FIELDS.includes(key))
    .map(([key, value]): readonly [string, unknown] => {
      if (key === 'repository') return [key, repositoryOf(event, value, repository, at)];
      if (key === 'sender') return [key, overlaid(value, userJson(event.senderLogin, at))];
      return [key, retold(value, repository, event.senderLogin, at)];
    });
  return {
    ...Object.fromEntries(filled),
    ...(event.action === null ? {} : { action: event.action }),
    ...event.fields,
  };
}
