/**
 * @file Builds engine and set-up from settings and secrets, in the order in which the parts need each other. Shared by
 * the composition roots of command line, server and desktop.
 */
import { networkInterfaces } from 'node:os';
import { join } from 'node:path';
import type { Agent } from 'undici';
import { createEngine } from './engine/core/engine.ts';
import type { EngineControl } from './engine/core/engine-api.ts';
import { EngineHost } from './engine/core/engine-host.ts';
import { GithubSignInFlow } from './engine/core/github-sign-in.ts';
import { SetupCore, type SetupParts, type TriedTarget } from './engine/core/setup.ts';
import type { TargetCandidate } from './engine/core/setup-api.ts';
import { TokenKeeper } from './engine/core/token-keeper.ts';
import { EpicstarError } from './engine/domain/errors.ts';
import { createFolderTarget } from './engine/adapters/folder/folder-target.ts';
import { createGit } from './engine/adapters/git/git.ts';
import { githubAddresses, isLoopbackHost } from './engine/adapters/github/addresses.ts';
import { createGithubSignIn } from './engine/adapters/github/device-flow.ts';
import { createGithub } from './engine/adapters/github/github.ts';
import { isSecure, parseAddress } from './engine/adapters/onedev/address.ts';
import { createOnedevBootstrap } from './engine/adapters/onedev/bootstrap.ts';
import { createOnedevTarget } from './engine/adapters/onedev/onedev-target.ts';
import { openSqliteStore } from './engine/adapters/sqlite/index.ts';
import { createSystemClock } from './engine/adapters/system/clock.ts';
import { isOwnFolder, prepareDataDir } from './engine/adapters/system/data-dir.ts';
import { createDisk } from './engine/adapters/system/disk.ts';
import { createEnvSecrets, scrubSecretVariables } from './engine/adapters/system/env-secrets.ts';
import { createAgent, createFetch } from './engine/adapters/system/http-agent.ts';
import { createNetwork } from './engine/adapters/system/network.ts';
import { createPinoLog } from './engine/adapters/system/pino-log.ts';
import { createRedactor } from './engine/adapters/system/redactor.ts';
import { loadSettings, type Settings } from './engine/adapters/system/settings.ts';
import { createSettingsStore } from './engine/adapters/system/settings-store.ts';
import { createUnsetTarget } from './engine/adapters/system/unset-target.ts';
import type { MirrorTarget } from './engine/ports/mirror-target.ts';
import type { Log, Redactor } from './engine/ports/log.ts';
import type { Secrets } from './engine/ports/secrets.ts';
import type { GithubSignIn } from './engine/ports/sign-in.ts';

const hourMs = 3_600_000;

export interface ComposeOptions {
  readonly dataDir: string;
  readonly version: string;
  /** `work`: this process alone uses the data directory; `read`: beside one that works; `dry-run`: on a copy. */
  readonly mode: 'work' | 'read' | 'dry-run';
  /** What of the log goes to stderr beside the log file. */
  readonly stderrLog: 'configured' | 'warnings';
  /** Whether to open without a place for mirrors: one can be set while the program runs. */
  readonly mayLackTarget: boolean;
  /** Where secrets are kept instead of in files, such as a keyring; `outside` is what files and environment hold. */
  readonly secretsOf?: (outside: Secrets, parts: { readonly redactor: Redactor; readonly log: Log }) => Secrets;
}

export type Composition = Awaited<ReturnType<typeof compose>>;

type Base = Awaited<ReturnType<typeof openBase>>;

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

