/** @file Whole copies of a remote: made, bundled, and refs that only a remote has. Must not know what they are for. */
import { readFile, writeFile } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { EpicstarError } from '../../domain/errors.ts';
import type { Git, GitCache, GitCall, GitRemote } from '../../ports/git.ts';
import type { GitCopies } from '../../ports/git-copies.ts';
import { writeSkeleton } from './cache.ts';
import type { GitCalls } from './calls.ts';
import { classifyFsError } from './classify.ts';
import { remoteAddress } from './remote-address.ts';
import { withScratch } from './scratch-repository.ts';

export interface CopiesParts {
  readonly calls: GitCalls;
  readonly homeDir: string;
  readonly push: Git['push'];
}

const keptRefspec = '+refs/epicstar/kept/*:refs/epicstar/kept/*';

type Copies = Pick<GitCopies, 'withCopy' | 'writeBundle' | 'deleteRefs'>;

export function createCopies({ calls, homeDir, push }: CopiesParts): Copies {
  /** A clone writes all refs into one file, so names that differ in case alone do not meet on any disk. */
  const clone = async (remote: GitRemote, dir: string, call: GitCall): Promise<void> => {
    await calls.succeed({
      args: ['clone', '--bare', '--no-local', '--template=', '--progress', '--', remoteAddress(remote), dir],
      remote,
      call,
    });
    try {
      const head = await readFile(join(dir, 'HEAD'));
      await writeSkeleton(dir);
      await writeFile(join(dir, 'HEAD'), head);
    } catch (error) {
      throw classifyFsError(error);
    }
  };

  return {
    withCopy: (remote, { withKept }, call, work) =>
      withScratch(calls, homeDir, async (scratch) => {
        const copy: GitCache = { dir: join(scratch.dir, 'copy.git') };
        await clone(remote, copy.dir, call);
        if (withKept) {
          const options = ['--no-tags', '--no-write-fetch-head', '--no-auto-maintenance', '--progress'];
          await calls.succeed({
            args: ['fetch', ...options, '--', remoteAddress(remote), keptRefspec],
            cache: copy,
            remote,
            call,
          });
        }
        return await work(copy);
      }),
    writeBundle: async (copy, file, call) => {
      if (!isAbsolute(file)) throw new EpicstarError('git-failed', 'The path of the bundle is not absolute.');
      await calls.succeed({ args: ['bundle', 'create', '--progress', file, '--all'], cache: copy, call });
    },
    deleteRefs: (remote, refs, call) =>
      withScratch(calls, homeDir, (scratch) =>
        push(
          scratch,
          remote,
          refs.map(({ ref, oid }) => ({ ref, oid: null, expect: oid })),
          call,
        ),
      ),
  };
}
