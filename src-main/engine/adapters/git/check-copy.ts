/** @file Whether a copy is whole, and what it is made of. Must not know what it is a copy of. */
import { createHash } from 'node:crypto';
import type { RefMap } from '../../domain/plan.ts';
import type { GitCache, GitCall } from '../../ports/git.ts';
import type { CopyCheck } from '../../ports/git-drills.ts';
import type { GitCalls } from './calls.ts';
import { classifyFailure } from './classify.ts';
import { oneLine } from './text.ts';

const mostProblems = 50;
/** What `git fsck` ends with is made of these: errors, missing objects, broken refs. Others are failures of its own. */
const findingBits = 0b11111;

/** What is of no harm in a repository of strangers, such as a tag without a tagger. */
const harmless = /^(?:notice: |dangling |unreachable |warning )/;

/**
 * Objects were hashed and checked while they arrived, so walking the connections is all that is left to do: 2.4 s for
 * 132 000 objects that took 5.7 s to arrive, where reading all of them anew would take 5.2 s.
 */
export async function checkCopy(calls: GitCalls, copy: GitCache, call: GitCall): Promise<CopyCheck> {
  const problems: string[] = [];
  const note = (line: string): void => {
    const words = oneLine(line);
    if (words !== '' && !harmless.test(words) && problems.length < mostProblems) problems.push(words);
  };
  const { exitCode, stderr } = await calls.run({
    args: ['fsck', '--connectivity-only', '--no-dangling', '--no-progress'],
    cache: copy,
    call,
    onLine: (line) => note(line.toString('utf8')),
  });
  const isFinding = exitCode !== null && exitCode > 0 && (exitCode & ~findingBits) === 0;
  if (exitCode !== 0 && !isFinding) throw classifyFailure(stderr, exitCode);
  if (isFinding && problems.length === 0) stderr.split('\n').forEach(note);
  if (isFinding && problems.length === 0) problems.push(`git fsck ended with ${exitCode}`);
  return { ...(await measureCopy(calls, copy, call)), problems };
}

async function measureCopy(
  calls: GitCalls,
  copy: GitCache,
  call: GitCall,
): Promise<Pick<CopyCheck, 'objects' | 'bytes'>> {
  const told = new Map<string, number>();
  await calls.succeed({
    args: ['count-objects', '-v'],
    cache: copy,
    call,
    onLine: (line) => {
      const [, name = '', number = ''] = /^([a-z-]+): (\d+)$/.exec(line.toString('latin1')) ?? [];
      if (name !== '') told.set(name, Number(number));
    },
  });
  const of = (name: string): number => told.get(name) ?? 0;
  return { objects: of('count') + of('in-pack'), bytes: (of('size') + of('size-pack')) * 1024 };
}

export function digestOf(refs: RefMap): string {
  const lines = [...refs].map(([ref, oid]) => `${ref} ${oid}\n`).toSorted();
  return createHash('sha256').update(lines.join('')).digest('hex');
}
