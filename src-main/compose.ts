/**
 * @file Builds engine and set-up from settings and secrets, in the order in which the parts need each other. Shared by
 * the composition roots of command line, server and desktop.
 */
import { networkInterfaces } from 'node:os';
import { createEngine } from './engine/core/engine.ts';
import type { EngineControl } from './engine/core/engine-api.ts';
import { EngineHost } from './engine/core/engine-host.ts';
import { EpicstarError } from './engine/domain/errors.ts';
import { isLoopbackHost } from './engine/adapters/github/addresses.ts';
import { createGithub } from './engine/adapters/github/github.ts';
import { openSqliteStore } from './engine/adapters/sqlite/index.ts';
import { prepareDataDir } from './engine/adapters/system/data-dir.ts';
import { createDisk } from './engine/adapters/system/disk.ts';
import { createAgent } from './engine/adapters/system/http-agent.ts';
import { createNetwork } from './engine/adapters/system/network.ts';
import { type Base, type ComposeOptions, openBase } from './compose-base.ts';
import { createTarget, githubWebUrlOf, gitWith, pushTrialOf } from './compose-places.ts';
import { buildSetup } from './compose-setup.ts';

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
  const store = await openSqliteStore({
    dataDir,
    ...(settings.databaseFile === null ? {} : { databaseFile: settings.databaseFile }),
    readOnly: options.mode === 'read',
    throwAway: options.mode === 'dry-run',
  });
  log.info('the engine is built', { target: target.address, github: github.host });
  return createEngine({
    store,
    github,
    target,
    git,
    disk: createDisk(dataDir),
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
      followsUnstarred: settings.unstarred === 'follow',
      cacheLimitBytes: settings.cacheLimitBytes,
      quietHours: settings.quietHours,
      targetKey: [target.kind, target.address, ...(target.kind === 'onedev' ? [settings.onedevRoot] : [])].join(' '),
      pushLimits:
        target.kind === 'folder'
          ? target.limits
          : {
              ...target.limits,
              smallPackBytes: settings.smallPushMb * 1_000_000,
              smallPushesAtOnce: settings.pushConcurrency,
            },
    },
  });
}
