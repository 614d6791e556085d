/** @file The phases of a OneDev restart as measured, with durations that tests can shorten. */

/**
 * - `ready`: all answers are true
 * - `stopping`: /readyz is 503, everything else still answers
 * - `refused`: connections are refused
 * - `missing`: everything is 404 in the words of the bare HTTP server; /healthz 200, /readyz 503
 * - `not-ready`: git is 503 `Server not ready`, LFS 500, REST slow
 */
export type Phase = 'ready' | 'stopping' | 'refused' | 'missing' | 'not-ready';

export interface PhaseStep {
  readonly phase: Exclude<Phase, 'ready'>;
  readonly durationMs: number;
}

/** What was measured, a hundred times faster. */
export const defaultRestart: readonly PhaseStep[] = [
  { phase: 'stopping', durationMs: 70 },
  { phase: 'refused', durationMs: 85 },
  { phase: 'missing', durationMs: 100 },
  { phase: 'refused', durationMs: 35 },
  { phase: 'not-ready', durationMs: 10 },
];
