/** @file Composition root of command line and server: builds everything with `new` or a factory, in order. */
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { homedir, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import packageJson from '../package.json' with { type: 'json' };
import { createBridge } from './bridge/bridge.ts';
import type { Application, ApplicationHost, OpenOptions, Terminal } from './cli/application.ts';
import { exitCodes } from './cli/exit-codes.ts';
import { runProgram } from './cli/program.ts';
import { createEngine } from './engine/core/engine.ts';
import { EpicstarError } from './engine/domain/errors.ts';
import { createFolderTarget } from './engine/adapters/folder/folder-target.ts';
import { createGit } from './engine/adapters/git/git.ts';
import { githubAddresses, isLoopbackHost } from './engine/adapters/github/addresses.ts';
import { createGithub } from './engine/adapters/github/github.ts';
import { isSecure, parseAddress } from './engine/adapters/onedev/address.ts';
import { createOnedevTarget } from './engine/adapters/onedev/onedev-target.ts';
import { openSqliteStore } from './engine/adapters/sqlite/index.ts';
import { createSystemClock } from './engine/adapters/system/clock.ts';
import { prepareDataDir, resolveDataDir } from './engine/adapters/system/data-dir.ts';
import { createDisk } from './engine/adapters/system/disk.ts';
import { createEnvSecrets, scrubSecretVariables } from './engine/adapters/system/env-secrets.ts';
import { createAgent, createFetch } from './engine/adapters/system/http-agent.ts';
import { createNetwork } from './engine/adapters/system/network.ts';
import { createPinoLog } from './engine/adapters/system/pino-log.ts';
import { createRedactor } from './engine/adapters/system/redactor.ts';
import { exportSettings, importSettings, loadSettings, type Settings } from './engine/adapters/system/settings.ts';
import type { MirrorTarget } from './engine/ports/mirror-target.ts';

const { version } = packageJson;
/** The built window: beside the built program, or in dist/ when run from source. */
const staticDir = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../dist/renderer' : '../renderer', import.meta.url),
);
const hourMs = 3_600_000;

