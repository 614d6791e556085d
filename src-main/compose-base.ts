/** @file What every part of the program is built on: settings, secrets, log, clock. */
import { join } from 'node:path';
import type { Agent } from 'undici';
import { TokenKeeper } from './engine/core/token-keeper.ts';
import { createGithubSignIn } from './engine/adapters/github/device-flow.ts';
import { createSystemClock } from './engine/adapters/system/clock.ts';
import { prepareDataDir } from './engine/adapters/system/data-dir.ts';
import { createEnvSecrets, scrubSecretVariables } from './engine/adapters/system/env-secrets.ts';
import { createAgent } from './engine/adapters/system/http-agent.ts';
import { createPinoLog } from './engine/adapters/system/pino-log.ts';
import { directToLoopback, noProxy, proxiesOfEnvironment, secretsOfProxies } from './engine/adapters/system/proxies.ts';
import { createRedactor } from './engine/adapters/system/redactor.ts';
import { loadSettings, type Settings } from './engine/adapters/system/settings.ts';
import { createSettingsStore } from './engine/adapters/system/settings-store.ts';
import type { Log, Redactor } from './engine/ports/log.ts';
import type { ProxyFor } from './engine/ports/proxies.ts';
import type { Secrets } from './engine/ports/secrets.ts';
import type { GithubSignIn } from './engine/ports/sign-in.ts';

export interface ComposeOptions {
  readonly dataDir: string;
  readonly version: string;
  /**
   * `work`: this process alone uses the data directory; `read`: beside one that works; `work-or-read`: one of both, as
   * it comes; `dry-run`: on a copy.
   */
  readonly mode: 'work' | 'read' | 'work-or-read' | 'dry-run';
  /** What of the log goes to stderr beside the log file. */
  readonly stderrLog: 'configured' | 'warnings';
  /** Whether to open without a place for mirrors: one can be set while the program runs. */
  readonly mayLackTarget: boolean;
  /** Where secrets are kept instead of in files, such as a keyring; `outside` is what files and environment hold. */
  readonly secretsOf?: (outside: Secrets, parts: { readonly redactor: Redactor; readonly log: Log }) => Secrets;
  /** The system's proxies; those that the environment names go before. */
  readonly proxyFor?: ProxyFor;
}

export type Base = Awaited<ReturnType<typeof openBase>>;

export async function openBase(options: ComposeOptions) {
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
  for (const secret of secretsOfProxies(env)) redactor.add(secret);
  const proxyFor = directToLoopback(proxiesOfEnvironment(env) ?? options.proxyFor ?? noProxy);
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
    const agent = sideAgents.get(caFile) ?? createAgent({ caFile, proxyFor });
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
    proxyFor,
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
