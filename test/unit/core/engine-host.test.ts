/** @file One engine for all faces while its insides are built anew: real engines on one data directory and its lock. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EngineControl, Overview } from '../../../src-main/engine/core/engine-api.ts';
import { EngineHost } from '../../../src-main/engine/core/engine-host.ts';
import { EpicstarError } from '../../../src-main/engine/domain/errors.ts';
import { openSqliteStore } from '../../../src-main/engine/adapters/sqlite/index.ts';
import { createKeptLog, type KeptLog } from '../../support/kept-log.ts';
import { settle } from '../../support/manual-clock.ts';
import { MirrorBench } from '../../support/mirror-bench.ts';

const never = new AbortController().signal;

describe('the engine behind all faces', () => {
  let bench: MirrorBench;
  let host: EngineHost;
  let log: KeptLog;
  /** What the engines were told, in order: `start 1`, `stop 1`, … */
  let told: string[];
  let builds: number;
  /** Awaited before each engine is built. */
  let gate: () => Promise<void>;
  /** Done to each engine that was built. */
  let prepare: (engine: EngineControl) => void;

  beforeEach(async () => {
    bench = await MirrorBench.start({ targetKind: 'folder' });
    log = createKeptLog();
    told = [];
    builds = 0;
    gate = () => Promise.resolve();
    prepare = () => undefined;
    host = await EngineHost.open({ build, log });
  });
  afterEach(async () => {
    await host.stop();
    await bench.close();
  });

  async function build(): Promise<EngineControl> {
    await gate();
    const engine = await bench.open();
    builds += 1;
    const number = builds;
    for (const name of ['start', 'startOnce', 'stop'] as const) {
      const method = engine[name].bind(engine);
      engine[name] = () => {
        told.push(`${name} ${number}`);
        return method();
      };
    }
    prepare(engine);
    return engine;
  }

  /** Whether a promise is settled once everything that is ready has run. */
  async function isSettled(promise: Promise<unknown>): Promise<boolean> {
    let settled = false;
    const note = (): void => {
      settled = true;
    };
    promise.then(note, note);
    await settle();
    return settled;
  }

  it('is built anew as it was started before', async () => {
    await host.rebuild();
    expect(told).toEqual(['stop 1']);
    await host.startOnce();
    await host.rebuild();
    expect(told.slice(1)).toEqual(['startOnce 2', 'stop 2', 'startOnce 3']);
    await host.rebuild();
    expect(told.slice(4)).toEqual(['stop 3', 'startOnce 4']);
    await host.stop();
    await host.rebuild();
    expect(told.slice(6)).toEqual(['stop 4']);
  });

  it('looks again for whoever waits for a look that the change of engines cut off', async () => {
    const looks: number[] = [];
    let cutOff = (): void => undefined;
    const begun = new Promise<void>((resolve) => {
      prepare = (engine) => {
        const number = builds;
        const look = engine.lookNow.bind(engine);
        const stop = engine.stop.bind(engine);
        engine.lookNow = (full) => {
          looks.push(number);
          if (number > 2) return look(full);
          resolve();
          return new Promise((_resolve, reject) => {
            cutOff = () => reject(new EpicstarError('cancelled', ''));
          });
        };
        engine.stop = () => {
          cutOff();
          return stop();
        };
      };
    });
    await host.rebuild();
    const report = host.lookNow(false);
    await begun;
    await host.rebuild();
    expect(await report).toMatchObject({ kind: 'full' });
    expect(looks).toEqual([2, 3]);
    const last = host.lookNow(false).catch((error: unknown) => error);
    await host.stop();
    expect(await last).toMatchObject({ code: 'cancelled' });
  });

  it('goes on looking by itself after it was built anew', async () => {
    await host.start();
    await host.rebuild();
    bench.github.log.clear();
    await bench.github.log.waitFor({ path: '/user/starred' });
    expect(told.filter((word) => !word.startsWith('startOnce'))).toEqual(['start 1', 'stop 1', 'start 2']);
  });

  it('lets calls wait while it is built', async () => {
    await host.startOnce();
    const opened = Promise.withResolvers<void>();
    gate = () => opened.promise;
    const rebuilt = host.rebuild();
    const calls = [host.overview(), host.work(), host.selectionRules(), host.lookNow(false), host.mirrorNow([7])];
    host.limitTo([]);
    expect(await Promise.all([rebuilt, ...calls].map(isSettled))).toEqual(Array(6).fill(false));
    opened.resolve();
    const [overview, work] = await Promise.all(calls);
    expect(overview).toMatchObject({ target: { kind: 'folder' } });
    expect(work).toEqual([]);
    await rebuilt;
  });

  it('keeps its listeners, and its revisions grow', async () => {
    const revisions: number[] = [];
    const runs: string[] = [];
    const told3: number[] = [];
    host.subscribe('overview', ({ revision }) => revisions.push(revision));
    host.subscribe('run', ({ fullName, outcome }) => runs.push(`${fullName} ${outcome}`));
    const unsubscribe = host.subscribe('repositories', () => told3.push(told3.length));
    const ask = async (): Promise<Overview> => {
      const overview = await host.overview();
      revisions.push(overview.revision);
      return overview;
    };
    await host.startOnce();
    await ask();
    await host.rebuild();
    await ask();
    expect(told3.length).toBeGreaterThan(0);
    unsubscribe();
    const toldBefore = told3.length;
    bench.github.world.star(bench.github.world.addRepository({ fullName: 'ada/empty' }));
    await host.lookNow(false);
    await host.drained(75_000);
    await host.rebuild();
    await ask();
    expect(runs).toEqual(['ada/empty done']);
    expect(told3).toHaveLength(toldBefore);
    expect(revisions.length).toBeGreaterThan(5);
    expect(revisions).toEqual(revisions.toSorted((a, b) => a - b));
    expect(new Set(revisions).size).toBe(revisions.length);
  });

  it('tells all listeners, also behind one that fails', async () => {
    const seen: string[] = [];
    host.subscribe('overview', () => {
      throw new RangeError('a broken window');
    });
    host.subscribe('overview', () => seen.push('told'));
    await host.rebuild();
    expect(seen.length).toBeGreaterThan(0);
    expect(log.lines).toContainEqual(expect.objectContaining({ level: 'error', message: 'a listener failed' }));
  });

  it('tells each engine that is built why it is to be quiet', async () => {
    await host.setQuiet(['battery']);
    await host.startOnce();
    await host.rebuild();
    expect((await host.overview()).quiet).toEqual(['battery']);
    const rebuilt = host.rebuild();
    await Promise.all([host.setQuiet(['metered']), rebuilt]);
    expect((await host.overview()).quiet).toEqual(['metered']);
    await host.setQuiet([]);
    expect((await host.overview()).quiet).toEqual([]);
  });

  it('that cannot be built rejects every call until it can', async () => {
    await host.startOnce();
    gate = () => Promise.reject(new EpicstarError('config-invalid', 'No such folder.'));
    await expect(host.rebuild()).rejects.toMatchObject({ code: 'config-invalid' });
    await expect(host.overview()).rejects.toMatchObject({ code: 'config-invalid' });
    await expect(host.verify(7, never)).rejects.toMatchObject({ code: 'config-invalid' });
    await expect(host.rebuild()).rejects.toMatchObject({ code: 'config-invalid' });
    expect(log.lines.filter(({ level }) => level === 'error')).toHaveLength(2);
    gate = () => Promise.resolve();
    await host.rebuild();
    expect(await host.overview()).toMatchObject({ target: { kind: 'folder' } });
    expect(told).toEqual(['startOnce 1', 'stop 1', 'startOnce 2']);
  });

  it('that cannot be started lets go of the data directory, so that the next one can be built', async () => {
    await host.startOnce();
    prepare = (engine) => {
      engine.startOnce = () => Promise.reject(new EpicstarError('disk-full', ''));
    };
    await expect(host.rebuild()).rejects.toMatchObject({ code: 'disk-full' });
    await expect(host.overview()).rejects.toMatchObject({ code: 'disk-full' });
    prepare = () => undefined;
    await host.rebuild();
    expect(await host.overview()).toMatchObject({ target: { kind: 'folder' } });
  });

  it('is built once for each time that was asked for, one after the other', async () => {
    await host.startOnce();
    await Promise.all([host.rebuild(), host.rebuild()]);
    expect(told).toEqual(['startOnce 1', 'stop 1', 'startOnce 2', 'stop 2', 'startOnce 3']);
  });

  it('is started once, also where that is asked for while it is built', async () => {
    const opened = Promise.withResolvers<void>();
    gate = () => opened.promise;
    const rebuilt = host.rebuild();
    const started = host.startOnce();
    opened.resolve();
    await Promise.all([rebuilt, started]);
    expect(told).toEqual(['stop 1', 'startOnce 2']);
  });

  it('that is stopped while it is built ends, is never started, and leaves nothing open', async () => {
    await host.startOnce();
    const opened = Promise.withResolvers<void>();
    gate = () => opened.promise;
    const rebuilt = host.rebuild();
    const stopped = host.stop();
    expect(await isSettled(stopped)).toBe(false);
    opened.resolve();
    await Promise.all([rebuilt, stopped]);
    expect(told).toEqual(['startOnce 1', 'stop 1', 'stop 2']);
    const store = await openSqliteStore({ dataDir: bench.dataDir });
    await store.close();
  });

  it('that could not be built can be stopped', async () => {
    gate = () => Promise.reject(new EpicstarError('config-invalid', ''));
    await expect(host.rebuild()).rejects.toMatchObject({ code: 'config-invalid' });
    await host.stop();
    expect(told).toEqual(['stop 1']);
  });
});
