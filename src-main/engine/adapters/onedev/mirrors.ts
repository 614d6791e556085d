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
 *
 * [Note: clashes] A project without our provenance in the place of a mirror: by the strategy `rename` the mirror stands
 * beside it as `<name>+<its GitHub id>`, and moves into its place when that is free; each run of such a mirror costs a
 * request more. By `use` the project becomes the mirror, if whoever asks for it knows that nothing in it can be lost.
 */
import { EpicstarError } from '../../domain/errors.ts';
import type { GithubId } from '../../domain/repository.ts';
import type { Log } from '../../ports/log.ts';
import type { ClashStrategy, EnsuredProject, ProjectWanted, TargetProject } from '../../ports/mirror-target.ts';
import type { OnedevMoves } from './moves.ts';
import type { OnedevParents } from './parents.ts';
import { asideName, besidePlace, isSamePath, type Place, parentPathOf, placeOf, rootOf } from './place.ts';
import { type OnedevProject, type OnedevProjects, quoteValue } from './projects.ts';
import { describeAgain, describeMirror, describeTakenOver, githubIdOf, provenanceToken } from './provenance.ts';

/** How often a look and a creation may miss each other, because somebody else was between them. */
const maxAttempts = 3;

export interface OnedevMirrorsParts {
  readonly projects: OnedevProjects;
  readonly parents: OnedevParents;
  readonly moves: OnedevMoves;
  readonly address: string;
  readonly root: string;
  readonly clash: ClashStrategy;
  readonly log: Log;
}

/** See TakeOverProblem; by the path of the project. */
type ProblemAt = (path: string) => Promise<string | null>;

export class OnedevMirrors {
  readonly #projects: OnedevProjects;
  readonly #parents: OnedevParents;
  readonly #moves: OnedevMoves;
  readonly #address: string;
  readonly #root: string;
  readonly #clash: ClashStrategy;
  readonly #log: Log;

  constructor({ projects, parents, moves, address, root, clash, log }: OnedevMirrorsParts) {
    this.#projects = projects;
    this.#parents = parents;
    this.#moves = moves;
    this.#address = address;
    this.#root = root;
    this.#clash = clash;
    this.#log = log;
  }

  /** See MirrorTarget.whereIs. */
  async whereIs(id: number, path: string, githubId: GithubId, signal: AbortSignal): Promise<TargetProject | null> {
    const found = await this.#projects.get(id, signal);
    if (found === null) return null;
    const mirrored = mirroredBy(found);
    // On another server, or one that was set up anew, the id is another project's. A line may be lost by hand.
    if (mirrored !== githubId && (mirrored !== null || !isSamePath(found.path, path))) return null;
    this.#moves.note(id, found.path);
    return this.#found(id, found.path);
  }

