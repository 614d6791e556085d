/** @file Commands over HTTP for a demo that runs in another process; only where the server was started with `control`. */
import { type Answer, errorAnswer, jsonAnswer } from './answer.ts';
import type { DeviceFlow } from './device-flow.ts';
import type { Fault, Faults } from './faults.ts';
import type { RequestLog } from './request-log.ts';
import type { World } from './world.ts';
import { fullNameOf, type RepositorySpec } from './world-types.ts';

export interface Controlled {
  readonly world: World;
  readonly faults: Faults;
  readonly deviceFlow: DeviceFlow;
  readonly log: RequestLog;
}

type Command = Readonly<Record<string, unknown>>;

function text(command: Command, key: string): string {
  const value = command[key];
  if (typeof value !== 'string') throw new Error(`${key} must be a string`);
  return value;
}

function idOf(world: World, command: Command): number {
  const found = world.findByName(text(command, 'fullName'));
  if (found.kind === 'missing') throw new Error('no such repository');
  return found.repository.id;
}

function stateOf({ world, deviceFlow, log }: Controlled): unknown {
  return {
    viewer: world.viewer.login,
    repositories: world.repositories().map((repository) => ({
      id: repository.id,
      fullName: fullNameOf(repository),
      starred: world.isStarred(repository.id),
      private: repository.private,
      blocked: repository.blocked,
    })),
    pendingSignIns: deviceFlow.pending().map(({ userCode, scopes }) => ({ userCode, scopes })),
    requests: log.entries.length,
  };
}

/** The world's methods by name, and what each is told. */
const COMMANDS: Readonly<Record<string, (controlled: Controlled, command: Command) => unknown>> = {
  star: ({ world }, command) => world.star(idOf(world, command)),
  unstar: ({ world }, command) => world.unstar(idOf(world, command)),
  rename: ({ world }, command) => world.rename(idOf(world, command), text(command, 'newFullName')),
  remove: ({ world }, command) => world.remove(idOf(world, command)),
  hide: ({ world }, command) => world.hide(idOf(world, command)),
  reveal: ({ world }, command) => world.reveal(idOf(world, command)),
  block: ({ world }, command) => world.block(idOf(world, command), text(command, 'reason') === 'dmca' ? 'dmca' : 'tos'),
  unblock: ({ world }, command) => world.unblock(idOf(world, command)),
  touch: ({ world }, command) => world.touch(idOf(world, command)),
  pushed: ({ world }, command) => world.pushed(idOf(world, command)),
  add: ({ world }, command) => {
    text(command, 'fullName');
    return { id: world.addRepository(command as unknown as RepositorySpec) };
  },
  'make-list': ({ world }, command) => world.lists.make(text(command, 'name')),
  'put-on-list': ({ world }, command) => world.lists.put(text(command, 'name'), idOf(world, command)),
  'take-off-list': ({ world }, command) => world.lists.takeOff(text(command, 'name'), idOf(world, command)),
  approve: ({ deviceFlow }, command) => ({ done: deviceFlow.approve(text(command, 'userCode')) }),
  deny: ({ deviceFlow }, command) => ({ done: deviceFlow.deny(text(command, 'userCode')) }),
  fault: ({ faults }, command) => {
    text(command, 'kind');
    faults.add(command as unknown as Fault);
  },
  'clear-faults': ({ faults }) => faults.clear(),
};

/**
 * `GET /_playground/state`, `POST /_playground/<command>` with a JSON object. JSON is demanded by content type, which a
 * foreign web page cannot send here without being asked first.
 */
export function controlAnswer(
  controlled: Controlled,
  method: string,
  path: string,
  contentType: string,
  body: string,
): Answer {
  const name = path.slice('/_playground/'.length);
  if (method === 'GET' && name === 'state') return jsonAnswer(200, stateOf(controlled));
  const run = method === 'POST' && Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (run === undefined) return errorAnswer(404, 'Not Found');
  if (!contentType.startsWith('application/json')) return errorAnswer(415, 'Send application/json');
  try {
    const command: unknown = JSON.parse(body);
    if (typeof command !== 'object' || command === null) throw new Error('send a JSON object');
    return jsonAnswer(200, run(controlled, command as Command) ?? {});
  } catch (error) {
    return errorAnswer(400, error instanceof Error ? error.message : String(error));
  }
}
