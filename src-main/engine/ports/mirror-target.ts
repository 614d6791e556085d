/**
 * @file A place that mirrors are kept in. Every method rejects with an EpicstarError of a `target-*` code,
 * `insecure-address`, `disk-full` or `cancelled`, and with nothing else.
 */
import type { ErrorCode } from '../domain/errors.ts';
import type { GithubId } from '../domain/repository.ts';
import type { GitRemote } from './git.ts';

export interface TargetProject {
  /** The target's own identity of the project; survives renames there. */
  readonly id: string;
  /** Path below the target's address, `github/owner/name`. */
  readonly path: string;
  /** Page to open; null where there is none. */
  readonly webUrl: string | null;
}

export interface ProjectWanted {
  readonly githubId: GithubId;
  readonly fullName: string;
  readonly description: string | null;
  readonly htmlUrl: string;
  /** The person's List under which it is to stand, where the target {@link MirrorTarget.holdsLists}; else none. */
  readonly list?: string | null;
}

export interface EnsuredProject {
  readonly project: TargetProject;
  /** `created`: made just now and therefore without any ref; `adopted`: found by its provenance or known id. */
  readonly how: 'created' | 'adopted';
  /** Path it was moved from in this call, null where it stood right. */
  readonly movedFrom: string | null;
}

/** A mirror that the target holds, as it is written on its project: somebody else's text, parsed strictly. */
export interface HeldMirror {
  readonly githubId: GithubId;
  /** `owner/name` that it was mirrored as last. */
  readonly fullName: string;
  readonly description: string | null;
  /** Page of the repository, of which nobody knows whether it is still there. */
  readonly htmlUrl: string;
  /** Whether it stands in the archive. */
  readonly isArchived: boolean;
  /** Of several that say so of themselves, the one that {@link MirrorTarget.ensureProject} takes where none is known. */
  readonly project: TargetProject;
  /** The others. */
  readonly copies: readonly TargetProject[];
}

export interface HeldMirrors {
  /** Ascending by GitHub id, each id once. */
  readonly mirrors: readonly HeldMirror[];
  /** Projects that seem to be mirrors and do not say of what, one sentence each. */
  readonly unreadable: readonly string[];
}

/**
 * What becomes of a project that is not ours in the place of a mirror. `rename`: the mirror is kept beside it, as
 * `<name>+<GitHub id>`, until the place is free. `use`: it is taken over where it is empty or holds nothing but what
 * upstream has as well, else as `fail`: `target-name-clash`.
 */
export type ClashStrategy = 'rename' | 'use' | 'fail';

/**
 * Why a foreign project may not become the mirror, in a few words; null: it is empty, or all of its refs are upstream's
 * and none would be rewritten or lost.
 */
export type TakeOverProblem = (remote: GitRemote) => Promise<string | null>;

export interface PushLimits {
  readonly refsPerPush: number;
  /** A pack below this many bytes is small. */
  readonly smallPackBytes: number;
  /** How many pushes of small packs may go at once. Larger ones go alone. */
  readonly smallPushesAtOnce: number;
  /** A larger push goes in slices, each of at most so many bytes and about so long; left out: it goes at once. */
  readonly slices?: { readonly bytes: number; readonly ms: number } | null;
}

export interface CheckItem {
  /** Short name: `reached`, `version`, `token`, `create projects`, … */
  readonly name: string;
  readonly state: 'ok' | 'warning' | 'failed';
  /** What was found, one sentence. */
  readonly finding: string;
  /** What to do; null where nothing is to be done. */
  readonly nextStep: string | null;
  /** What kind of failure it is, where it is one of the closed set. */
  readonly code?: ErrorCode;
}

/** Labels of ours on mirrors, one for each List; other labels are never touched. */
export interface MirrorLabels {
  /**
   * Afterwards the mirror of this repository has those of these Lists and no others of ours. False, and nothing done: the
   * project is gone, or is not that mirror any more. Rejects with `target-right-missing` where the token may not make or
   * read labels.
   */
  set(project: TargetProject, lists: readonly string[], signal: AbortSignal, githubId: GithubId): Promise<boolean>;
  /** Whether the token may. Rejects with `cancelled` alone. */
  check(signal: AbortSignal): Promise<CheckItem>;
}

