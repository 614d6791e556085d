/** @file Counts what a mirror run moved, over all its rounds. */
import { type MirrorReport, type MovedRef, movedRefsKept } from '../domain/job.ts';
import type { MirrorPlan, RefUpdate } from '../domain/plan.ts';

/** The refs of a plan that the target accepted, in the form history keeps. */
export function countMoves(plan: MirrorPlan, accepted: ReadonlySet<string>): readonly MovedRef[] {
  const keptAs = new Map(plan.kept.map(({ of, ref }) => [of, ref]));
  const moved =
    (kind: MovedRef['kind']) =>
    ({ ref, from, to }: RefUpdate): readonly MovedRef[] =>
      accepted.has(ref) ? [{ ref, kind, from, to, keptAs: keptAs.get(ref) ?? null }] : [];
  return [
    ...plan.rewrites.flatMap(moved('rewrite')),
    ...plan.deletes.flatMap(moved('delete')),
    ...plan.fastForwards.flatMap(moved('fast-forward')),
    ...plan.creates.flatMap(moved('create')),
  ];
}

type MoveTotals = Pick<MirrorReport, 'created' | 'fastForwarded' | 'rewritten' | 'deleted' | 'kept' | 'moved'>;

export class MoveCount {
  readonly #counts: Record<MovedRef['kind'], number> = { create: 0, 'fast-forward': 0, rewrite: 0, delete: 0 };
  readonly #moved: MovedRef[] = [];
  /** Refs that were created or changed and are therefore not counted as unchanged. */
  readonly #standing = new Set<string>();
  #kept = 0;

  /** How many refs of the target were created or changed. */
  get standing(): number {
    return this.#standing.size;
  }

  add(moves: readonly MovedRef[]): void {
    for (const move of moves) {
      this.#counts[move.kind] += 1;
      if (move.keptAs !== null) this.#kept += 1;
      if (move.to === null) this.#standing.delete(move.ref);
      else this.#standing.add(move.ref);
      if (this.#moved.length < movedRefsKept) this.#moved.push(move);
    }
  }

  totals(): MoveTotals {
    return {
      created: this.#counts.create,
      fastForwarded: this.#counts['fast-forward'],
      rewritten: this.#counts.rewrite,
      deleted: this.#counts.delete,
      kept: this.#kept,
      moved: this.#moved,
    };
  }
}
