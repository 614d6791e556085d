/** @file Plays a history of a model: a real engine on simulated ports, ended and started again as the history says. */
import type { EngineControl } from '../../src-main/engine/core/engine-api.ts';
import { createEngine } from '../../src-main/engine/core/engine.ts';
import { EpicstarError } from '../../src-main/engine/domain/errors.ts';
import type { Log, LogFields } from '../../src-main/engine/ports/log.ts';
import type { ClashStrategy } from '../../src-main/engine/ports/mirror-target.ts';
import type { Store } from '../../src-main/engine/ports/store.ts';
import { createMemoryStore } from '../conformance/memory-store.ts';
import { createModelGit, type ModelCaches } from './model-git.ts';
import { ModelGithub, type ModelRepository, names } from './model-github.ts';
import { createModelGithubPort, GithubTroubles } from './model-github-port.ts';
import { ModelGraph } from './model-graph.ts';
import type { Act, Change, Command, History } from './model-history.ts';
import { createRandom, Fates, Life, livePort, ModelClock } from './model-life.ts';
import { type ModelProject, ModelTarget } from './model-target.ts';
import { ModelTargetPort, root } from './model-target-port.ts';
import { VerdictWatch } from './model-verdicts.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

export class Story {
  readonly clock = new ModelClock();
  readonly graph = new ModelGraph();
  readonly github = new ModelGithub(this.graph, this.clock);
  readonly troubles = new GithubTroubles(this.clock);
  readonly target = new ModelTarget(this.graph, this.clock);
  readonly store: Store = createMemoryStore();
  readonly verdicts = new VerdictWatch(this.troubles);
  /** What was logged as an error, and what rejected that should not. */
  readonly complaints: string[] = [];
  /** Somebody's own project that has refs, and which it had at first. */
  foreign: { readonly project: ModelProject; readonly refs: ReadonlyMap<string, string> } | null = null;
  readonly #caches: ModelCaches = new Map();
  readonly #fates: Fates;
  readonly clash: ClashStrategy;
  #life: Life;
  #engine: EngineControl;
  #isQuitting = false;

  constructor({ seed, starred, foreign, foreignHas, clash }: History) {
    this.#fates = new Fates(createRandom(seed));
    this.clash = clash;
    for (const name of names.filter((each) => each !== 'ada/Loom').slice(0, starred)) this.#starNew(name);
    if (foreign !== null) this.#makeForeign(names[foreign] ?? '', foreignHas);
    this.#life = new Life(this.clock, this.#fates);
    this.#engine = this.#start(this.#life);
  }

  async pass(ms: number): Promise<void> {
    await this.clock.advance(ms, async () => {
      while (!this.#life.isAlive && !this.#isQuitting) {
        this.#life = new Life(this.clock, this.#fates);
        this.#engine = this.#start(this.#life);
        await this.clock.advance(0, () => Promise.resolve());
      }
    });
  }

