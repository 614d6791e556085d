/** @file Which webhook events follow from what happened in the world. Pure functions. */
import { toIsoSeconds } from './clock.ts';
import { type Addresses, simpleUserJson } from './user-json.ts';
import { NO_COMMIT, type RefChange } from './webhook-refs.ts';
import type { HookEvent, JsonObject } from './webhook-types.ts';
import { fullNameOf, type Repository, userIdOf } from './world-types.ts';

function repositoryEvent(action: string, repository: Pick<Repository, 'owner'>, fields: JsonObject = {}): HookEvent {
  return { name: 'repository', action, senderLogin: repository.owner, fields };
}

/** Both are told of one click: `watch` is the older name of starring, and knows no end. */
export function starEvents(login: string, starredAtMs: number | null): readonly HookEvent[] {
  const action = starredAtMs === null ? 'deleted' : 'created';
  const starredAt = starredAtMs === null ? null : toIsoSeconds(starredAtMs);
  const star: HookEvent = { name: 'star', action, senderLogin: login, fields: { starred_at: starredAt } };
  return starredAtMs === null ? [star] : [star, { name: 'watch', action: 'started', senderLogin: login, fields: {} }];
}

function editedFields(repository: Repository, before: Readonly<Repository>): JsonObject {
  const changes: Record<string, unknown> = {};
  if (repository.defaultBranch !== before.defaultBranch) changes['default_branch'] = { from: before.defaultBranch };
  if (repository.description !== before.description) changes['description'] = { from: before.description };
  if (repository.homepage !== before.homepage) changes['homepage'] = { from: before.homepage };
  if (repository.topics.join() !== before.topics.join()) changes['topics'] = { from: before.topics };
  return changes;
}

export function changeEvents(
  repository: Repository,
  before: Readonly<Repository>,
  at: Addresses,
): readonly HookEvent[] {
  const events: HookEvent[] = [];
  if (repository.owner !== before.owner) {
    const user = simpleUserJson(before.owner, userIdOf(before.owner), at);
    events.push(repositoryEvent('transferred', before, { changes: { owner: { from: { user } } } }));
  }
  if (repository.name !== before.name) {
    events.push(repositoryEvent('renamed', repository, { changes: { repository: { name: { from: before.name } } } }));
  }
  if (repository.private !== before.private) {
    events.push(repositoryEvent(repository.private ? 'privatized' : 'publicized', repository));
    if (!repository.private) events.push({ name: 'public', action: null, senderLogin: repository.owner, fields: {} });
  }
  if (repository.archived !== before.archived) {
    events.push(repositoryEvent(repository.archived ? 'archived' : 'unarchived', repository));
  }
  const changes = editedFields(repository, before);
  if (Object.keys(changes).length > 0) events.push(repositoryEvent('edited', repository, { changes }));
  return events;
}

function commitJson(repository: Repository, id: string, at: Addresses): JsonObject {
  const login = repository.owner;
  const person = { name: login, email: `${userIdOf(login)}+${login}@users.noreply.github.com`, username: login };
  return {
    id,
    tree_id: id.replaceAll(/./g, (digit) => (15 - Number.parseInt(digit, 16)).toString(16)),
    distinct: true,
    message: 'Turn the crank once more',
    timestamp: toIsoSeconds(repository.pushedAtMs ?? repository.createdAtMs),
    url: `${at.webBase}/${fullNameOf(repository)}/commit/${id}`,
    author: person,
    committer: person,
    added: [],
    removed: [],
    modified: ['README.md'],
  };
}

/** One push per ref, and before it `create` or `delete` where the ref came or went. */
export function pushEvents(repository: Repository, change: RefChange, at: Addresses): readonly HookEvent[] {
  const { ref, before, after, forced } = change;
  const [created, deleted] = [before === NO_COMMIT, after === NO_COMMIT];
  const isTag = ref.startsWith('refs/tags/');
  const short = ref.replace(/^refs\/(?:heads|tags)\//, '');
  const web = `${at.webBase}/${fullNameOf(repository)}`;
  const commit = deleted ? null : commitJson(repository, after, at);
  const sender = { action: null, senderLogin: repository.owner };
  const named = { ref: short, ref_type: isTag ? 'tag' : 'branch' };
  const push: HookEvent = {
    name: 'push',
    ...sender,
    fields: {
      ref,
      before,
      after,
      created,
      deleted,
      forced,
      compare:
        created || deleted
          ? `${web}/compare/${short}`
          : `${web}/compare/${before.slice(0, 12)}...${after.slice(0, 12)}`,
      commits: commit === null || isTag ? [] : [commit],
      head_commit: commit,
    },
  };
  if (deleted) return [{ name: 'delete', ...sender, fields: named }, push];
  if (!created) return [push];
  const { description, defaultBranch } = repository;
  return [{ name: 'create', ...sender, fields: { ...named, master_branch: defaultBranch, description } }, push];
}
