/** @file What tests ask of a place for mirrors, and how they read its refusals. */
import { EpicstarError } from '../../src-main/engine/domain/errors.ts';
import type { ProjectWanted } from '../../src-main/engine/ports/mirror-target.ts';

export function wanted(githubId: number, fullName: string, description: string | null = null): ProjectWanted {
  return { githubId, fullName, description, htmlUrl: `https://github.com/${fullName}` };
}

/** Code of the EpicstarError that this rejects with; `none` if it resolves. */
export async function codeOf(promise: Promise<unknown>): Promise<string> {
  try {
    await promise;
    return 'none';
  } catch (error) {
    if (error instanceof EpicstarError) return error.code;
    throw error;
  }
}