/** The whole program, from settings to engine, in the order in which the parts need each other. */
async function open(options: OpenOptions): Promise<Application> {
  const dataDir = dataDirOf(options.dataDir);
  if (options.mode === 'work') await prepareDataDir(dataDir);
  const { settings, unknownVariables } = await loadSettings({ flags: {}, env: process.env, dataDir });
  const clock = createSystemClock();
  const redactor = createRedactor();
  const secrets = createEnvSecrets({ env: process.env, dataDir, redactor, platform: process.platform });
  scrubSecretVariables(process.env);
  const { log, close: closeLog } = await createPinoLog({
    level: settings.logLevel,
    format: settings.logFormat,
    redactor,
    now: () => clock.now(),
    stderr: (line) => process.stderr.write(line),
    ...(options.stderrLog === 'warnings' ? { stderrLevel: 'warn' as const } : {}),
    file: options.mode === 'work' ? { path: join(dataDir, 'logs', 'epicstar') } : null,
  });
  for (const { variable, nearest } of unknownVariables) {
    log.warn('an environment variable means nothing', { variable, didYouMean: nearest });
  }
  const agent = createAgent({ caFile: settings.caFile });
  const shared = { clock, log, secrets, redactor, dispatcher: agent, allowInsecureHosts: settings.allowInsecureHosts };
  const github = createGithub({ ...shared, apiUrl: settings.githubApiUrl, version });
  const target = createTarget(settings, shared);
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
  const githubWebUrl = githubAddresses(settings.githubApiUrl, settings.allowInsecureHosts).webUrl;
  const engine = createEngine({
    store,
    github,
    target,
    git,
    disk: createDisk(dataDir),
    clock,
    random: Math.random,
    network: createNetwork({ clock, interfaces: networkInterfaces, isLocalOnly: isLocalOnly(githubWebUrl) }),
    log,
    options: {
      concurrency: settings.concurrency,
      lookEveryMs: settings.pollSeconds * 1_000,
      fullWalkEveryMs: settings.fullWalkHours * hourMs,
      sweepEveryMs: settings.sweepDays * 24 * hourMs,
      cacheLimitBytes: settings.cacheLimitBytes,
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
  log.info('epicstar is open', { version, dataDir, mode: options.mode, target: target.address, github: github.host });

  const closeAll = async (): Promise<void> => {
    await engine.stop();
    await agent.close();
    await closeLog();
  };
  let closing: Promise<void> | null = null;

  return {
    engine,
    dataDir,
    close: () => {
      closing ??= closeAll();
      return closing;
    },
    serve: async ({ host, port }) => {
      // Only `serve` needs a web server; the other commands start sooner and stay smaller without one.
      const [{ startWebHost }, { ensureWebToken }] = await Promise.all([
        import('./web/web-host.ts'),
        import('./web/web-token.ts'),
      ]);
      const links = { githubWebUrl, targetUrl: target.kind === 'onedev' ? target.address : null };
      return startWebHost({
        bridge: createBridge({ engine, links, version, clock, log }),
        host,
        port,
        allowWider: settings.webHosts.length > 0,
        allowedHosts: settings.webHosts,
        token: await ensureWebToken(secrets),
        staticDir,
        version,
        log,
        setTimer: (delayMs, fire) => clock.setTimer(delayMs, fire),
      });
    },
  };
}

type TargetParts = Pick<
  Parameters<typeof createOnedevTarget>[0],
  'secrets' | 'clock' | 'log' | 'dispatcher' | 'redactor' | 'allowInsecureHosts'
>;

function createTarget(settings: Settings, parts: TargetParts): MirrorTarget {
  if (settings.target === 'folder') {
    if (settings.folder === null) {
      throw new EpicstarError('config-invalid', 'The target is a folder, but EPICSTAR_FOLDER is not set.');
    }
    return createFolderTarget({ ...parts, folder: settings.folder });
  }
  if (settings.onedevUrl === null) {
    throw new EpicstarError(
      'config-invalid',
      'EPICSTAR_ONEDEV_URL is not set. To mirror into a folder set EPICSTAR_TARGET=folder and EPICSTAR_FOLDER.',
    );
  }
  const address = parseAddress(settings.onedevUrl);
  // Here and not only with the first request, so that no job has to fail for it.
  if (!isSecure(address, settings.allowInsecureHosts)) {
    throw new EpicstarError('insecure-address', `OneDev's address is ${address}.`);
  }
  return createOnedevTarget({ ...parts, url: settings.onedevUrl, root: settings.onedevRoot });
}

/** Where GitHub itself is on this computer (a playground), no network is needed. */
function isLocalOnly(githubWebUrl: string): boolean {
  return isLoopbackHost(new URL(githubWebUrl).hostname);
}

function dataDirOf(flag: string | undefined): string {
  const { env, platform } = process;
  return resolveDataDir({ flag, env, platform, homeDir: homedir(), workingDir: process.cwd() });
}

function createHost(): ApplicationHost {
  return {
    version,
    open,
    exportConfig: (flag) => exportSettings(dataDirOf(flag)),
    importConfig: (flag, text) => importSettings(dataDirOf(flag), text),
    openInBrowser,
  };
}

/** Rejects where no program to open addresses is installed. */
function openInBrowser(url: string): Promise<void> {
  const [command, ...args] =
    process.platform === 'darwin'
      ? ['open', url]
      : process.platform === 'win32'
        ? ['rundll32', 'url.dll,FileProtocolHandler', url]
        : ['xdg-open', url];
  return new Promise((resolve, reject) => {
    const child = spawn(command ?? '', args, { stdio: 'ignore', detached: true });
    child.once('error', reject);
    child.once('spawn', () => {
      child.unref();
      resolve();
    });
  });
}

function createTerminal(): Terminal {
  const controller = new AbortController();
  let askedAtMs = 0;
  const interrupt = (): void => {
    if (!controller.signal.aborted) {
      askedAtMs = performance.now();
      controller.abort();
    } else if (performance.now() - askedAtMs > 1_000) {
      // Asked again by a person who does not want to wait for a clean end; the next start recovers. A signal to a
      // whole process group may arrive twice at once and is not meant so.
      process.exit(exitCodes.interrupted);
    }
  };
  // Whoever reads the output may go first (`| head`): what is under way goes on without being heard.
  for (const stream of [process.stdout, process.stderr]) {
    stream.on('error', (error: NodeJS.ErrnoException) => {
      if (error.code !== 'EPIPE') throw error;
    });
  }
  process.on('SIGINT', interrupt);
  process.on('SIGTERM', interrupt);
  return {
    isInteractive: process.stderr.isTTY && process.stdout.isTTY,
    out: (line) => process.stdout.write(`${line}\n`),
    err: (line) => process.stderr.write(`${line}\n`),
    barStream: process.stderr,
    interrupted: controller.signal,
    readFile: async (filePath) => {
      try {
        return await readFile(filePath, 'utf8');
      } catch (error) {
        throw new EpicstarError('config-invalid', `The file ${filePath} cannot be read.`, { cause: error });
      }
    },
  };
}

// A process is started by copying this one's page tables, so what lies in memory is paid for with each git: 6 ms more
// for each 100 MB, measured on Linux. V8 would let its young generation grow to 130 MB for a backfill that needs 4.
setFlagsFromString('--max-semi-space-size=4');
setFlagsFromString('--semi-space-growth-factor=1');

const exitCode = await runProgram(process.argv.slice(2), createHost(), createTerminal());
process.exitCode = exitCode;
// A pause inside a library's timer must not keep an ended program alive once all that it wrote has left.
process.stdout.write('', () => process.stderr.write('', () => process.exit(exitCode)));