  async play(command: Command): Promise<void> {
    switch (command.kind) {
      case 'time':
        return this.pass(command.minutes * minuteMs);
      case 'list-fault':
        this.troubles.addFault(command.how, command.skip);
        return;
      case 'outage': {
        const until = this.clock.now() + command.minutes * minuteMs;
        if (command.code === 'target-unavailable' || command.code === 'target-starting') {
          this.target.shutUntil(until, command.code === 'target-starting');
        } else this.troubles.shutUntil(command.code, until);
        return;
      }
      case 'crash':
        this.#fates.plan(command.inCalls, () => (command.isAnswered ? 'die-after' : 'die-before'));
        return;
      case 'meanwhile':
        this.#fates.plan(command.inCalls, () => {
          for (const act of command.acts) this.#act(act);
          return 'go-on';
        });
        return;
      case 'quit':
        return this.#quit();
      default:
        this.#act(command);
        return this.pass(0);
    }
  }

  /** Nothing goes wrong from now on. */
  async calm(): Promise<void> {
    this.#fates.forget();
    this.troubles.lift();
    this.target.shutUntil(0, false);
    await this.pass(0);
    // Whoever paused for good has to resume; everything else has to go on by itself.
    const { pause } = await this.#engine.overview();
    if (pause !== null && pause.until === null) this.#wish(this.#engine.resume());
    await this.pass(0);
  }

  end(): void {
    this.#life.end();
  }

  #start(life: Life): EngineControl {
    const { clock, graph, github, troubles, target } = this;
    const log = logErrors((message, fields) => this.#note(message, fields));
    const store = livePort(
      new Proxy(this.store, { get: (from, key) => (key === 'close' ? () => Promise.resolve() : bound(from, key)) }),
      life,
      (method, args) => {
        if (method === 'writeVerdict') this.verdicts.note(args, clock.now());
        if (method === 'markAbsent') this.#noteAbsence(args[0] as ReadonlySet<number>);
      },
    );
    const engine = createEngine({
      store,
      github: createModelGithubPort(github, troubles, life),
      target: new ModelTargetPort(target, life, this.clash),
      git: createModelGit({ graph, caches: this.#caches, github, troubles, target, life }),
      disk: {
        dataDir: '/data',
        freeBytes: () => life.step(() => null),
        writeProblem: () => life.step(() => null),
      },
      clock: life.clock,
      random: this.#fates.random,
      network: { isOnline: () => true, onChange: () => () => undefined },
      log,
      options: {
        concurrency: 3,
        lookEveryMs: 20 * minuteMs,
        fullWalkEveryMs: 6 * hourMs,
        sweepEveryMs: 72 * hourMs,
        historyMs: 720 * hourMs,
        cacheLimitBytes: 1_500,
      },
    });
    this.#wish(engine.start());
    return engine;
  }

  /** A clean end, and a start. */
  async #quit(): Promise<void> {
    const engine = this.#engine;
    let isStopped = false;
    this.#isQuitting = true;
    this.#wish(engine.stop().then(() => (isStopped = true)));
    await this.pass(15_000);
    this.#isQuitting = false;
    if (!isStopped && this.#life.isAlive) this.complaints.push('it did not stop in time');
    if (this.#life.isAlive) this.#life.end();
    await this.pass(0);
  }

  #note(message: string, { error }: LogFields): void {
    this.complaints.push(`${message}: ${error instanceof Error ? (error.stack ?? error.message) : ''}`);
  }

  /** What the list had all the while, from one look at its head to the next, may not be taken for gone. */
  #noteAbsence(present: ReadonlySet<number>): void {
    const [after, atFirst] = this.troubles.omissions;
    // A list that leaves out another one in the middle of a walk moves under it, and its total stays: nobody can tell.
    if (after !== atFirst) return;
    const [, before] = this.troubles.heads;
    for (const repository of this.github.starred()) {
      const wasThere = repository.starredAs <= before && !this.troubles.wasEverOmitted(repository);
      if (wasThere && !present.has(repository.id)) this.complaints.push(`${repository.fullName} was taken for gone`);
    }
  }

  #wish(promise: Promise<unknown>): void {
    promise.catch((error: unknown) => {
      const isKnown = error instanceof EpicstarError && error.code !== 'internal';
      if (!isKnown) this.complaints.push(error instanceof Error ? (error.stack ?? error.message) : String(error));
    });
  }

  #act(act: Act): void {
    switch (act.kind) {
      case 'look':
        return this.#wish(this.#engine.lookNow(act.full));
      case 'pause':
        return this.#wish(this.#engine.pause(act.minutes === null ? null : this.clock.now() + act.minutes * minuteMs));
      case 'resume':
        return this.#wish(this.#engine.resume());
      case 'mirror':
        return this.#wish(this.#engine.mirrorNow(this.#idsOf(act.pick)));
      case 'exclude':
        return this.#wish(this.#engine.choose(this.#idsOf(act.pick), 'exclude'));
      case 'include':
        return this.#wish(this.#engine.choose(this.#idsOf(act.pick), null));
      case 'restore':
        return this.#restore(act.pick);
      case 'archive':
        return this.#wish(this.#engine.archiveMirrors(this.#idsOf(act.pick), new AbortController().signal));
      case 'bring-back':
        return this.#wish(this.#engine.bringBackMirrors(this.#idsOf(act.pick), new AbortController().signal));
      case 'delete':
        return this.#wish(this.#delete(act.pick));
      default:
        this.#change(act);
    }
  }

  /** The oldest tip that is kept becomes a branch. */
  #restore(pick: number): void {
    for (const id of this.#idsOf(pick)) {
      const refs = this.target.mirrorsOf(id).flatMap((project) => [...project.refs.keys()]);
      const kept = refs.find((ref) => ref.startsWith('refs/epicstar/kept/'));
      if (kept !== undefined) this.#wish(this.#engine.restoreKeptRef(id, kept, new AbortController().signal));
    }
  }

  async #delete(pick: number): Promise<void> {
    const engine = this.#engine;
    for (const githubId of this.#idsOf(pick)) {
      const row = await this.store.repository(githubId);
      if (row?.mirror === undefined || row.mirror === null) return;
      this.target.doomed.add(githubId);
      await engine.deleteMirrors([{ githubId, typedName: row.fullName }], new AbortController().signal);
    }
  }

  #change(change: Change): void {
    const { github } = this;
    if (change.kind === 'star-new') return this.#starNew(names[change.name] ?? '');
    const repository = this.#pick(change.pick);
    if (repository === null) return;
    switch (change.kind) {
      case 'rename':
        github.rename(repository, names[change.name] ?? '');
        break;
      case 'take-over': {
        const { fullName } = repository;
        if (!github.rename(repository, names[change.name] ?? '')) break;
        const stranger = github.create(fullName);
        if (change.starred && stranger !== null) github.star(stranger);
        break;
      }
      case 'push':
        github.push(repository, change.how, change.branch);
        break;
      case 'unstar':
        github.unstar(repository);
        break;
      case 'restar':
        github.star(repository);
        break;
      case 'remove':
        repository.isRemoved = true;
        repository.starredAt = null;
        break;
      case 'make-private':
        github.setAccess(repository, 'own');
        break;
      case 'close':
        github.setAccess(repository, 'closed');
        break;
      case 'reveal':
        github.setAccess(repository, 'public');
        break;
      case 'block':
      case 'unblock':
        repository.isBlocked = change.kind === 'block';
        break;
      case 'empty':
        github.empty(repository, this.target.mirrorsOf(repository.id)[0]?.refs ?? new Map());
        break;
      case 'omit':
        this.troubles.omit(repository.id);
        break;
    }
  }

  #starNew(name: string): void {
    const created = this.github.create(name);
    if (created !== null) this.github.star(created);
  }

  #pick(pick: number): ModelRepository | null {
    const alive = this.github.all.filter(({ isRemoved }) => !isRemoved);
    return alive[pick % Math.max(alive.length, 1)] ?? null;
  }

  #idsOf(pick: number): readonly number[] {
    const repository = this.#pick(pick);
    return repository === null ? [] : [repository.id];
  }

  #makeForeign(fullName: string, has: History['foreignHas']): void {
    const [owner = '', name = ''] = fullName.split('/');
    const top = this.target.create(root, null, null);
    const parent = this.target.create(owner, top?.id ?? null, null);
    const project = this.target.create(name, parent?.id ?? null, null);
    if (project === null || has === 'nothing') return;
    const copied = has === 'a copy' ? (this.github.byName(fullName)?.refs ?? new Map<string, string>()) : null;
    const refs = copied ?? new Map([['refs/heads/main', this.graph.add(0, [])]]);
    for (const [ref, oid] of refs) {
      project.refs.set(ref, oid);
      project.tips.add(oid);
    }
    for (const oid of this.graph.closure(refs.values())) project.objects.add(oid);
    project.head = refs.has('refs/heads/main') ? 'main' : null;
    this.foreign = { project, refs: new Map(refs) };
  }
}

function bound(from: object, key: string | symbol): unknown {
  const method: unknown = Reflect.get(from, key, from);
  return typeof method === 'function' ? method.bind(from) : method;
}

function logErrors(note: (message: string, fields: LogFields) => void): Log {
  const silent = (): void => undefined;
  const log: Log = {
    debug: silent,
    info: silent,
    warn: silent,
    error: (message, fields = {}) => note(message, fields),
    child: () => log,
  };
  return log;
}
