/**
 * @file Builds engine and set-up from settings and secrets, in the order in which the parts need each other. Shared by
 * the composition roots of command line, server and desktop.
 */
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { createEngine } from './engine/core/engine.ts';
import type { EngineControl } from './engine/core/engine-api.ts';
import { EngineHost } from './engine/core/engine-host.ts';
import { EpicstarError } from './engine/domain/errors.ts';
import { isLoopbackHost } from './engine/adapters/github/addresses.ts';
import { createGithub } from './engine/adapters/github/github.ts';
import { createLfs } from './engine/adapters/lfs/lfs.ts';
import { type OpenStoreOptions, openSqliteStore } from './engine/adapters/sqlite/index.ts';
import { createBundleShelf } from './engine/adapters/system/bundle-shelf.ts';
import { prepareDataDir } from './engine/adapters/system/data-dir.ts';
import { createDisk } from './engine/adapters/system/disk.ts';
import { createAgent } from './engine/adapters/system/http-agent.ts';
import { createNetwork } from './engine/adapters/system/network.ts';
import type { Log } from './engine/ports/log.ts';
import { type Base, type ComposeOptions, openBase } from './compose-base.ts';
import { createTarget, githubWebUrlOf, gitWith, pushTrialOf } from './compose-places.ts';
import { buildSetup } from './compose-setup.ts';
import { otherRemotesOf } from './compose-remotes.ts';

const hourMs = 3_600_000;

export type Composition = Awaited<ReturnType<typeof compose>>;

/** The whole program without its faces. Rejects with an EpicstarError of the settings or the store. */
export async function compose(options: ComposeOptions) {
  const base = await openBase(options);
  const { log, clock } = base;
  const engine = await EngineHost.open({ build: () => buildEngine(base, options), log });
  const setup = buildSetup(base, {
    selection: engine,
    rebuild: () => engine.rebuild(),
    credentialsChanged: () => engine.credentialsChanged(),
  });
  log.info('epicstar is open', { version: options.version, dataDir: options.dataDir, mode: options.mode });
  return {
    ...base,
    engine,
    setup,
    clock,
    close: async (): Promise<void> => {
      await setup.stop();
      await engine.stop();
      await base.close();
    },
  };
}

/** Set-up alone, beside a program that works on the same data directory: what it changes is there at its next start. */
export async function composeSetup(options: Pick<ComposeOptions, 'dataDir' | 'version'>) {
  await prepareDataDir(options.dataDir);
  const base = await openBase({ ...options, mode: 'read', stderrLog: 'warnings', mayLackTarget: true });
  const nothing = (): Promise<void> => Promise.resolve();
  const refuse = (): Promise<never> =>
    Promise.reject(new EpicstarError('config-invalid', 'What to mirror is chosen in the window.'));
  const setup = buildSetup(base, {
    selection: {
      selectionRules: refuse,
      previewSelection: refuse,
      saveSelection: refuse,
      savedRules: refuse,
      chosen: refuse,
      replaceChoices: refuse,
      // Whoever signs in at a terminal is not asked in a window what to mirror.
      awaitSelection: nothing,
      awaitsSelection: () => Promise.resolve(false),
      isUntouched: () => Promise.resolve(false),
    },
    rebuild: async () => {
      await base.reload();
    },
    credentialsChanged: nothing,
  });
  let closing: Promise<void> | null = null;
  const closeAll = async (): Promise<void> => {
    await setup.stop();
    await base.close();
  };
  return {
    setup,
    close: (): Promise<void> => {
      closing ??= closeAll();
      return closing;
    },
  };
}

async function buildEngine(base: Base, options: ComposeOptions): Promise<EngineControl> {
  const { clock, redactor, log, secrets, dataDir, version, proxyFor } = base;
  const settings = await base.reload();
  const agent = createAgent({ caFile: settings.caFile, proxyFor });
  const shared = { clock, log, secrets, redactor, dispatcher: agent, allowInsecureHosts: settings.allowInsecureHosts };
  const github = createGithub({ ...shared, apiUrl: settings.githubApiUrl, version });
  const git = gitWith(base, { home: 'git-home', settings, caFile: settings.caFile, agent });
  const target = createTarget(settings, { ...shared, tryPush: pushTrialOf(git) }, options.mayLackTarget);
  if (options.mode === 'work-or-read') await prepareDataDir(dataDir);
  const storeOptions = {
    dataDir,
    ...(settings.databaseFile === null ? {} : { databaseFile: settings.databaseFile }),
    throwAway: options.mode === 'dry-run',
  };
  const { store, isReadOnly } = await openStore(options.mode, storeOptions, log);
  const disk = createDisk(dataDir);
  log.info('the engine is built', { target: target.address, github: github.host });
  return createEngine({
    store,
    github,
    target,
    git,
    disk,
    lfs: createLfs({ tempDir: join(dataDir, 'lfs'), disk, clock, redactor, dispatcher: agent }),
    // Only who works on the data directory may clear what lies there.
    ...(options.mode === 'work' ? { shelf: createBundleShelf(dataDir) } : {}),
    readOtherRemote: otherRemotesOf(settings),
    clock,
    random: Math.random,
    network: createNetwork({
      clock,
      interfaces: networkInterfaces,
      isLocalOnly: isLoopbackHost(new URL(githubWebUrlOf(settings)).hostname),
    }),
    log,
    release: () => agent.close(),
    options: {
      concurrency: settings.concurrency,
      lookEveryMs: settings.pollSeconds * 1_000,
      fullWalkEveryMs: settings.fullWalkHours * hourMs,
      sweepEveryMs: settings.sweepDays * 24 * hourMs,
      historyMs: settings.historyDays * 24 * hourMs,
      holdLossPercent: settings.holdLossPercent,
      keptMs: settings.keptDays * 24 * hourMs,
      lists: settings.lists,
      mirrorsBuilds: settings.buildSpecs === 'mirror',
      mirrorsWikis: settings.wikis === 'mirror',
      followsUnstarred: settings.unstarred === 'follow',
      drillEveryMs: settings.drillDays * 24 * hourMs,
      keepsProofs: !isReadOnly,
      cacheLimitBytes: settings.cacheLimitBytes,
      ownsCaches: options.mode === 'work',
      deepenBytes: settings.deepenMb * 1_000_000,
      quietHours: settings.quietHours,
      targetKey: [target.kind, target.address, ...(target.kind === 'onedev' ? [settings.onedevRoot] : [])].join(' '),
      pushLimits:
        target.kind === 'folder'
          ? target.limits
          : {
              ...target.limits,
              smallPackBytes: settings.smallPushMb * 1_000_000,
              smallPushesAtOnce: settings.pushConcurrency,
              slices:
                settings.sliceMb === 0
                  ? null
                  : { bytes: settings.sliceMb * 1_000_000, ms: settings.sliceSeconds * 1_000 },
            },
    },
  });
}

async function openStore(mode: ComposeOptions['mode'], options: OpenStoreOptions, log: Log) {
  const open = async (isReadOnly: boolean) => ({
    store: await openSqliteStore({ ...options, readOnly: isReadOnly }),
    isReadOnly,
  });
  if (mode !== 'work-or-read') return await open(mode === 'read');
  try {
    return await open(false);
  } catch (thrown) {
    if (!(thrown instanceof EpicstarError) || thrown.code !== 'data-dir-locked') throw thrown;
    log.warn('another epicstar works on this data directory: what is found here is not kept, and nothing is repaired');
    return await open(true);
  }
}
