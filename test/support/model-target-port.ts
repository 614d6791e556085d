/**
 * @file The engine's port over the OneDev of a model: it finds, makes and moves projects by one request after another,
 * as an adapter has to, so that a process may die between any two of them.
 */
import { EpicstarError } from '../../src-main/engine/domain/errors.ts';
import { splitFullName } from '../../src-main/engine/domain/repository.ts';
import type {
  CheckItem,
  EnsuredProject,
  MirrorTarget,
  ProjectWanted,
  TargetProject,
} from '../../src-main/engine/ports/mirror-target.ts';
import { type Life, throwIfAborted } from './model-life.ts';
import { automaticDefault, type ModelProject, type ModelTarget } from './model-target.ts';

export const root = 'github';

export class ModelTargetPort implements MirrorTarget {
  readonly kind = 'onedev';
  readonly address = 'https://onedev.example';
  readonly limits = { refsPerPush: 3, smallPackBytes: 500, smallPushesAtOnce: 2 };
  readonly automaticDefault = automaticDefault;
  readonly #server: ModelTarget;
  readonly #life: Life;
  /** One at a time makes, moves and sets aside. */
  #turn: Promise<unknown> = Promise.resolve();

  constructor(server: ModelTarget, life: Life) {
    this.#server = server;
    this.#life = life;
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

  ensureProject(wanted: ProjectWanted, knownId: string | null, signal: AbortSignal): Promise<EnsuredProject> {
    const ensured = this.#turn.then(() => this.#ensure(wanted, knownId, signal));
    this.#turn = ensured.catch(() => null);
    return ensured;
  }

  whereIs({ id }: TargetProject, signal: AbortSignal): Promise<TargetProject | null> {
    return this.#request(signal, () => {
      const project = this.#server.byId(Number(id));
      return project === null ? null : { id, path: this.#server.pathOf(project), webUrl: null };
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

  async #ensure(wanted: ProjectWanted, knownId: string | null, signal: AbortSignal): Promise<EnsuredProject> {
    const { githubId, fullName } = wanted;
    const { owner, name } = splitFullName(fullName);
    const path = `${root}/${owner}/${name}`;
    const known = await this.#request(signal, () => this.#server.byId(Number(knownId ?? 0)));
    const mine =
      known?.mirrorOf === githubId
        ? known
        : await this.#request(signal, () => this.#server.mirrorsOf(githubId)[0] ?? null);
    if (mine !== null && this.#server.pathOf(mine) === path) return this.#ensured(mine, 'adopted', null);
    await this.#makeWay(path, mine, signal);
    const parent = await this.#parent(owner, signal);
    if (mine === null) {
      const made = await this.#request(signal, () => this.#server.create(name, parent.id, githubId));
      if (made === null) throw new EpicstarError('target-name-clash', path);
      return this.#ensured(made, 'created', null);
    }
    const before = this.#server.pathOf(mine);
    const isMoved = await this.#request(signal, () => this.#server.move(mine, name, parent.id));
    if (!isMoved) throw new EpicstarError('target-name-clash', path);
    return this.#ensured(mine, 'adopted', before);
  }

  /** A mirror of ours whose repository does not have this name any more stands aside. */
  async #makeWay(path: string, mine: ModelProject | null, signal: AbortSignal): Promise<void> {
    const there = await this.#request(signal, () => this.#server.byPath(path));
    if (there === null || there === mine) return;
    if (there.mirrorOf === null) throw new EpicstarError('target-name-clash', path);
    const aside = `${there.name}+${there.mirrorOf}`;
    await this.#request(signal, () => this.#server.move(there, aside, there.parentId));
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

  #need({ id }: TargetProject): ModelProject {
    const found = this.#server.byId(Number(id));
    if (found === null) throw new EpicstarError('target-unexpected', `no project ${id}`);
    return found;
  }
}
