/** @file For messages about a name that is not known: what was probably meant. */

/** Number of letters to put in, leave out or change. */
function distance(one: string, other: string): number {
  let above = Array.from({ length: other.length + 1 }, (_, column) => column);
  for (let row = 1; row <= one.length; row += 1) {
    const current = [row];
    for (let column = 1; column <= other.length; column += 1) {
      const change = (above[column - 1] ?? 0) + (one[row - 1] === other[column - 1] ? 0 : 1);
      current.push(Math.min(change, (above[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1));
    }
    above = current;
  }
  return above[other.length] ?? 0;
}

/** The known word that is nearest, case not counting; null where there is none. */
export function nearestWord(word: string, known: readonly string[]): string | null {
  // Long enough for every name, short enough that a whole file given as a name costs nothing.
  const wanted = word.slice(0, 64).toLowerCase();
  const byDistance = known
    .map((candidate) => ({ candidate, letters: distance(wanted, candidate.toLowerCase()) }))
    .sort((a, b) => a.letters - b.letters);
  return byDistance[0]?.candidate ?? null;
}
