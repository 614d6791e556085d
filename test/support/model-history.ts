/** @file Histories of a model: all that may happen, picked at random, and told in words. */
import fc from 'fast-check';
import type { ClashStrategy } from '../../src-main/engine/ports/mirror-target.ts';
import { branches, names, type PushKind, pushKinds } from './model-github.ts';
import { type ListFault, listFaults } from './model-github-port.ts';

const owned = [
  'unstar',
  'restar',
  'remove',
  'make-private',
  'close',
  'reveal',
  'block',
  'unblock',
  'empty',
  'omit',
] as const;
const outages = [
  'github-unavailable',
  'github-rate-limited',
  'github-signed-out',
  'target-unavailable',
  'target-starting',
] as const;
const wishes = ['mirror', 'exclude', 'include', 'restore', 'archive', 'bring-back', 'delete'] as const;
const foreignContents = ['nothing', 'its own', 'a copy'] as const;

export type Change =
  | { readonly kind: 'star-new'; readonly name: number }
  | { readonly kind: (typeof owned)[number]; readonly pick: number }
  | { readonly kind: 'rename'; readonly pick: number; readonly name: number }
  | { readonly kind: 'take-over'; readonly pick: number; readonly name: number; readonly starred: boolean }
  | { readonly kind: 'push'; readonly pick: number; readonly how: PushKind; readonly branch: string };

export type Act =
  | Change
  | { readonly kind: (typeof wishes)[number]; readonly pick: number }
  | { readonly kind: 'pause'; readonly minutes: number | null }
  | { readonly kind: 'resume' }
  | { readonly kind: 'look'; readonly full: boolean };

export type Command =
  | Act
  | { readonly kind: 'time'; readonly minutes: number }
  | { readonly kind: 'list-fault'; readonly how: ListFault; readonly skip: number }
  | { readonly kind: 'outage'; readonly code: (typeof outages)[number]; readonly minutes: number }
  | { readonly kind: 'crash'; readonly inCalls: number; readonly isAnswered: boolean }
  | { readonly kind: 'meanwhile'; readonly inCalls: number; readonly acts: readonly Act[] }
  | { readonly kind: 'quit' };

export interface History {
  readonly seed: number;
  readonly starred: number;
  /** A project of somebody else in the target under this name; null: none. */
  readonly foreign: number | null;
  /** What is in it. */
  readonly foreignHas: (typeof foreignContents)[number];
  /** What becomes of a mirror whose place that is. */
  readonly clash: ClashStrategy;
  readonly commands: readonly Command[];
}

const pick = fc.nat(7);
const name = fc.nat(names.length - 1);
const anyPush: fc.Arbitrary<Change> = fc.record({
  kind: fc.constant('push' as const),
  pick,
  how: fc.constantFrom(...pushKinds, 'forward', 'rewrite', 'rewrite'),
  branch: fc.constantFrom(...branches, 'main', 'main', 'main', 'dev', 'dev'),
});
const anyChange: fc.Arbitrary<Change> = fc.oneof(
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('star-new' as const), name }) },
  { weight: 6, arbitrary: fc.record({ kind: fc.constantFrom(...owned), pick }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('rename' as const), pick, name }) },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('take-over' as const), pick, name, starred: fc.boolean() }) },
  { weight: 8, arbitrary: anyPush },
);
const anyWish: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ kind: fc.constantFrom(...wishes), pick }),
  fc.record({ kind: fc.constant('pause' as const), minutes: fc.option(fc.integer({ min: 1, max: 300 })) }),
  fc.record({ kind: fc.constant('resume' as const) }),
  fc.record({ kind: fc.constant('look' as const), full: fc.boolean() }),
);
const calls = fc.nat(70);
/** A name that changes hands, and is seen, while something is done under it. */
const anyHandover: fc.Arbitrary<Command> = fc.tuple(calls, pick, name).map(([inCalls, of, to]) => ({
  kind: 'meanwhile',
  inCalls,
  acts: [
    { kind: 'take-over', pick: of, name: to, starred: true },
    { kind: 'look', full: false },
  ],
}));
const anyAct: fc.Arbitrary<Act> = fc.oneof({ weight: 3, arbitrary: anyChange }, { weight: 1, arbitrary: anyWish });
const anyCommand: fc.Arbitrary<Command> = fc.oneof(
  { weight: 9, arbitrary: anyAct },
  {
    weight: 7,
    arbitrary: fc.record({
      kind: fc.constant('time' as const),
      minutes: fc.constantFrom(0.01, 0.03, 1, 1, 20, 21, 30, 60, 61, 90, 200, 720, 2_000),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('list-fault' as const),
      how: fc.constantFrom(...listFaults),
      skip: fc.nat(3),
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('outage' as const),
      code: fc.constantFrom(...outages),
      minutes: fc.integer({ min: 1, max: 60 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ kind: fc.constant('crash' as const), inCalls: calls, isAnswered: fc.boolean() }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('meanwhile' as const),
      inCalls: calls,
      acts: fc.array(anyAct, { minLength: 1, maxLength: 2 }),
    }),
  },
  { weight: 2, arbitrary: anyHandover },
  { weight: 1, arbitrary: fc.constant({ kind: 'quit' as const }) },
);

/** @param most commands of one history */
export function anyHistory(most: number): fc.Arbitrary<History> {
  return fc.record({
    seed: fc.nat(1_000_000),
    starred: fc.integer({ min: 1, max: 6 }),
    foreignHas: fc.constantFrom(...foreignContents),
    clash: fc.constantFrom('rename', 'use', 'fail'),
    foreign: fc.oneof({ weight: 6, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: name }),
    commands: fc.array(anyCommand, { minLength: 1, maxLength: most, size: 'max' }),
  });
}

/** For a person. */
export function tellHistory({ seed, starred, foreign, foreignHas, clash, commands }: History): string {
  const other =
    foreign === null
      ? ''
      : `, and somebody's own project github/${names[foreign]} is there with ${foreignHas} in it (${clash})`;
  return [`(seed ${seed}) ${starred} repositories are starred${other}`, ...commands.map(tellCommand)].join('\n  ');
}

function tellCommand(command: Command): string {
  switch (command.kind) {
    case 'star-new':
      return `a new repository ${names[command.name]} is starred`;
    case 'rename':
      return `pick ${command.pick} is renamed to ${names[command.name]}`;
    case 'take-over':
      return `pick ${command.pick} is renamed to ${names[command.name]}, and a stranger takes its old name${command.starred ? ', which is starred' : ''}`;
    case 'push':
      return `pick ${command.pick}: ${command.how} ${command.branch}`;
    case 'time':
      return `${command.minutes} minutes pass`;
    case 'list-fault':
      return `a page of the list will be wrong: ${command.how}, after ${command.skip} good ones`;
    case 'outage':
      return `${command.code} for ${command.minutes} minutes`;
    case 'crash':
      return `the process will die ${command.isAnswered ? 'after' : 'before'} call ${command.inCalls} from now`;
    case 'meanwhile':
      return `at call ${command.inCalls} from now: ${command.acts.map(tellCommand).join('; ')}`;
    case 'pause':
      return command.minutes === null ? 'pause' : `pause for ${command.minutes} minutes`;
    case 'look':
      return command.full ? 'look now at everything' : 'look now';
    case 'quit':
    case 'resume':
      return command.kind;
    default:
      return `${command.kind} pick ${command.pick}`;
  }
}