  /** See MirrorTarget.ensureProject. */
  async ensure(
    wanted: ProjectWanted,
    knownId: string | null,
    signal: AbortSignal,
    problemAt?: ProblemAt,
  ): Promise<EnsuredProject> {
    const home = placeOf(rootOf(this.#root, wanted.list ?? null), wanted.fullName, wanted.githubId);
    const id = knownId !== null && /^[1-9][0-9]{0,15}$/.test(knownId) ? Number(knownId) : null;
    const known = id === null ? null : await this.#projects.get(id, signal);
    if (known !== null && mirroredBy(known) === wanted.githubId) return await this.#settle(known, home, wanted, signal);
    const atHome = await this.#findOrCreate(home, home, wanted, signal, problemAt);
    if (atHome !== null) return atHome;
    const beside = this.#clash === 'rename' ? besidePlace(home, wanted.githubId) : null;
    const atSide = beside === null ? null : await this.#findOrCreate(beside, home, wanted, signal, problemAt);
    if (atSide !== null) return atSide;
    throw hiddenClash(home.path);
  }

  /**
   * @param place where it is created
   * @param home where it belongs
   * @returns null where the place stays taken by something else
   */
  async #findOrCreate(
    place: Place,
    home: Place,
    wanted: ProjectWanted,
    signal: AbortSignal,
    problemAt: ProblemAt | undefined,
  ): Promise<EnsuredProject | null> {
    for (let attempt = 1; attempt <= maxAttempts; attempt += 1) {
      const rows = await this.#look(place, wanted.githubId, signal);
      const mine = this.#pick(rows, place, wanted.githubId);
      if (mine !== null) return await this.#settle(mine, home, wanted, signal);
      const occupants = rows.filter((row) => isSamePath(row.path, place.path));
      const foreign = occupants.find((row) => mirroredBy(row) === null);
      if (foreign !== undefined) {
        if (this.#clash === 'rename' && place === home) return null;
        const taken = await this.#takeOver(foreign, wanted, signal, problemAt);
        if (taken !== null) return taken;
        continue;
      }
      if (occupants.length > 0) await this.#moves.run(() => this.#makeWay(place, wanted.githubId, null, signal));
      const created = await this.#create(place, wanted, rows, signal);
      if (created !== null) return created;
    }
    return null;
  }

  /** Null where it changed while it was looked at. */
  async #takeOver(
    foreign: OnedevProject,
    wanted: ProjectWanted,
    signal: AbortSignal,
    problemAt: ProblemAt | undefined,
  ): Promise<EnsuredProject | null> {
    if (this.#clash !== 'use' || problemAt === undefined) throw clash(foreign);
    if (foreign['codeManagement'] === false) throw clash(foreign, 'it is not made for code');
    if (describeTakenOver(foreign.description ?? null, wanted) === null) {
      throw clash(foreign, 'there is no room for that line, or there are several of them');
    }
    const problem = await problemAt(foreign.path);
    if (problem !== null) throw clash(foreign, problem);
    const now = await this.#projects.get(foreign.id, signal);
    const description = describeTakenOver(now?.description ?? null, wanted);
    const isSame = now !== null && mirroredBy(now) === null && isSamePath(now.path, foreign.path);
    if (!isSame || description === null) return null;
    if ((await this.#projects.update(now, { description }, signal)) !== 'updated') return null;
    this.#log.info('took over a project on OneDev', { path: now.path, id: now.id, githubId: wanted.githubId });
    return { project: this.#found(now.id, now.path), how: 'adopted', movedFrom: null };
  }

  /** One question for everything that decides: who has our provenance, who has our place, which parents exist. */
  async #look(place: Place, githubId: GithubId, signal: AbortSignal): Promise<readonly OnedevProject[]> {
    const paths = [place.path, ...place.parents.filter((path) => !this.#parents.isKnown(path))];
    const terms = paths.map((path) => `"Path" is ${quoteValue(path)}`);
    const token = quoteValue(provenanceToken(githubId));
    return await this.#projects.find([`"Description" contains ${token}`, ...terms].join(' or '), signal);
  }

  /**
   * Of several projects with one provenance (somebody copied a description) the one in place, else the oldest. What is
   * not below our root may be another epicstar's.
   */
  #pick(rows: readonly OnedevProject[], place: Place, githubId: GithubId): OnedevProject | null {
    const rank = (row: OnedevProject): number => (isSamePath(row.path, place.path) ? 0 : 1);
    const isBelowRoot = (row: OnedevProject): boolean =>
      row.path.toLowerCase().startsWith(`${this.#root.toLowerCase()}/`);
    const mine = rows.filter((row) => mirroredBy(row) === githubId && isBelowRoot(row));
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
  async #settle(mine: OnedevProject, home: Place, wanted: ProjectWanted, signal: AbortSignal): Promise<EnsuredProject> {
    if (isAt(mine, home)) return await this.#stay(mine, wanted, signal);
    return await this.#moves.run(async () => {
      // What is remembered of parents may be older than the rename that leads here.
      this.#parents.forget();
      const { rows, foreign } = await this.#makeWay(home, wanted.githubId, mine.id, signal);
      if (foreign === null) {
        const moved = await this.#move(mine, home, wanted, rows, signal);
        if (moved !== null) return moved;
      }
      if (this.#clash !== 'rename') throw foreign === null ? hiddenClash(home.path) : clash(foreign);
      const beside = besidePlace(home, wanted.githubId);
      if (isAt(mine, beside)) return await this.#stay(mine, wanted, signal);
      const moved = await this.#move(mine, beside, wanted, rows, signal);
      if (moved === null) throw hiddenClash(beside.path);
      return moved;
    });
  }

  async #stay(mine: OnedevProject, wanted: ProjectWanted, signal: AbortSignal): Promise<EnsuredProject> {
    const description = describeAgain(mine.description ?? null, wanted);
    if (mine.description !== description) {
      if ((await this.#projects.update(mine, { description }, signal)) !== 'updated') throw vanished(mine.path);
    }
    return { project: this.#found(mine.id, mine.path), how: 'adopted', movedFrom: null };
  }

  /** Null where a project that the token may not see has the place. */
  async #move(
    mine: OnedevProject,
    place: Place,
    wanted: ProjectWanted,
    rows: readonly OnedevProject[],
    signal: AbortSignal,
  ): Promise<EnsuredProject | null> {
    const parent = await this.#parents.ensure(place.parents, rows, signal);
    if (parent === null) throw vanished(place.path);
    const description = describeAgain(mine.description ?? null, wanted);
    const result = await this.#projects.update(mine, { name: place.name, parentId: parent.id, description }, signal);
    if (result === 'taken') return null;
    if (result === 'missing') throw vanished(mine.path);
    const path = `${parent.path}/${place.name}`;
    this.#log.info('moved a mirror on OneDev', { from: mine.path, to: path, id: mine.id });
    this.#moves.note(mine.id, path);
    return { project: this.#found(mine.id, path), how: 'adopted', movedFrom: mine.path };
  }

  /**
   * Looks at a place and sets a former holder of it aside.
   *
   * @param moving project that is to stand there; null where it is still to be created: then a project of the same
   * repository stays, it was made by somebody else just now
   * @returns rows of the look, in which all parents of the place are, and what stands there and is not ours
   */
  async #makeWay(
    place: Place,
    githubId: GithubId,
    moving: number | null,
    signal: AbortSignal,
  ): Promise<{ readonly rows: readonly OnedevProject[]; readonly foreign: OnedevProject | null }> {
    const terms = [place.path, ...place.parents].map((path) => `"Path" is ${quoteValue(path)}`);
    const rows = await this.#projects.find(terms.join(' or '), signal);
    for (const occupant of rows.filter((row) => isSamePath(row.path, place.path) && row.id !== moving)) {
      const holder = mirroredBy(occupant);
      if (holder === null) return { rows, foreign: occupant };
      if (holder === githubId && moving === null) continue;
      const parentPath = parentPathOf(occupant.path) ?? '';
      const name = asideName(parentPath, occupant.name, holder);
      const path = `${parentPath}/${name}`;
      if (isSamePath(path, occupant.path)) throw clash(occupant);
      const result = await this.#projects.update(occupant, { name }, signal);
      if (result === 'taken') throw hiddenClash(path);
      this.#log.info('set a mirror aside whose name belongs to another repository now', { from: occupant.path, path });
      this.#moves.note(occupant.id, path);
    }
    return { rows, foreign: null };
  }

  #found(id: number, path: string): TargetProject {
    this.#moves.found(id, path);
    return { id: String(id), path, webUrl: `${this.#address}/${encodeURI(path)}` };
  }
}

function isAt(project: OnedevProject, place: Place): boolean {
  return project.name === place.name && isSamePath(project.path, place.path);
}

export function mirroredBy(project: OnedevProject): GithubId | null {
  return githubIdOf(project.description ?? null);
}

/** @param problem why it cannot be taken over, where that was looked at */
export function clash(occupant: OnedevProject, problem = ''): EpicstarError {
  const provenance = `has no line "Mirrored by epicstar from …" of this repository in its description`;
  const reason = problem === '' ? '' : `; it cannot be taken over: ${problem}`;
  return new EpicstarError('target-name-clash', `'${occupant.path}' (id ${occupant.id}) ${provenance}${reason}.`);
}

export function hiddenClash(path: string): EpicstarError {
  return new EpicstarError('target-name-clash', `'${path}' is taken by a project that the token may not see.`);
}

function vanished(path: string): EpicstarError {
  return new EpicstarError('target-unexpected', `'${path}' went away in the middle.`);
}
