/** @file A scenario: the state some recordings suppose, and the order in which their exchanges are played. */
import type { Player } from './player.ts';
import type { Recorded } from './recording.ts';

export type Step =
  | {
      readonly kind: 'play';
      readonly file: string;
      readonly from: number;
      /** The last one; without it, to the end of the file. */
      readonly to: number | undefined;
      /** What the recording leaves to be filled in. */
      readonly change: ((recorded: Recorded, player: Player) => Recorded) | undefined;
    }
  /** Plays and compares a single exchange in a way of its own. */
  | {
      readonly kind: 'own';
      readonly file: string;
      readonly index: number;
      readonly check: (player: Player, recorded: Recorded) => Promise<void>;
    }
  | { readonly kind: 'do'; readonly action: (player: Player) => Promise<void> };

export interface Scenario {
  readonly name: string;
  /** How many tokens the server had at that time. */
  readonly tokens: number;
  readonly steps: readonly Step[];
}

export function play(
  file: string,
  from = 0,
  to?: number,
  change?: (recorded: Recorded, player: Player) => Recorded,
): Step {
  return { kind: 'play', file, from, to, change };
}

export function own(file: string, index: number, check: (player: Player, recorded: Recorded) => Promise<void>): Step {
  return { kind: 'own', file, index, check };
}

export function act(action: (player: Player) => Promise<void>): Step {
  return { kind: 'do', action };
}

/** Projects with the ids they had, with no further setting; later ones count as more recently used. */
export function seed(projects: Readonly<Record<string, number>>): Step {
  return act(async (player) => {
    for (const [path, id] of Object.entries(projects)) {
      await player.onedev.ensureProject(path, id);
    }
  });
}

/** The next project made over REST gets this id. */
export function nextProjectId(id: number): Step {
  return act(async (player) => {
    player.onedev.world.nextProjectId = id;
  });
}

/** Exchanges that are kept as documents but cannot be played, each with its reason. */
export const notReplayed: readonly { readonly file: string; readonly index: number; readonly reason: string }[] = [
  { file: '03b-project-create-limits', index: 24, reason: 'the recording client itself refused to send this path' },
  {
    file: '06e-git-many-refs',
    index: 5,
    reason: 'costs git itself 20 s of processor time; onedev-stand-in.test.ts has the limit on the rules alone',
  },
  { file: '14-stalled-upload', index: 0, reason: 'durations; onedev-stand-in.test.ts has it in shortened time' },
  { file: '14-stalled-upload', index: 1, reason: 'durations; onedev-stand-in.test.ts has it in shortened time' },
];
