/**
 * @file What became of a repository that left the starred list or stopped answering. Pure; knows no HTTP and no clock.
 *
 * [Note: absence] Missing from a list proves nothing: what is missing is asked for by its id, and believed only when
 * two questions, at least an hour apart, had the same answer.
 */
import type { Instant } from './repository.ts';

export const verdictKinds = ['unstarred', 'made-private', 'gone', 'blocked', 'moved'] as const;
/**
 * - `unstarred`: it is there, and has no star of this person.
 * - `made-private`: it is there for this person alone, and lost its star: GitHub removes all stars at that moment.
 * - `gone`: 404: deleted, or private and closed to this person. GitHub does not tell which.
 * - `blocked`: GitHub shows a notice in its place.
 * - `moved`: it is there under another name, with its star; the list had not caught up.
 */
export type VerdictKind = (typeof verdictKinds)[number];

/** What was asked and answered, for the person to read. */
export interface VerdictEvidence {
  /** Its name now; null where nothing is told. */
  readonly fullName: string | null;
  /** Whether the person's star is there; null: not asked. */
  readonly isStarred: boolean | null;
  /** Of a block: `dmca`, `tos`, …; else null. */
  readonly reason: string | null;
  readonly noticeUrl: string | null;
}

export interface Verdict {
  readonly kind: VerdictKind;
  readonly evidence: VerdictEvidence;
  /** When this answer was had first; another kind of answer in between begins anew. */
  readonly firstAt: Instant;
  readonly lastAt: Instant;
  /** When it was had a second time, {@link confirmAfterMs} after the first or later; null: not confirmed yet. */
  readonly confirmedAt: Instant | null;
}

/** What GitHub answered about one repository. */
export type Finding =
  | { readonly kind: 'found'; readonly fullName: string; readonly isPrivate: boolean; readonly isStarred: boolean }
  | { readonly kind: 'gone' }
  | { readonly kind: 'blocked'; readonly reason: string; readonly noticeUrl: string | null };

export interface Judged {
  readonly kind: VerdictKind;
  readonly evidence: VerdictEvidence;
}

/** The two answers that make a verdict final are at least so far apart. */
export const confirmAfterMs = 3_600_000;
/** What is final is asked again after so long: what is private may become public, and a block may be lifted. */
export const askAgainMs = 7 * 24 * 3_600_000;

/**
 * @param known as the repository was when it was seen last
 * @returns null: it is where it was and has its star, so the list was wrong and has to be read again
 */
export function judge(
  finding: Finding,
  known: { readonly fullName: string; readonly isPrivate: boolean },
): Judged | null {
  switch (finding.kind) {
    case 'gone':
      return { kind: 'gone', evidence: evidence({}) };
    case 'blocked': {
      const { reason, noticeUrl } = finding;
      return { kind: 'blocked', evidence: evidence({ reason, noticeUrl }) };
    }
    case 'found': {
      const { fullName, isPrivate, isStarred } = finding;
      const found = evidence({ fullName, isStarred });
      if (!isStarred) return { kind: isPrivate && !known.isPrivate ? 'made-private' : 'unstarred', evidence: found };
      return fullName.toLowerCase() === known.fullName.toLowerCase() ? null : { kind: 'moved', evidence: found };
    }
  }
}

/** @param before the verdict so far; null: none */
export function nextVerdict(before: Verdict | null, { kind, evidence: seen }: Judged, at: Instant): Verdict {
  // A first time that is still to come tells of a clock that was put back: nothing is known of how much time passed.
  const goesOn = before !== null && before.kind === kind && before.firstAt <= at;
  if (!goesOn) return { kind, evidence: seen, firstAt: at, lastAt: at, confirmedAt: null };
  const isConfirmed = at - before.firstAt >= confirmAfterMs;
  return { ...before, evidence: seen, lastAt: at, confirmedAt: before.confirmedAt ?? (isConfirmed ? at : null) };
}

/** When the repository is asked for again. */
export function askAgainAt(verdict: Verdict): Instant {
  return verdict.confirmedAt === null ? verdict.firstAt + confirmAfterMs : verdict.lastAt + askAgainMs;
}

/** Whether upstream has nothing any more that could be mirrored, as far as is certain. */
export function isUpstreamLost(verdict: Verdict | null): boolean {
  return verdict !== null && verdict.confirmedAt !== null && (verdict.kind === 'gone' || verdict.kind === 'blocked');
}

function evidence(told: Partial<VerdictEvidence>): VerdictEvidence {
  return { fullName: null, isStarred: null, reason: null, noticeUrl: null, ...told };
}
