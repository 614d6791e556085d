/** @file The commits of all repositories of a model, and what is reachable from where. Knows nothing of refs' names. */

interface Commit {
  /** GitHub id of the repository that it was made in. */
  readonly madeIn: number;
  readonly parents: readonly string[];
  readonly kind: 'commit' | 'tree';
}

export class ModelGraph {
  readonly #commits = new Map<string, Commit>();

  /** @returns its object id */
  add(madeIn: number, parents: readonly string[], kind: Commit['kind'] = 'commit'): string {
    const oid = (this.#commits.size + 1).toString(16).padStart(40, '0');
    this.#commits.set(oid, { madeIn, parents, kind });
    return oid;
  }

  get(oid: string): Commit {
    const commit = this.#commits.get(oid);
    if (commit === undefined) throw new Error(`no object ${oid}`);
    return commit;
  }

  /** All that these tips lead to, themselves included. */
  closure(tips: Iterable<string>): Set<string> {
    const found = new Set<string>();
    const open = [...tips];
    for (let oid = open.pop(); oid !== undefined; oid = open.pop()) {
      if (found.has(oid)) continue;
      found.add(oid);
      open.push(...this.get(oid).parents);
    }
    return found;
  }

  isAncestor(old: string, young: string): boolean {
    return this.closure([young]).has(old);
  }
}

/** For a person. */
export function shortOid(oid: string): string {
  return oid.replace(/^0+/, '');
}

/** Whether git cannot hold this ref beside one of those. */
export function isInTheWay(ref: string, others: Iterable<string>): boolean {
  for (const other of others) if (other.startsWith(`${ref}/`) || ref.startsWith(`${other}/`)) return true;
  return false;
}
