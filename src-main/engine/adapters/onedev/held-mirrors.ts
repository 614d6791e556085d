/**
 * @file All mirrors below a root of OneDev, by what their descriptions say. Reads alone.
 *
 * [Note: pages] Projects are created, moved and removed while their list is read, which shifts the pages behind them.
 * Each page begins with the last row of the one before: where it does not, something moved, and the list is read anew.
 */
import { EpicstarError } from '../../domain/errors.ts';
import { isFullName } from '../../domain/repository.ts';
import type { HeldMirror, HeldMirrors, TargetProject } from '../../ports/mirror-target.ts';
import { isInArchive, isSamePath, placeOf, withoutList } from './place.ts';
import { type OnedevProject, type OnedevProjects, quoteValue, rowsAtMost } from './projects.ts';
import { descriptionOfRepository, originOf, provenanceMarker } from './provenance.ts';

interface Where {
  readonly address: string;
  readonly root: string;
}

/** How often the list is read while somebody else moves projects; what is missed then is found when it is asked for. */
const maxReadings = 3;

/** See MirrorTarget.list. Rejects as requests do. */
export async function listHeldMirrors(
  projects: OnedevProjects,
  { address, root }: Where,
  signal: AbortSignal,
): Promise<HeldMirrors> {
  const marked = `"Description" contains ${quoteValue(`${provenanceMarker}:`)}`;
  const query = `${marked} and "Path" is ${quoteValue(`${root}/**`)} order by "Path" asc`;
  let rows = await readAll(projects, query, signal);
  for (let reading = 2; rows.wasMoved && reading <= maxReadings; reading += 1) {
    rows = await readAll(projects, query, signal);
  }
  const unreadable: string[] = [];
  const claims = new Map<number, (Omit<HeldMirror, 'copies' | 'isArchived'> & { readonly row: OnedevProject })[]>();
  for (const row of rows.found.values()) {
    // What a query means is the server's to say; what is ours is not.
    if (!row.path.toLowerCase().startsWith(`${root.toLowerCase()}/`)) continue;
    const origin = originOf(row.description ?? null);
    const fullName = origin === null ? null : (origin.fullName ?? nameFromPath(row.path, root, origin.githubId));
    if (origin === null || fullName === null) {
      unreadable.push(`'${row.path}' does not say in one line which repository it mirrors.`);
      continue;
    }
    const { githubId, htmlUrl } = origin;
    const project: TargetProject = {
      id: String(row.id),
      path: row.path,
      webUrl: `${address}/${encodeURI(row.path)}`,
    };
    const description = descriptionOfRepository(row.description ?? '');
    claims.set(githubId, [...(claims.get(githubId) ?? []), { githubId, fullName, description, htmlUrl, project, row }]);
  }
  const mirrors = [...claims.values()].flatMap((claimants): HeldMirror[] => {
    const rank = ({ row, fullName, githubId }: (typeof claimants)[number]): number =>
      isSamePath(withoutList(row.path, root), properPath(root, fullName, githubId) ?? '') ? 0 : 1;
    const [first, ...others] = claimants.toSorted((a, b) => rank(a) - rank(b) || a.row.id - b.row.id);
    if (first === undefined) return [];
    const { row: _, ...mirror } = first;
    const isArchived = isInArchive(root, mirror.project.path);
    return [{ ...mirror, isArchived, copies: others.map(({ project }) => project) }];
  });
  return { mirrors: mirrors.sort((a, b) => a.githubId - b.githubId), unreadable };
}

async function readAll(
  projects: OnedevProjects,
  query: string,
  signal: AbortSignal,
): Promise<{ readonly found: ReadonlyMap<number, OnedevProject>; readonly wasMoved: boolean }> {
  const found = new Map<number, OnedevProject>();
  let last: OnedevProject | null = null;
  let wasMoved = false;
  for (let offset = 0; ; offset += rowsAtMost - 1) {
    const page = await projects.find(query, signal, offset);
    if (last !== null && page[0]?.id !== last.id) wasMoved = true;
    const before = found.size;
    for (const row of page) found.set(row.id, row);
    last = page.at(-1) ?? null;
    // A server that repeats itself would be asked for ever.
    if (page.length < rowsAtMost || found.size === before) return { found, wasMoved };
  }
}

/** Where the mirror of this repository belongs; null where the root has no room for its name. */
function properPath(root: string, fullName: string, githubId: number): string | null {
  try {
    return placeOf(root, fullName, githubId).path;
  } catch (error) {
    if (error instanceof EpicstarError) return null;
    throw error;
  }
}

/** For a line without a usable address: the place below the root says the name, unless the mirror had to make way. */
function nameFromPath(path: string, root: string, githubId: number): string | null {
  const name = withoutList(path, root)
    .slice(root.length + 1)
    .replace(new RegExp(`\\+${githubId}$`), '');
  return isFullName(name) ? name : null;
}