async function openBase(options: ComposeOptions) {
  const { dataDir, version } = options;
  if (options.mode === 'work') await prepareDataDir(dataDir);
  const env = { ...process.env };
  const source = { flags: {}, env, dataDir };
  const { settings: first, unknownVariables } = await loadSettings(source);
  let settings: Settings = first;
  const clock = createSystemClock();
  const redactor = createRedactor();
  const outside = createEnvSecrets({ env, dataDir, redactor, platform: process.platform });
  scrubSecretVariables(process.env);
  scrubSecretVariables(env);
  const { log, close: closeLog } = await createPinoLog({
    level: first.logLevel,
    format: first.logFormat,
    redactor,
    now: () => clock.now(),
    stderr: (line) => process.stderr.write(line),
    ...(options.stderrLog === 'warnings' ? { stderrLevel: 'warn' as const } : {}),
    file: options.mode === 'work' ? { path: join(dataDir, 'logs', 'epicstar') } : null,
  });
  for (const { variable, nearest } of unknownVariables) {
    log.warn('an environment variable means nothing', { variable, didYouMean: nearest });
  }
  const stored = options.secretsOf?.(outside, { redactor, log }) ?? outside;
  // For what is asked beside the engine: it lives on while the engine is built anew.
  const sideAgents = new Map<string | null, Agent>();
  const sideAgent = (): Agent => {
    const { caFile } = settings;
    const agent = sideAgents.get(caFile) ?? createAgent({ caFile });
    sideAgents.set(caFile, agent);
    return agent;
  };
  const signInNow = (): GithubSignIn =>
    createGithubSignIn({
      dispatcher: sideAgent(),
      clock,
      log,
      redactor,
      version,
      allowInsecureHosts: settings.allowInsecureHosts,
    });
  const signIn: GithubSignIn = {
    runDeviceFlow: async (request) => await signInNow().runDeviceFlow(request),
    refresh: async (request) => await signInNow().refresh(request),
  };
  const keeper = new TokenKeeper({ secrets: stored, signIn, clock, log, redactor });
  return {
    version,
    dataDir,
    clock,
    redactor,
    log,
    /** As adapters read them: GitHub's token is refreshed in time. */
    secrets: keeper,
    signIn,
    sideAgent,
    settingsStore: createSettingsStore(source),
    settings: (): Settings => settings,
    reload: async (): Promise<Settings> => {
      ({ settings } = await loadSettings(source));
      return settings;
    },
    close: async (): Promise<void> => {
      await Promise.all([...sideAgents.values()].map((agent) => agent.close()));
      await closeLog();
    },
  };
}

