/** @file What a person says of one mirror: put away into the archive, brought back, removed. */
import type { GithubId } from '../../domain/repository.ts';
import { EpicstarError } from '../../domain/errors.ts';
import type { Log } from '../../ports/log.ts';
import type { ProjectWanted, TargetProject } from '../../ports/mirror-target.ts';
import { clash, hiddenClash, mirroredBy } from './mirrors.ts';
import type { OnedevMoves } from './moves.ts';
import type { OnedevParents } from './parents.ts';
import { archivePlaceOf, besidePlace, isSamePath, type Place, placeOf } from './place.ts';
import { type OnedevProject, type OnedevProjects, quoteValue } from './projects.ts';
import { isTakenOver } from './provenance.ts';

export interface OnedevShelfParts {
  readonly projects: OnedevProjects;
  readonly parents: OnedevParents;
  readonly moves: OnedevMoves;
  readonly address: string;
  readonly root: string;
  readonly log: Log;
}

export class OnedevShelf {
  readonly #parts: OnedevShelfParts;

  constructor(parts: OnedevShelfParts) {
    this.#parts = parts;
  }

  /** See MirrorTarget.archiveProject. */
  archive({ fullName, githubId }: ProjectWanted, id: number, signal: AbortSignal): Promise<TargetProject | null> {
    return this.#put(id, githubId, archivePlaceOf(this.#parts.root, fullName, githubId), signal);
  }

  /** See MirrorTarget.bringBackProject. */
  bringBack({ fullName, githubId }: ProjectWanted, id: number, signal: AbortSignal): Promise<TargetProject | null> {
    return this.#put(id, githubId, placeOf(this.#parts.root, fullName, githubId), signal);
  }

  /** See MirrorTarget.removeProject. */
  remove(githubId: GithubId, id: number, signal: AbortSignal): Promise<boolean> {
    const { projects, moves, log } = this.#parts;
    return moves.run(async () => {
      const mine = await this.#mine(id, githubId, signal);
      if (mine === null) return false;
      if (isTakenOver(mine.description ?? null)) {
        const words = `'${mine.path}' (id ${mine.id}) was somebody's before it became a mirror; remove it there yourself.`;
        throw new EpicstarError('target-project-in-use', words);
      }
      // OneDev removes a project with all that stands below it.
      const below = await projects.find(`children of ${quoteValue(mine.path)}`, signal);
      const [child] = below;
      if (child !== undefined) {
        throw new EpicstarError('target-project-in-use', `'${child.path}' (id ${child.id}) stands below it.`);
      }
      await projects.remove(mine.id, mine.path, signal);
      log.info('removed a mirror on OneDev', { path: mine.path, id: mine.id, githubId });
      return true;
    });
  }

  #put(id: number, githubId: GithubId, place: Place, signal: AbortSignal): Promise<TargetProject | null> {
    const { projects, parents, moves, log } = this.#parts;
    return moves.run(async () => {
      const mine = await this.#mine(id, githubId, signal);
      if (mine === null) return null;
      const places = [place, besidePlace(place, githubId)];
      if (places.some(({ path }) => isSamePath(path, mine.path))) return this.#at(mine.id, mine.path);
      parents.forget();
      for (const { name, path, parents: above } of places) {
        const terms = [path, ...above].map((each) => `"Path" is ${quoteValue(each)}`);
        const rows = await projects.find(terms.join(' or '), signal);
        if (rows.some((row) => isSamePath(row.path, path))) continue;
        const parent = await parents.ensure(above, rows, signal);
        if (parent === null) continue;
        const result = await projects.update(mine, { name, parentId: parent.id }, signal);
        if (result === 'missing') return null;
        if (result === 'taken') continue;
        const now = `${parent.path}/${name}`;
        log.info('moved a mirror on OneDev', { from: mine.path, to: now, id: mine.id });
        return this.#at(mine.id, now);
      }
      throw hiddenClash(place.path);
    });
  }

  /** Null: there is no such project. An id that is something else's by now, or lost its provenance, is refused. */
  async #mine(id: number, githubId: GithubId, signal: AbortSignal): Promise<OnedevProject | null> {
    const found = await this.#parts.projects.getIfThere(id, signal);
    if (found !== null && mirroredBy(found) !== githubId) throw clash(found);
    return found;
  }

  #at(id: number, path: string): TargetProject {
    this.#parts.moves.note(id, path);
    return { id: String(id), path, webUrl: `${this.#parts.address}/${encodeURI(path)}` };
  }
}
