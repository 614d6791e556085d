/** @file Ref lists: asks a remote or a cache, reads the answer from bytes. Must not know what the refs are wanted for. */
import { EpicstarError } from '../../domain/errors.ts';
import type { RefMap } from '../../domain/plan.ts';
import type { GitCache, GitCall, GitRemote, RefListing } from '../../ports/git.ts';
import type { GitCalls } from './calls.ts';
import { type HttpFetch, listRefsByHttp } from './http-refs.ts';
import { readLocalRefs } from './local-refs.ts';
import { createRefReader } from './ref-reader.ts';
import { remoteAddress } from './remote-address.ts';
import { oneLine } from './text.ts';

/**
 * `advertised` reads the advertisement of protocol v0 (one request, all refs, HEAD). `heads-and-tags` lets protocol v2
 * leave out everything else, HEAD too: git sends no prefix for it in this form, and with it as a pattern no prefix at
 * all, so that the server would list every `refs/pull/…`.
 */
export async function listRemoteRefs(
  calls: GitCalls,
  remote: GitRemote,
  how: 'advertised' | 'heads-and-tags',
  call: GitCall,
  fetch: HttpFetch | null,
): Promise<RefListing> {
  const address = remoteAddress(remote);
  if (fetch !== null && remote.transport === 'http') {
    const listed = await listRefsByHttp(fetch, remote, how, call.signal);
    if (listed !== null) return listed;
  }
  const isAll = how === 'advertised';
  const reader = createRefReader(isAll ? ['refs/'] : ['refs/heads/', 'refs/tags/']);
  await calls.succeed({
    args: isAll
      ? ['-c', 'protocol.version=0', 'ls-remote', '--symref', '--', address]
      : ['-c', 'protocol.version=2', 'ls-remote', '--refs', '--heads', '--tags', '--', address],
    remote,
    call,
    onLine: reader.take,
  });
  return reader.listing();
}

/**
 * Heads and tags of a cache. Names that are not UTF-8 are left out, as in {@link listRemoteRefs}. git passes over a ref
 * that a power cut emptied with a warning; here it is `git-corrupt`, since a branch that is missing would be deleted.
 */
export async function listLocalRefs(calls: GitCalls, cache: GitCache, call: GitCall): Promise<RefMap> {
  const read = await readLocalRefs(cache.dir);
  if (read !== null) return read;
  const reader = createRefReader(['refs/heads/', 'refs/tags/']);
  const { stderr } = await calls.succeed({
    args: ['for-each-ref', '--format=%(objectname)%09%(refname)', 'refs/heads', 'refs/tags'],
    cache,
    call,
    onLine: reader.take,
  });
  if (/ignoring (?:broken|dangling)/.test(stderr)) throw new EpicstarError('git-corrupt', oneLine(stderr));
  return reader.listing().refs;
}