export interface MirrorTarget {
  /** `none`: nobody has set one yet; every other method rejects with `target-not-set`. */
  readonly kind: 'onedev' | 'folder' | 'none';
  /** For a person: address or path. */
  readonly address: string;
  readonly limits: PushLimits;
  /** Whether mirrors can stand below a parent of their List. */
  readonly holdsLists?: boolean;
  /** Left out where the target knows no labels. */
  readonly labels?: MirrorLabels;
  /**
   * Paths of files, each of which makes the target run what it says as soon as a commit with it is pushed; the usual one
   * first, left out: none.
   */
  readonly buildDefinitions?: readonly string[];
  /** Null where the target holds refs of this name, else the reason in a few words. */
  refFitness(ref: string): string | null;
  /**
   * Looks at everything a mirror needs, without leaving anything behind. Rejects with `cancelled` alone.
   *
   * @param onItem hears of each finding as soon as it is made
   */
  check(signal: AbortSignal, onItem?: (item: CheckItem) => void): Promise<readonly CheckItem[]>;
  /** Bytes that can still be written there; null: the target does not tell, or cannot be reached. Never rejects. */
  freeBytes(): Promise<number | null>;
  /**
   * Finds or creates the project of this repository at the path of its current full name. It is found by `knownId`,
   * then by the provenance written on it, never by name alone; it is moved when the full name changed. Missing
   * parents are created, one at a time. What becomes of a foreign project in its place is said by the strategy that
   * the target was made with ({@link ClashStrategy}); it is never changed but where it is taken over.
   *
   * @param takeOverProblem asked before a foreign project is taken over; without it none is
   */
  ensureProject(
    wanted: ProjectWanted,
    knownId: string | null,
    signal: AbortSignal,
    takeOverProblem?: TakeOverProblem,
  ): Promise<EnsuredProject>;
  /**
   * Moves the mirror of this repository into the archive, refs and all, where no name of GitHub leads; one that is there
   * already stays. Null: there is no project of this id. Rejects with `target-name-clash` where that is not the mirror of
   * this repository.
   */
  archiveProject(wanted: ProjectWanted, id: string, signal: AbortSignal): Promise<TargetProject | null>;
  /**
   * Moves it back to the path of its full name, or beside it where anything stands there: nothing makes way for it. Else
   * as `archiveProject`.
   */
  bringBackProject(wanted: ProjectWanted, id: string, signal: AbortSignal): Promise<TargetProject | null>;
  /**
   * Removes the mirror of this repository with all its refs, for good. False: there is no project of this id. Rejects
   * with `target-name-clash` where that is not the mirror of this repository, with `target-project-in-use` where other
   * projects stand below it, or it was somebody's before it was taken over; then nothing is removed.
   */
  removeProject(githubId: GithubId, id: string, signal: AbortSignal): Promise<boolean>;
  /**
   * Where the mirror of this repository stands now, which may have had to make way for another since; null: it is not
   * there any more, or its project is another's by now.
   */
  whereIs(project: TargetProject, signal: AbortSignal, githubId: GithubId): Promise<TargetProject | null>;
  /** All mirrors at the place that the settings name, by what is written on them. Changes nothing. */
  list(signal: AbortSignal): Promise<HeldMirrors>;
  /** Where git reaches the project. */
  remote(project: TargetProject): Promise<GitRemote>;
  /** Branch (short name) that the target shows first; null where it has none or it dangles. */
  defaultBranch(project: TargetProject, signal: AbortSignal): Promise<string | null>;
  /** The branch must exist in the target. */
  setDefaultBranch(project: TargetProject, branch: string, signal: AbortSignal): Promise<void>;
  /**
   * Which branch (short name) the target itself makes the default when these arrive, in this order, in the first push
   * into an empty project; null: none of them.
   */
  automaticDefault(branches: readonly string[]): string | null;
  /** Requests sent since start; 0 for targets without requests. */
  requestCount(): number;
}
