/**
 * @file The engine's port over the OneDev of a model: it finds, makes and moves projects by one request after another,
 * as an adapter has to, so that a process may die between any two of them.
 */
import { EpicstarError } from '../../src-main/engine/domain/errors.ts';
import { splitFullName } from '../../src-main/engine/domain/repository.ts';
import type {
  CheckItem,
  ClashStrategy,
  EnsuredProject,
  HeldMirrors,
  MirrorTarget,
  ProjectWanted,
  TakeOverProblem,
  TargetProject,
} from '../../src-main/engine/ports/mirror-target.ts';
import { type Life, throwIfAborted } from './model-life.ts';
import { automaticDefault, type ModelProject, type ModelTarget } from './model-target.ts';

export const root = 'github';
export const archive = `${root}/_archived`;

export class ModelTargetPort implements MirrorTarget {
  readonly kind = 'onedev';
  readonly address = 'https://onedev.example';
  readonly limits = { refsPerPush: 3, smallPackBytes: 100, smallPushesAtOnce: 2, slices: { bytes: 200, ms: 1e9 } };
  readonly automaticDefault = automaticDefault;
  readonly #server: ModelTarget;
  readonly #life: Life;
  readonly #clash: ClashStrategy;
  /** One at a time makes, moves and sets aside. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(server: ModelTarget, life: Life, clash: ClashStrategy) {
    this.#server = server;
    this.#life = life;
    this.#clash = clash;
  }

  refFitness(ref: string): string | null {
    return ref.includes('+') ? 'a plus' : null;
  }

  async check(signal: AbortSignal): Promise<readonly CheckItem[]> {
    const away = await this.#life.step(() => {
      throwIfAborted(signal);
      return this.#server.away;
    });
    if (away === 'no') return [{ name: 'reached', state: 'ok', finding: 'It answers.', nextStep: null }];
    return [
      { name: 'reached', state: 'failed', finding: `It is ${away}.`, nextStep: null, code: 'target-unavailable' },
    ];
  }

  freeBytes(): Promise<null> {
    return this.#life.step(() => null);
  }

  ensureProject(
    wanted: ProjectWanted,
    knownId: string | null,
    signal: AbortSignal,
    takeOverProblem?: TakeOverProblem,
  ): Promise<EnsuredProject> {
    return this.#inTurn(() => this.#ensure(wanted, knownId, signal, takeOverProblem));
  }

  archiveProject(
    { githubId, fullName }: ProjectWanted,
    id: string,
    signal: AbortSignal,
  ): Promise<TargetProject | null> {
    return this.#inTurn(async () => {
      const mine = await this.#mine(id, githubId, signal);
      if (mine === null) return null;
      const top = await this.#folder(root, null, signal);
      const parent = await this.#folder('_archived', top, signal);
      return this.#put(mine, fullName.replace('/', '+'), parent, signal);
    });
  }

  bringBackProject(
    { githubId, fullName }: ProjectWanted,
    id: string,
    signal: AbortSignal,
  ): Promise<TargetProject | null> {
    return this.#inTurn(async () => {
      const mine = await this.#mine(id, githubId, signal);
      if (mine === null) return null;
      const { owner, name } = splitFullName(fullName);
      return this.#put(mine, name, await this.#parent(owner, signal), signal);
    });
  }

  removeProject(githubId: number, id: string, signal: AbortSignal): Promise<boolean> {
    return this.#inTurn(async () => {
      const mine = await this.#mine(id, githubId, signal);
      if (mine === null) return false;
      await this.#request(signal, () => this.#server.remove(mine));
      return true;
    });
  }

  whereIs({ id }: TargetProject, signal: AbortSignal, githubId: number): Promise<TargetProject | null> {
    return this.#request(signal, () => {
      const project = this.#server.byId(Number(id));
      return project?.mirrorOf !== githubId ? null : { id, path: this.#server.pathOf(project), webUrl: null };
    });
  }

  list(signal: AbortSignal): Promise<HeldMirrors> {
    return this.#request(signal, () => {
      const byId = Map.groupBy(
        this.#server.projects.filter(({ mirrorOf }) => mirrorOf !== null),
        ({ mirrorOf }) => mirrorOf ?? 0,
      );
      const mirrors = [...byId].map(([githubId, [first, ...others]]) => ({
        githubId,
        fullName: nameOf(this.#server.pathOf(first as ModelProject)),
        description: null,
        htmlUrl: `https://github.com/${nameOf(this.#server.pathOf(first as ModelProject))}`,
        isArchived: this.#server.pathOf(first as ModelProject).startsWith(`${archive}/`),
        project: this.#placeOf(first as ModelProject),
        copies: others.map((other) => this.#placeOf(other)),
      }));
      return { mirrors: mirrors.sort((a, b) => a.githubId - b.githubId), unreadable: [] };
    });
  }

  async remote({ id }: TargetProject): ReturnType<MirrorTarget['remote']> {
    // Where it stands now: git reaches projects by their paths alone.
    return this.#life.step(() => {
      const project = this.#server.byId(Number(id));
      const path = project === null ? `gone/${id}` : this.#server.pathOf(project);
      return { url: `https://onedev.example/${path}`, transport: 'http', authorization: null } as const;
    });
  }

  defaultBranch(project: TargetProject, signal: AbortSignal): Promise<string | null> {
    return this.#request(signal, () => this.#need(project).head);
  }

  async setDefaultBranch(project: TargetProject, branch: string, signal: AbortSignal): Promise<void> {
    await this.#request(signal, () => {
      const found = this.#need(project);
      if (!found.refs.has(`refs/heads/${branch}`)) throw new EpicstarError('target-unexpected', `no ${branch}`);
      found.head = branch;
    });
  }

  requestCount(): number {
    return 0;
  }

  async #ensure(
    wanted: ProjectWanted,
    knownId: string | null,
    signal: AbortSignal,
    takeOverProblem?: TakeOverProblem,
  ): Promise<EnsuredProject> {
    const { githubId, fullName } = wanted;
    const { owner, name } = splitFullName(fullName);
    const path = `${root}/${owner}/${name}`;
    const known = await this.#request(signal, () => this.#server.byId(Number(knownId ?? 0)));
    const mine =
      known?.mirrorOf === githubId
        ? known
        : await this.#request(signal, () => this.#server.mirrorsOf(githubId)[0] ?? null);
    if (mine !== null && this.#server.pathOf(mine) === path) return this.#ensured(mine, 'adopted', null);
    let place = { path, name };
    let foreign = await this.#makeWay(path, mine, signal);
    if (foreign !== null && this.#clash === 'rename') {
      place = { path: `${path}+${githubId}`, name: `${name}+${githubId}` };
      if (mine !== null && this.#server.pathOf(mine) === place.path) return this.#ensured(mine, 'adopted', null);
      foreign = await this.#makeWay(place.path, mine, signal);
    }
    if (foreign !== null) {
      const isWanted = this.#clash === 'use' && mine === null && takeOverProblem !== undefined;
      const remote = { url: `https://onedev.example/${path}`, transport: 'http', authorization: null } as const;
      const problem = isWanted ? await takeOverProblem(remote) : 'it is not ours';
      if (problem !== null) throw new EpicstarError('target-name-clash', problem);
      const taken = foreign;
      await this.#request(signal, () => {
        taken.mirrorOf = githubId;
      });
      return this.#ensured(taken, 'adopted', null);
    }
    const parent = await this.#parent(owner, signal);
    if (mine === null) {
      const made = await this.#request(signal, () => this.#server.create(place.name, parent.id, githubId));
      if (made === null) throw new EpicstarError('target-name-clash', place.path);
      return this.#ensured(made, 'created', null);
    }
    const before = this.#server.pathOf(mine);
    const isMoved = await this.#request(signal, () => this.#server.move(mine, place.name, parent.id));
    if (!isMoved) throw new EpicstarError('target-name-clash', place.path);
    return this.#ensured(mine, 'adopted', before);
  }

  /**
   * A mirror of ours whose repository does not have this name any more stands aside.
   *
   * @returns what is not ours there
   */
  async #makeWay(path: string, mine: ModelProject | null, signal: AbortSignal): Promise<ModelProject | null> {
    const there = await this.#request(signal, () => this.#server.byPath(path));
    if (there === null || there === mine) return null;
    if (there.mirrorOf === null) return there;
    const aside = `${there.name}+${there.mirrorOf}`;
    await this.#request(signal, () => this.#server.move(there, aside, there.parentId));
    return null;
  }

  /** To a name below a parent, or beside it. */
  async #put(mine: ModelProject, name: string, parent: ModelProject, signal: AbortSignal): Promise<TargetProject> {
    for (const each of [name, `${name}+${mine.mirrorOf}`]) {
      const isThere = mine.parentId === parent.id && mine.name === each;
      if (isThere || (await this.#request(signal, () => this.#server.move(mine, each, parent.id)))) {
        return this.#placeOf(mine);
      }
    }
    throw new EpicstarError('target-name-clash', name);
  }

  async #mine(id: string, githubId: number, signal: AbortSignal): Promise<ModelProject | null> {
    const found = await this.#request(signal, () => this.#server.byId(Number(id)));
    if (found !== null && found.mirrorOf !== githubId) throw new EpicstarError('target-name-clash', id);
    return found;
  }

  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const result = this.#turn.then(task);
    this.#turn = result.catch(() => null);
    return result;
  }

  async #parent(owner: string, signal: AbortSignal): Promise<ModelProject> {
    const top = await this.#folder(root, null, signal);
    return this.#folder(owner, top, signal);
  }

  async #folder(name: string, above: ModelProject | null, signal: AbortSignal): Promise<ModelProject> {
    const path = above === null ? name : `${this.#server.pathOf(above)}/${name}`;
    const there = await this.#request(signal, () => this.#server.byPath(path));
    const folder = there ?? (await this.#request(signal, () => this.#server.create(name, above?.id ?? null, null)));
    if (folder === null) throw new EpicstarError('target-unexpected', path);
    return folder;
  }

  #request<T>(signal: AbortSignal, answer: () => T): Promise<T> {
    return this.#life.step(() => {
      throwIfAborted(signal);
      this.#server.check();
      return answer();
    });
  }

  #ensured(project: ModelProject, how: EnsuredProject['how'], movedFrom: string | null): EnsuredProject {
    const path = this.#server.pathOf(project);
    return { project: { id: String(project.id), path, webUrl: null }, how, movedFrom };
  }

  #placeOf(project: ModelProject): TargetProject {
    return { id: String(project.id), path: this.#server.pathOf(project), webUrl: null };
  }

  #need({ id }: TargetProject): ModelProject {
    const found = this.#server.byId(Number(id));
    if (found === null) throw new EpicstarError('target-unexpected', `no project ${id}`);
    return found;
  }
}

/** Below the root, without the mark of one that had to make way. */
function nameOf(path: string): string {
  return path.slice(root.length + 1).replace(/\+\d+$/, '');
}
