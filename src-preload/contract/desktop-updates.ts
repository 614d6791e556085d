/** @file What the window is shown of updates of the desktop program. */
import { z } from 'zod';
import { count, instant, text, view } from './primitives.ts';

export const updateChannels = ['stable', 'beta', 'off'] as const;
export type UpdateChannel = (typeof updateChannels)[number];

const version = text(100);
/** Plain text, whatever it was written in. */
const notes = text(20_000);
/** Null: it came without any. */
const release = { version, notes: notes.nullable() };
/** One sentence. */
const sentence = text(2_000);

export const updateStateView = z.discriminatedUnion('kind', [
  /** This program cannot update itself. */
  view({ kind: z.literal('unsupported'), why: sentence, nextStep: sentence }),
  /** The person wants none. */
  view({ kind: z.literal('off') }),
  /** Nothing is known of newer versions yet. */
  view({ kind: z.literal('idle') }),
  view({ kind: z.literal('looking') }),
  /** Nothing newer; `newest` is what the channel has. */
  view({ kind: z.literal('current'), newest: version }),
  /** Nothing of it was downloaded. */
  view({ kind: z.literal('available'), ...release, sizeBytes: count.nullable() }),
  view({ kind: z.literal('downloading'), ...release, percent: z.int().min(0).max(100) }),
  /** It is installed when the program ends, by whatever way. */
  view({ kind: z.literal('ready'), ...release }),
  /** `version`: what could not be downloaded or installed; null where looking failed. */
  view({
    kind: z.literal('failed'),
    doing: z.enum(['look', 'download', 'install']),
    version: version.nullable(),
    reason: sentence,
    nextStep: sentence,
  }),
]);
export type UpdateStateView = z.output<typeof updateStateView>;

export const desktopUpdatesView = view({
  channel: z.enum(updateChannels),
  /** When it was known last whether there is a newer version; null: not since the program started. */
  lastLookedAt: instant.nullable(),
  state: updateStateView,
  /** What is new in the version that runs; null: the package brought no notes. */
  whatIsNew: view({
    version,
    notes,
    /** Nobody has been shown it since the update. */ isUnread: z.boolean(),
  }).nullable(),
});
export type DesktopUpdatesView = z.output<typeof desktopUpdatesView>;
