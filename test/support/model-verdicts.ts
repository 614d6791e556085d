/** @file What may be said of a repository of a model: while it is said, by the answers that were given; at the end, by the truth. */
import type { Verdict, VerdictKind } from '../../src-main/engine/domain/verdict.ts';
import type { RepositoryRecord } from '../../src-main/engine/ports/store.ts';
import type { ModelRepository } from './model-github.ts';
import type { GithubTroubles } from './model-github-port.ts';

const hourMs = 3_600_000;

/** Looks at every verdict as it is written. */
export class VerdictWatch {
  readonly violations: string[] = [];
  readonly #troubles: GithubTroubles;

  constructor(troubles: GithubTroubles) {
    this.#troubles = troubles;
  }

  /** @param args those of `Store.writeVerdict` */
  note([githubId, verdict]: readonly unknown[], at: number): void {
    if (typeof githubId !== 'number' || verdict === null) return;
    const { kind, firstAt, lastAt, confirmedAt } = verdict as Verdict;
    const wanted = kind === 'gone' || kind === 'blocked' ? kind : 'found';
    const answers = this.#troubles.answers.filter((answer) => answer.githubId === githubId && answer.kind === wanted);
    const isHad = (time: number): boolean => answers.some((answer) => answer.at === time);
    const problem =
      (isHad(firstAt) ? null : 'its first answer was never given') ??
      (isHad(lastAt) ? null : 'its last answer was never given') ??
      (confirmedAt === null || confirmedAt - firstAt >= hourMs ? null : 'it was confirmed within an hour') ??
      (confirmedAt === null || isHad(confirmedAt) ? null : 'nothing confirmed it');
    if (problem !== null) this.violations.push(`'${kind}' of ${githubId} at ${new Date(at).toISOString()}: ${problem}`);
  }
}

/** What is true in the end of a repository that is not in the list; several where nobody could tell. */
function trueKinds({
  access,
  isRemoved,
  isBlocked,
  lostStarBy,
  shownPrivate,
}: ModelRepository): readonly VerdictKind[] {
  if (isRemoved || access === 'closed') return ['gone'];
  if (isBlocked) return ['blocked'];
  if (access === 'public' || shownPrivate === true) return ['unstarred'];
  // Made private by its owner after the person took the star away: whoever asked late sees both at once.
  return lostStarBy === 'owner' ? ['made-private'] : ['made-private', 'unstarred'];
}

/**
 * Null where what is said of it is right, and was confirmed.
 *
 * @param hasMetBlock whether its newest run found it blocked, and others follow: else nobody asks about what is in the list
 */
export function verdictProblem(truth: ModelRepository, known: RepositoryRecord, hasMetBlock: boolean): string | null {
  const { verdict, absentSince } = known;
  const said = verdict === null ? 'nothing' : `${verdict.confirmedAt === null ? 'perhaps ' : ''}${verdict.kind}`;
  const isListed = truth.starredAt !== null && !truth.isRemoved;
  if (isListed !== (absentSince === null)) return `it is ${isListed ? '' : 'not '}in the list, and known otherwise`;
  if (isListed) {
    if (!truth.isBlocked) return verdict === null ? null : `it is starred and answers, and is said to be ${said}`;
    const isRight = verdict === null ? !hasMetBlock : said === 'blocked';
    return isRight ? null : `it is blocked, and is said to be ${said}`;
  }
  const kinds = trueKinds(truth);
  return kinds.some((kind) => kind === said) ? null : `it is ${kinds.join(' or ')}, and is said to be ${said}`;
}
