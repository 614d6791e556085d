/** @file Exit codes of all commands. */
import type { EpicstarError } from '../engine/core/engine-api.ts';

export const exitCodes = { well: 0, someFailed: 1, usage: 2, signedOut: 3, interrupted: 130 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

const usageCodes: ReadonlySet<string> = new Set([
  'config-invalid',
  'insecure-address',
  'data-dir-locked',
  'database-newer',
  'database-damaged',
  'git-missing',
]);

export function exitCodeOf(error: EpicstarError): ExitCode {
  if (error.kind === 'signed-out') return exitCodes.signedOut;
  if (error.kind === 'cancelled') return exitCodes.interrupted;
  return usageCodes.has(error.code) ? exitCodes.usage : exitCodes.someFailed;
}
