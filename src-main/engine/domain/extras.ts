/**
 * @file What belongs to a repository beside its branches and tags: files kept by Git LFS, submodules, the wiki. Values
 * and pure questions about them.
 */
import type { GithubId, Instant } from './repository.ts';

/** Stands in a repository in the place of a file that Git LFS keeps. */
export interface LfsPointer {
  /** SHA-256 of the file, 64 hex digits. */
  readonly oid: string;
  /** In bytes. */
  readonly size: number;
}

/** How the files of one mirror stood when they were last asked for. */
export interface LfsState {
  /** All that any commit of the mirror's branches and tags ever named. */
  readonly objects: number;
  readonly bytes: number;
  /** Of these, not in the mirror. */
  readonly missing: number;
  /** Why, for a person; null where none is missing. */
  readonly reason: string | null;
  readonly checkedAt: Instant;
}

/** A repository that another one is built with. Path and address are a stranger's text. */
export interface Submodule {
  readonly path: string;
  readonly address: string;
  /** `owner/name` where it is on the same GitHub, else null. */
  readonly fullName: string | null;
}

export interface WikiState {
  /** `absent`: GitHub has none, whatever it says of the repository. */
  readonly kind: 'mirrored' | 'absent' | 'incomplete';
  /** Null: it was never mirrored. */
  readonly projectId: string | null;
  readonly projectPath: string | null;
  readonly projectUrl: string | null;
  readonly refCount: number;
  /** For `incomplete`, for a person. */
  readonly reason: string | null;
  readonly checkedAt: Instant;
}

export interface Extras {
  /**
   * What the branches and tags were whose commits were read for pointers and submodules, as a digest; null: none yet.
   */
  readonly mark: string | null;
  /** Null: no file is kept by LFS, or nobody looked yet. */
  readonly lfs: LfsState | null;
  readonly submodules: readonly Submodule[];
  readonly wiki: WikiState | null;
  /** When what is missing is to be tried again; null: nothing is, or by the next run alone. */
  readonly retryAt: Instant | null;
}

export const noExtras: Extras = { mark: null, lfs: null, submodules: [], wiki: null, retryAt: null };

/** Far above every id that GitHub gives, and with the id still a whole number of 16 digits. */
const wikiIdBase = 1_000_000_000_000_000;

/**
 * What a wiki goes by wherever a repository goes by its GitHub id: in the provenance of its project and as the key of its
 * cache. So it is never taken for the repository, nor for any other.
 */
export function wikiIdOf(githubId: GithubId): number {
  return wikiIdBase + githubId;
}

export function isWikiId(id: number): boolean {
  return id >= wikiIdBase;
}

/** What is not in the mirror, in one line for a person; null where all is. */
export function describeIncomplete({ lfs, wiki }: Extras): string | null {
  const parts = [lfs?.reason ?? null, wiki?.kind === 'incomplete' ? `Wiki: ${wiki.reason ?? 'not mirrored'}` : null];
  const words = parts.filter((part) => part !== null);
  return words.length === 0 ? null : words.join(' ');
}

const pointerText = new RegExp(
  [
    '^version https://(?:git-lfs|hawser)\\.github\\.com/spec/v1\\r?\\n',
    '(?:ext-\\d-[a-z0-9]+ sha256:[0-9a-f]{64}\\r?\\n)*',
    'oid sha256:([0-9a-f]{64})\\r?\\n',
    'size ([0-9]{1,15})\\r?\\n?$',
  ].join(''),
);

/** A pointer is smaller than this, by its specification. */
export const pointerBytesLimit = 1024;

/**
 * Null for a text that is no pointer.
 *
 * @see https://github.com/git-lfs/git-lfs/blob/main/docs/spec.md
 */
export function parsePointer(text: string): LfsPointer | null {
  const match = pointerText.exec(text);
  if (match === null) return null;
  return { oid: match[1] ?? '', size: Number(match[2]) };
}
