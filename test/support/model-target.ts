/**
 * @file The OneDev of a model: projects below parents, their refs and objects, and its refusals. It watches what must
 * never happen: a tip that is lost, and objects of two repositories in one project.
 */
import { EpicstarError } from '../../src-main/engine/domain/errors.ts';
import type { PushCommand, PushRejection, PushResult } from '../../src-main/engine/ports/git.ts';
import { isInTheWay, type ModelGraph, shortOid } from './model-graph.ts';
import type { ModelClock } from './model-life.ts';

export interface ModelProject {
  readonly id: number;
  parentId: number | null;
  name: string;
  /** GitHub id in its description; null: it is not ours. */
  mirrorOf: number | null;
  readonly refs: Map<string, string>;
  /** Short name; null: none. */
  head: string | null;
  readonly objects: Set<string>;
  /** All that was ever the tip of a branch or tag. */
  readonly tips: Set<string>;
}

export class ModelTarget {
  readonly graph: ModelGraph;
  readonly projects: ModelProject[] = [];
  /** Repositories whose mirrors a person wanted removed. */
  readonly doomed = new Set<number>();
  /** What must never happen and did. */
  readonly violations: string[] = [];
  readonly #clock: ModelClock;
  #ids = 0;
  #awayUntil = 0;
  #isStarting = false;

  constructor(graph: ModelGraph, clock: ModelClock) {
    this.graph = graph;
    this.#clock = clock;
  }

  /** @param isStarting it answers 404 to everything meanwhile */
  shutUntil(at: number, isStarting: boolean): void {
    this.#awayUntil = at;
    this.#isStarting = isStarting;
  }

  get away(): 'no' | 'starting' | 'away' {
    if (this.#clock.now() >= this.#awayUntil) return 'no';
    return this.#isStarting ? 'starting' : 'away';
  }

  check(): void {
    if (this.away === 'starting') throw new EpicstarError('target-starting', '');
    if (this.away === 'away') throw new EpicstarError('target-unavailable', '');
  }

  pathOf({ parentId, name }: ModelProject): string {
    const parent = this.projects.find(({ id }) => id === parentId);
    return parent === undefined ? name : `${this.pathOf(parent)}/${name}`;
  }

  byPath(path: string): ModelProject | null {
    return this.projects.find((project) => this.pathOf(project).toLowerCase() === path.toLowerCase()) ?? null;
  }

  byId(id: number): ModelProject | null {
    return this.projects.find((project) => project.id === id) ?? null;
  }

  mirrorsOf(githubId: number): readonly ModelProject[] {
    return this.projects.filter(({ mirrorOf }) => mirrorOf === githubId);
  }

  /** Null: the name is taken, without regard to case. */
  create(name: string, parentId: number | null, mirrorOf: number | null): ModelProject | null {
    if (this.#isTaken(name, parentId, null)) return null;
    this.#ids += 1;
    const id = this.#ids;
    const project = { id, parentId, name, mirrorOf, refs: new Map(), head: null, objects: new Set(), tips: new Set() };
    this.projects.push(project as ModelProject);
    return this.byId(id);
  }

  /** False: the name is taken. */
  move(project: ModelProject, name: string, parentId: number | null): boolean {
    if (this.#isTaken(name, parentId, project)) return false;
    project.name = name;
    project.parentId = parentId;
    return true;
  }

  /** With all that stands below it, as OneDev does. */
  remove(project: ModelProject): void {
    if (project.mirrorOf === null || !this.doomed.has(project.mirrorOf)) {
      this.violations.push(`${this.pathOf(project)} was removed, and nobody asked for that`);
    }
    if (project.mirrorOf !== null) this.doomed.delete(project.mirrorOf);
    for (const child of this.projects.filter(({ parentId }) => parentId === project.id)) this.remove(child);
    this.projects.splice(this.projects.indexOf(project), 1);
  }

  /** @param packed what the pusher has of the objects that the commands lead to */
  receive(project: ModelProject, commands: readonly PushCommand[], packed: ReadonlySet<string>): PushResult {
    if (commands.some(({ ref }) => /[~+]/.test(ref))) {
      const rejected = commands.map(({ ref }) => ({ ref, reason: 'pre-receive hook declined' }));
      return { accepted: [], rejected, output: 'curl: (22) The requested URL returned error: 500', bytesSent: 0 };
    }
    const rejected: PushRejection[] = [];
    const created: string[] = [];
    const hadHead = project.head !== null;
    for (const command of commands) {
      const reason = this.#refusal(project, command, packed);
      if (reason !== null) rejected.push({ ref: command.ref, reason });
      else this.#apply(project, command);
      if (reason === null && command.oid !== null && command.ref.startsWith('refs/heads/')) created.push(command.ref);
    }
    if (!hadHead) project.head = automaticDefault(created.map((ref) => ref.slice('refs/heads/'.length)));
    const refused = new Set(rejected.map(({ ref }) => ref));
    const accepted = commands.map(({ ref }) => ref).filter((ref) => !refused.has(ref));
    return { accepted, rejected, output: '', bytesSent: packed.size };
  }

  #refusal({ refs, head, objects }: ModelProject, command: PushCommand, packed: ReadonlySet<string>): string | null {
    const { ref, oid, expect } = command;
    if ((refs.get(ref) ?? null) !== expect) return 'stale info';
    if (oid === null) return ref === `refs/heads/${head}` ? 'deletion of the current branch prohibited' : null;
    for (const needed of this.graph.closure([oid])) {
      if (!objects.has(needed) && !packed.has(needed)) return 'missing necessary objects';
    }
    return isInTheWay(
      ref,
      [...refs.keys()].filter((other) => other !== ref),
    )
      ? 'failed to update ref'
      : null;
  }

  #apply(project: ModelProject, { ref, oid }: PushCommand): void {
    const { refs, objects, tips } = project;
    const old = refs.get(ref);
    if (oid === null) refs.delete(ref);
    else refs.set(ref, oid);
    if (oid !== null) {
      for (const each of this.graph.closure([oid])) objects.add(each);
      if (!ref.startsWith('refs/epicstar/')) tips.add(oid);
      this.#watchOwner(project, oid);
    }
    // What arrives in slices is nobody's tip before all of it is there.
    const isTip = !ref.startsWith('refs/epicstar/incoming/');
    if (isTip && old !== undefined && old !== oid && !this.graph.closure(refs.values()).has(old)) {
      this.violations.push(`${this.pathOf(project)}: the old tip ${shortOid(old)} of ${ref} is reachable from nowhere`);
    }
  }

  #watchOwner(project: ModelProject, oid: string): void {
    const { madeIn } = this.graph.get(oid);
    if (madeIn === project.mirrorOf) return;
    const whose = project.mirrorOf === null ? 'nobody we know' : `repository ${project.mirrorOf}`;
    this.violations.push(`${this.pathOf(project)}, of ${whose}, was given objects of repository ${madeIn}`);
  }

  #isTaken(name: string, parentId: number | null, mover: ModelProject | null): boolean {
    return this.projects.some(
      (one) => one !== mover && one.parentId === parentId && one.name.toLowerCase() === name.toLowerCase(),
    );
  }
}

export function automaticDefault(branches: readonly string[]): string | null {
  return branches.includes('main') ? 'main' : (branches.at(-1) ?? null);
}
