/**
 * @file Finding, creating and moving the project of a mirror.
 *
 * [Note: cost] Requests for a project: known by id and in place 1; found by provenance 1; new 2, and 1 more for a new
 * owner; 1 more for a changed description; a move 3, and 1 more for a new owner. The first after the start looks for
 * equal roots, 1 more; a missing root costs another 2.
 *
 * [Note: making way] GitHub gives a name to one repository at a time, so whoever is asked for with a name has it
 * today, and a mirror of ours that still stands there is a former holder: its repository was renamed, or is gone. It
 * is renamed to `<name>+<its GitHub id>` in the same parent, refs and all, and moves to its right place when it is
 * asked for itself. So chains and swaps of names resolve in any order, nothing is removed, and a project without our
 * provenance is never touched.
 */
import { EpicstarError } from '../../domain/errors.ts';
import type { GithubId } from '../../domain/repository.ts';
import type { Log } from '../../ports/log.ts';
import type { EnsuredProject, ProjectWanted, TargetProject } from '../../ports/mirror-target.ts';
import { Lock } from './lock.ts';
import type { OnedevParents } from './parents.ts';
import { asideName, isSamePath, type Place, parentPathOf, placeOf } from './place.ts';
import { type OnedevProject, type OnedevProjects, quoteValue } from './projects.ts';
import { describeMirror, githubIdOf, provenanceToken } from './provenance.ts';

/** How often a look and a creation may miss each other, because somebody else was between them. */
const maxAttempts = 3;

export class OnedevMirrors {
  readonly #projects: OnedevProjects;
  readonly #parents: OnedevParents;
  readonly #address: string;
  readonly #root: string;
  readonly #log: Log;
  readonly #moves = new Lock();
  readonly #movedTo = new Map<string, string>();

  constructor(projects: OnedevProjects, parents: OnedevParents, address: string, root: string, log: Log) {
    this.#projects = projects;
    this.#parents = parents;
    this.#address = address;
    this.#root = root;
    this.#log = log;
  }

  /** Where a project stands now, if it was moved since the caller learned of it. */
  currentPath(project: TargetProject): string {
    return this.#movedTo.get(project.id) ?? project.path;
  }

  /** See MirrorTarget.whereIs. */
  async whereIs(id: number, signal: AbortSignal): Promise<TargetProject | null> {
    const found = await this.#projects.get(id, signal);
    if (found === null) return null;
    this.#movedTo.set(String(id), found.path);
    return this.#found(id, found.path);
  }

  /** See MirrorTarget.ensureProject. */
  async ensure(wanted: ProjectWanted, knownId: string | null, signal: AbortSignal): Promise<EnsuredProject> {
    const place = placeOf(this.#root, wanted.fullName, wanted.githubId);
    const id = knownId !== null && /^[1-9][0-9]{0,15}$/.test(knownId) ? Number(knownId) : null;
    const known = id === null ? null : await this.#projects.get(id, signal);
    if (known !== null && mirroredBy(known) === wanted.githubId)
      return await this.#settle(known, place, wanted, signal);
    for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
      const rows = await this.#look(place, wanted.githubId, signal);
      const mine = this.#pick(rows, place, wanted.githubId);
      if (mine !== null) return await this.#settle(mine, place, wanted, signal);
      const occupants = rows.filter((row) => isSamePath(row.path, place.path));
      if (occupants.length > 0) await this.#moves.run(() => this.#makeWay(place, wanted.githubId, null, signal));
      const created = await this.#create(place, wanted, rows, signal);
      if (created !== null) return created;
    }
    throw hiddenClash(place.path);
  }

  /** One question for everything that decides: who has our provenance, who has our place, which parents exist. */
  async #look(place: Place, githubId: GithubId, signal: AbortSignal): Promise<readonly OnedevProject[]> {
    const paths = [place.path, ...place.parents.filter((path) => !this.#parents.isKnown(path))];
    const terms = paths.map((path) => `"Path" is ${quoteValue(path)}`);
    const token = quoteValue(provenanceToken(githubId));
    return await this.#projects.find([`"Description" contains ${token}`, ...terms].join(' or '), signal);
  }

  /** Of several projects with one provenance (somebody copied a description): the one in place, under the root, oldest. */
  #pick(rows: readonly OnedevProject[], place: Place, githubId: GithubId): OnedevProject | null {
    const rank = (row: OnedevProject): number => {
      if (isSamePath(row.path, place.path)) return 0;
      return row.path.toLowerCase().startsWith(`${this.#root.toLowerCase()}/`) ? 1 : 2;
    };
    const mine = rows.filter((row) => mirroredBy(row) === githubId);
    return mine.sort((a, b) => rank(a) - rank(b) || a.id - b.id)[0] ?? null;
  }

