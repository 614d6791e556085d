/** @file Comparisons and restore drills, as the window is shown them. */
import { z } from 'zod';
import { count, githubId, instant, list, text, view } from './primitives.ts';

export const proofResultNames = ['same', 'same-as-proven', 'differs', 'failed'] as const;
export const proofSourceNames = ['run', 'verify', 'drill'] as const;
export const drillResultNames = ['fine', 'differs', 'damaged', 'failed', 'cut'] as const;

export const drillView = view({
  result: z.enum(drillResultNames),
  at: instant,
  durationMs: count,
  refCount: count,
  objects: count,
  bytes: count,
  findings: list(text(600), 50),
  message: text(2_000).nullable(),
});
export type DrillView = z.output<typeof drillView>;

export const proofsView = view({
  /** The last comparison; null: there was none. */
  last: view({
    result: z.enum(proofResultNames),
    source: z.enum(proofSourceNames),
    at: instant,
    refCount: count,
    differences: list(text(600), 50),
    message: text(2_000).nullable(),
  }).nullable(),
  /** When both ends were last found equal. */
  provenAt: instant.nullable(),
  /** The last time that the mirror was found to differ, and when it was equal again. */
  difference: view({ at: instant, differences: list(text(600), 50), repairedAt: instant.nullable() }).nullable(),
  drill: drillView.nullable(),
});
export type ProofsView = z.output<typeof proofsView>;

export const proofOverviewView = view({
  /** Comparing many mirrors: the last time, also when it is over. */
  round: view({
    startedAt: instant,
    endedAt: instant.nullable(),
    total: count,
    state: z.enum(['running', 'waiting', 'stopped', 'over']),
    same: count,
    sameAsProven: count,
    differs: count,
    failed: count,
    /** Found to differ, and equal again. */
    repaired: count,
    /** What it waits for. */
    obstacle: text(2_000).nullable(),
  }).nullable(),
  /** A restore that is being tried. */
  drill: view({ githubId, fullName: text(300), startedAt: instant }).nullable(),
  lastDrill: view({ githubId, fullName: text(300), drill: drillView }).nullable(),
});
export type ProofOverviewView = z.output<typeof proofOverviewView>;
