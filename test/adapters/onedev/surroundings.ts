/** @file What a OneDev target is given in tests, and how their outcomes are read. */
import { expect } from 'vitest';
import { EpicstarError } from '../../../src-main/engine/domain/errors.ts';
import {
  createOnedevTarget,
  type OnedevTargetOptions,
} from '../../../src-main/engine/adapters/onedev/onedev-target.ts';
import type { MirrorTarget, ProjectWanted } from '../../../src-main/engine/ports/mirror-target.ts';
import { realClock, secretsWith, silentLog } from '../../conformance/mirror-target-places.ts';
import { pushTrial } from '../../support/push-trial.ts';

export const token = 'T0kenT0kenT0kenT0kenT0kenT0kenT0kenT0ken';
export const never = new AbortController().signal;

export function targetAt(url: string, options: Partial<OnedevTargetOptions> = {}): MirrorTarget {
  return createOnedevTarget({
    url,
    secrets: secretsWith(token),
    clock: realClock,
    log: silentLog,
    startupPatienceMs: 150,
    startupPollMs: 10,
    tryPush: pushTrial,
    ...options,
  });
}

export function wanted(githubId: number, fullName: string, description: string | null = null): ProjectWanted {
  return { githubId, fullName, description, htmlUrl: `https://github.com/${fullName}` };
}

export async function errorOf(promise: Promise<unknown>): Promise<EpicstarError> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof EpicstarError) return error;
    throw error;
  }
  throw new Error('it did not reject');
}

/** Matches a text that contains this one. */
export function containing(text: string): unknown {
  return expect.stringContaining(text);
}
