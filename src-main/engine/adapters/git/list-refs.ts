/** @file Ref lists: asks a remote or a cache, reads the answer from bytes. Must not know what the refs are wanted for. */
import { EpicstarError } from '../../domain/errors.ts';
import type { RefMap } from '../../domain/plan.ts';
import type { GitCache, GitCall, GitRemote, RefListing } from '../../ports/git.ts';
import type { GitCalls } from './calls.ts';
import { remoteAddress } from './remote-address.ts';
import { oneLine } from './text.ts';

const TAB = 0x09;
const objectId = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

interface RefReader {
  readonly take: (line: Buffer) => void;
  readonly listing: () => RefListing;
}

function decode(bytes: Buffer): string | null {
  try {
    return utf8.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

/** `refs/heads/caf\xe9`: printable ASCII as it is, all else as bytes. */
function escapeBytes(bytes: Buffer): string {
  return Array.from(bytes, (byte) =>
    byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`,
  ).join('');
}

/**
 * Reads lines of `ls-remote --symref` (`<oid>\t<name>`, `ref: <target>\t<name>`).
 *
 * @param prefixes names that are kept; others are dropped, as are peeled tags (`^{}`) and HEAD
 */
export function createRefReader(prefixes: readonly string[]): RefReader {
  const refs = new Map<string, string>();
  const unreadable: string[] = [];
  let headTarget: string | null = null;
  const isKept = (name: string): boolean => prefixes.some((prefix) => name.startsWith(prefix));

  return {
    take: (line) => {
      const tab = line.indexOf(TAB);
      if (tab < 0) return;
      const value = line.toString('latin1', 0, tab);
      const nameBytes = line.subarray(tab + 1);
      const name = decode(nameBytes);
      if (value.startsWith('ref: ')) {
        if (name === 'HEAD') headTarget = decode(line.subarray('ref: '.length, tab));
        return;
      }
      if (!objectId.test(value)) return;
      if (name === null) {
        if (isKept(nameBytes.toString('latin1'))) unreadable.push(escapeBytes(nameBytes));
      } else if (isKept(name) && !name.endsWith('^{}')) refs.set(name, value);
    },
    listing: () => ({
      refs,
      head: headTarget !== null && refs.has(headTarget) ? headTarget : null,
      unreadable,
    }),
  };
}

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
): Promise<RefListing> {
  const address = remoteAddress(remote);
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