async function buildEngine(base: Base, options: ComposeOptions): Promise<EngineControl> {
  const { clock, redactor, log, secrets, dataDir, version } = base;
  const settings = await base.reload();
  const agent = createAgent({ caFile: settings.caFile });
  const shared = { clock, log, secrets, redactor, dispatcher: agent, allowInsecureHosts: settings.allowInsecureHosts };
  const github = createGithub({ ...shared, apiUrl: settings.githubApiUrl, version });
  const target = createTarget(settings, shared, options.mayLackTarget);
  const git = createGit({
    cacheRoot: join(dataDir, 'cache'),
    homeDir: join(dataDir, 'git-home'),
    log,
    redactor,
    clock,
    processEnv: process.env,
    platform: process.platform,
    caFile: settings.caFile,
    stallMs: settings.stallMinutes * 60_000,
    fetch: createFetch(agent),
  });
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

/** Address of GitHub's pages. */
export function githubWebUrlOf(settings: Settings): string {
  return githubAddresses(settings.githubApiUrl, settings.allowInsecureHosts).webUrl;
}

/** What pages of the window may lead to. */
export function linksOf(settings: Settings): { readonly githubWebUrl: string; readonly targetUrl: string | null } {
  return {
    githubWebUrl: githubWebUrlOf(settings),
    targetUrl: settings.target === 'onedev' ? settings.onedevUrl : null,
  };
}

type TargetParts = Pick<
  Parameters<typeof createOnedevTarget>[0],
  'secrets' | 'clock' | 'log' | 'dispatcher' | 'redactor' | 'allowInsecureHosts'
>;

function createTarget(settings: Settings, parts: TargetParts, mayLack: boolean): MirrorTarget {
  if (settings.target === 'folder') {
    if (settings.folder !== null) return folderAt(settings.folder, settings.dataDir, parts);
    if (mayLack) return createUnsetTarget();
    throw new EpicstarError('config-invalid', 'The target is a folder, but EPICSTAR_FOLDER is not set.');
  }
  if (settings.onedevUrl !== null) return onedevAt(settings.onedevUrl, settings.onedevRoot, parts);
  if (mayLack) return createUnsetTarget();
  throw new EpicstarError(
    'config-invalid',
    'EPICSTAR_ONEDEV_URL is not set. Run `epicstar login onedev`, or choose a place in the window (`epicstar serve`). ' +
      'To mirror into a folder set EPICSTAR_TARGET=folder and EPICSTAR_FOLDER.',
  );
}

function folderAt(
  folder: string,
  dataDir: string,
  parts: Omit<Parameters<typeof createFolderTarget>[0], 'folder'>,
): MirrorTarget {
  if (isOwnFolder(dataDir, folder)) {
    throw new EpicstarError(
      'config-invalid',
      `epicstar keeps files of its own in ${folder}; choose another folder for mirrors.`,
    );
  }
  return createFolderTarget({ ...parts, folder });
}

function onedevAt(url: string, root: string, parts: TargetParts): MirrorTarget {
  const address = parseAddress(url);
  // Here and not only with the first request, so that no job has to fail for it.
  if (!isSecure(address, parts.allowInsecureHosts ?? [])) {
    throw new EpicstarError('insecure-address', `OneDev's address is ${address}.`);
  }
  return createOnedevTarget({ ...parts, url, root });
}

function buildSetup(base: Base, engine: Pick<SetupParts, 'selection' | 'rebuild' | 'credentialsChanged'>): SetupCore {
  const { secrets, settingsStore: settings, clock, log, redactor, signIn, version } = base;
  const hostsFor = (candidate: TargetCandidate): readonly string[] => {
    const allowed = base.settings().allowInsecureHosts;
    const isNamed = candidate.kind === 'onedev' && candidate.allowInsecure;
    return isNamed ? [...allowed, new URL(parseAddress(candidate.url)).hostname] : allowed;
  };
  const targetOf = (candidate: TargetCandidate, storedToken: string | null): TriedTarget => {
    const allowInsecureHosts = hostsFor(candidate);
    if (candidate.kind === 'folder') {
      const target = folderAt(candidate.folder, base.dataDir, { clock, log, allowInsecureHosts });
      return { target, close: () => Promise.resolve() };
    }
    const token = candidate.token ?? storedToken;
    if (token !== null) redactor.add(token);
    const dispatcher = createAgent({ caFile: candidate.caFile });
    const parts = { secrets: onlyToken('onedev-token', token), clock, log, redactor, dispatcher, allowInsecureHosts };
    // A person who waits is told that the server is starting rather than kept waiting for it.
    return { target: onedevAt(candidate.url, candidate.root, parts), close: () => dispatcher.close() };
  };
  return new SetupCore({
    ...engine,
    secrets,
    settings,
    log,
    targetOf,
    bootstrapOf: (candidate) => {
      const allowInsecureHosts = hostsFor(candidate);
      const caFile = candidate.kind === 'onedev' ? candidate.caFile : null;
      const dispatcher = createAgent({ caFile });
      const bootstrap = createOnedevBootstrap({ dispatcher, clock, log, redactor, allowInsecureHosts });
      return {
        makeLimitedToken: async (request) => {
          try {
            return await bootstrap.makeLimitedToken(request);
          } finally {
            await dispatcher.close();
          }
        },
      };
    },
    signIn: (hooks) =>
      new GithubSignInFlow({
        ...hooks,
        signIn,
        keeper: secrets,
        secrets,
        clock,
        log,
        githubWith: (apiUrl, token) => {
          redactor.add(token);
          return createGithub({
            clock,
            log,
            redactor,
            version,
            apiUrl,
            secrets: onlyToken('github-token', token),
            dispatcher: base.sideAgent(),
            allowInsecureHosts: base.settings().allowInsecureHosts,
          });
        },
      }),
  });
}

/** Secrets that hold one token alone, for a check before it is stored. */
function onlyToken(wanted: 'github-token' | 'onedev-token', token: string | null): Secrets {
  return {
    read: (name) => Promise.resolve(name === wanted ? token : null),
    write: () => Promise.reject(new EpicstarError('internal', 'A token that is only tried cannot be written.')),
    isFixed: () => Promise.resolve(false),
    origin: (name) => Promise.resolve(name === wanted && token !== null ? 'what was typed' : null),
  };
}
