/** @file A push tried for real: one commit without files, out of a repository that is removed again. */
import { EpicstarError } from '../../domain/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Git, GitCache, GitCall, GitRemote } from '../../ports/git.ts';
import type { GitCalls } from './calls.ts';
import { pushNew, withScratch } from './scratch-repository.ts';

export interface TrialParts {
  readonly calls: GitCalls;
  readonly clock: Clock;
  /** Folder for the repository; belongs to this adapter. */
  readonly homeDir: string;
  readonly push: Git['push'];
  readonly listRefs: Git['listRefs'];
}

const trialRef = 'refs/heads/epicstar-check';

export async function tryPush(parts: TrialParts, remote: GitRemote, call: GitCall): Promise<void> {
  const { calls, homeDir, push, listRefs } = parts;
  await withScratch(calls, homeDir, async (scratch) => {
    const oid = await writeCommit(parts, scratch, call);
    await pushNew(push, scratch, remote, { ref: trialRef, oid, words: 'The server refused the commit' }, call);
    const { refs } = await listRefs(remote, 'advertised', call);
    if (refs.get(trialRef) === oid) return;
    throw new EpicstarError('git-failed', 'The server took the commit, but does not list it afterwards.');
  });
}

/** Different at each second, so that a server that kept an earlier one is not taken for having got this one. */
async function writeCommit({ calls, clock }: TrialParts, cache: GitCache, call: GitCall): Promise<string> {
  const write = async (type: 'tree' | 'commit', input: string): Promise<string> => {
    let oid = '';
    await calls.succeed({
      args: ['hash-object', '-t', type, '-w', '--stdin'],
      cache,
      call,
      input,
      onLine: (line) => {
        oid = line.toString('utf8').trim();
      },
    });
    return oid;
  };
  const tree = await write('tree', '');
  const who = `epicstar <epicstar@localhost> ${Math.trunc(clock.now() / 1_000)} +0000`;
  return await write('commit', `tree ${tree}\nauthor ${who}\ncommitter ${who}\n\nTried by epicstar, to be removed\n`);
}
