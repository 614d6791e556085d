/**
 * @file What has to be pushed so that another remote gets the refs of a mirror: nothing there is overwritten or deleted.
 * Pure; ancestry comes in as an argument.
 */
import type { RefMap } from './plan.ts';

export interface RefCopy {
  readonly ref: string;
  readonly oid: string;
  /** Tip that the other remote has; null: none. */
  readonly expect: string | null;
}

export interface CopyDifference {
  readonly creates: readonly RefCopy[];
  /** The other remote has the branch at another commit: it may go forward, if it is an ancestor. */
  readonly moves: readonly RefCopy[];
  /** A tag that the other remote has otherwise: whoever fetched it there would not be told. */
  readonly clashes: readonly RefCopy[];
  readonly unchanged: number;
}

const copied = /^refs\/(?:heads|tags)\//;
const kept = 'refs/epicstar/kept/';

/** The refs of a mirror that go to another remote. */
export function refsToCopy(mirror: RefMap, withKept: boolean): RefMap {
  return new Map([...mirror].filter(([ref]) => copied.test(ref) || (withKept && ref.startsWith(kept))));
}

export function compareCopy(wanted: RefMap, there: RefMap): CopyDifference {
  const creates: RefCopy[] = [];
  const moves: RefCopy[] = [];
  const clashes: RefCopy[] = [];
  let unchanged = 0;
  for (const [ref, oid] of wanted) {
    const expect = there.get(ref) ?? null;
    if (expect === null) creates.push({ ref, oid, expect });
    else if (expect === oid) unchanged += 1;
    else if (ref.startsWith('refs/heads/')) moves.push({ ref, oid, expect });
    else clashes.push({ ref, oid, expect });
  }
  return { creates, moves, clashes, unchanged };
}

/**
 * `owner-name-20261124.bundle`: letters, digits, `.`, `_` and `-` alone, so that it hides nowhere, leads nowhere and is no
 * device of Windows.
 */
export function bundleFileName(fullName: string, atMs: number): string {
  const day = new Date(atMs).toISOString().slice(0, 10).replaceAll('-', '');
  const [owner = '', ...rest] = fullName.split('/');
  const plain = `${owner.replaceAll('.', '-')}-${rest.join('-')}`.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^-+/, '');
  return `${plain === '' ? 'mirror' : plain.slice(0, 150)}-${day}.bundle`;
}
