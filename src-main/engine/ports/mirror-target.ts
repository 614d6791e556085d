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
}

export interface EnsuredProject {
  readonly project: TargetProject;
  /** `created`: made just now and therefore without any ref; `adopted`: found by its provenance or known id. */
  readonly how: 'created' | 'adopted';
  /** Path it was moved from in this call, null where it stood right. */
  readonly movedFrom: string | null;
}

export interface PushLimits {
  readonly refsPerPush: number;
  /** A pack below this many bytes is small. */
  readonly smallPackBytes: number;
  /** How many pushes of small packs may go at once. Larger ones go alone. */
  readonly smallPushesAtOnce: number;
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

export interface MirrorTarget {
  /** `none`: nobody has set one yet; every other method rejects with `target-not-set`. */
  readonly kind: 'onedev' | 'folder' | 'none';
  /** For a person: address or path. */
  readonly address: string;
  readonly limits: PushLimits;
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
   * parents are created, one at a time. A foreign project in its place rejects with `target-name-clash`.
   */
  ensureProject(wanted: ProjectWanted, knownId: string | null, signal: AbortSignal): Promise<EnsuredProject>;
  /** Where a project stands now, which may have had to make way for another since; null: it is not there any more. */
  whereIs(project: TargetProject, signal: AbortSignal): Promise<TargetProject | null>;
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
