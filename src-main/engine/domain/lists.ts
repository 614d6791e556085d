/** @file What GitHub Lists are used for at the target, and how they are called there. Pure. */

export const listUses = ['off', 'labels', 'parents'] as const;
/** `labels`: each List is a label of its mirrors. `parents`: mirrors stand below a parent of their List. */
export type ListUse = (typeof listUses)[number];

/** The List under which a mirror stands: of several the first by name, whatever order GitHub has them in. */
export function parentList(names: readonly string[]): string | null {
  const rank = (name: string): string => name.toLowerCase();
  return names.toSorted((a, b) => (rank(a) < rank(b) ? -1 : Number(rank(a) > rank(b))))[0] ?? null;
}

const longestFolder = 40;

/**
 * What a List is called in a path: small letters, digits and hyphens, whatever somebody wrote. A name that does not
 * survive that has a mark of its own at the end, so that `C++` and `C#` stay apart.
 */
export function listFolder(name: string): string {
  const plain = name.trim().toLowerCase().replace(/\s+/g, '-');
  const slug = plain
    .normalize('NFKD')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')
    .slice(0, longestFolder)
    .replace(/-+$/, '');
  // The page of a project of that name shows the one above.
  if (slug === plain && slug !== '' && slug !== 'projects') return slug;
  return `${slug === '' ? 'list' : slug}-${markOf(name)}`;
}

/** FNV-1a, 32 bits, of the letters as they are: the same everywhere and always. */
function markOf(text: string): string {
  let hash = 0x811c9dc5;
  for (const letter of text) hash = Math.imul(hash ^ (letter.codePointAt(0) ?? 0), 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, '0');
}