  /** Null where a look again is needed. */
  async #create(
    place: Place,
    wanted: ProjectWanted,
    rows: readonly OnedevProject[],
    signal: AbortSignal,
  ): Promise<EnsuredProject | null> {
    const parent = await this.#parents.ensure(place.parents, rows, signal);
    if (parent === null) return null;
    const description = describeMirror(wanted);
    const project = { name: place.name, parentId: parent.id, description, codeManagement: true };
    const result = await this.#projects.create(project, parent.path, signal);
    if (result.kind === 'parent-missing') this.#parents.forget();
    if (result.kind !== 'created') return null;
    const path = `${parent.path}/${place.name}`;
    this.#log.info('created a mirror on OneDev', { path, id: result.id, githubId: wanted.githubId });
    return { project: this.#found(result.id, path), how: 'created', movedFrom: null };
  }

  /** Brings a project of ours to its place and its description up to date. */
  async #settle(
    mine: OnedevProject,
    place: Place,
    wanted: ProjectWanted,
    signal: AbortSignal,
  ): Promise<EnsuredProject> {
    const description = describeMirror(wanted);
    if (mine.name === place.name && isSamePath(mine.path, place.path)) {
      if (mine.description !== description) {
        if ((await this.#projects.update(mine, { description }, signal)) !== 'updated') throw vanished(mine.path);
      }
      return { project: this.#found(mine.id, mine.path), how: 'adopted', movedFrom: null };
    }
    return await this.#moves.run(async () => {
      // What is remembered of parents may be older than the rename that leads here.
      this.#parents.forget();
      const rows = await this.#makeWay(place, wanted.githubId, mine.id, signal);
      const parent = await this.#parents.ensure(place.parents, rows, signal);
      if (parent === null) throw vanished(place.path);
      const result = await this.#projects.update(mine, { name: place.name, parentId: parent.id, description }, signal);
      if (result === 'taken') throw hiddenClash(place.path);
      if (result === 'missing') throw vanished(mine.path);
      const path = `${parent.path}/${place.name}`;
      this.#log.info('moved a mirror on OneDev', { from: mine.path, to: path, id: mine.id });
      this.#movedTo.set(String(mine.id), path);
      return { project: this.#found(mine.id, path), how: 'adopted', movedFrom: mine.path };
    });
  }

  /**
   * Looks at a place and sets a former holder of it aside.
   *
   * @param moving project that is to stand there; null where it is still to be created: then a project of the same
   * repository stays, it was made by somebody else just now
   * @returns rows of the look, in which all parents of the place are
   */
  async #makeWay(
    place: Place,
    githubId: GithubId,
    moving: number | null,
    signal: AbortSignal,
  ): Promise<readonly OnedevProject[]> {
    const terms = [place.path, ...place.parents].map((path) => `"Path" is ${quoteValue(path)}`);
    const rows = await this.#projects.find(terms.join(' or '), signal);
    for (const occupant of rows.filter((row) => isSamePath(row.path, place.path) && row.id !== moving)) {
      const holder = mirroredBy(occupant);
      if (holder === null) throw clash(occupant);
      if (holder === githubId && moving === null) continue;
      const parentPath = parentPathOf(occupant.path) ?? '';
      const name = asideName(parentPath, occupant.name, holder);
      const path = `${parentPath}/${name}`;
      if (isSamePath(path, occupant.path)) throw clash(occupant);
      const result = await this.#projects.update(occupant, { name }, signal);
      if (result === 'taken') throw hiddenClash(path);
      this.#log.info('set a mirror aside whose name belongs to another repository now', { from: occupant.path, path });
      this.#movedTo.set(String(occupant.id), path);
    }
    return rows;
  }

  #found(id: number, path: string): TargetProject {
    if (this.#movedTo.has(String(id))) this.#movedTo.set(String(id), path);
    return { id: String(id), path, webUrl: `${this.#address}/${encodeURI(path)}` };
  }
}

function mirroredBy(project: OnedevProject): GithubId | null {
  return githubIdOf(project.description ?? null);
}

function clash(occupant: OnedevProject): EpicstarError {
  return new EpicstarError(
    'target-name-clash',
    `'${occupant.path}' (id ${occupant.id}) has no line "Mirrored by epicstar from …" in its description.`,
  );
}

function hiddenClash(path: string): EpicstarError {
  return new EpicstarError('target-name-clash', `'${path}' is taken by a project that the token may not see.`);
}

function vanished(path: string): EpicstarError {
  return new EpicstarError('target-unexpected', `'${path}' went away in the middle.`);
}
