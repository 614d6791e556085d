/** @file Which branch a mirror shows first. Pure. */

/**
 * The branch (short name) to show: the one GitHub names where it exists; else the one shown now where it still
 * exists, so that nothing moves without need; else `main`, `master`, or the first by name. Null: there is no branch.
 *
 * @param branches short names that the mirror holds
 */
export function chooseDefaultBranch(
  branches: ReadonlySet<string>,
  wanted: string | null,
  current: string | null,
): string | null {
  for (const name of [wanted, current, 'main', 'master']) {
    if (name !== null && branches.has(name)) return name;
  }
  return [...branches].sort()[0] ?? null;
}
