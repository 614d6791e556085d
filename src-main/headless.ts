/** @file Composition root of command line and server. */
import { spawn } from 'node:child_process';
import { readFile, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import packageJson from '../package.json' with { type: 'json' };
import { createBridge } from './bridge/bridge.ts';
import type { Application, ApplicationHost, OpenOptions, Terminal } from './cli/application.ts';
import { exitCodes } from './cli/exit-codes.ts';
import { runProgram } from './cli/program.ts';
import { readSecret } from './cli/read-secret.ts';
import { harmless } from './cli/texts.ts';
import { configAt } from './compose-config.ts';
import { linksOf } from './compose-places.ts';
import { compose, type Composition, composeSetup } from './compose.ts';
import { EpicstarError } from './engine/domain/errors.ts';
import { resolveDataDir } from './engine/adapters/system/data-dir.ts';

const { version } = packageJson;
/** The built window: beside the built program, or in dist/ when run from source. */
const staticDir = fileURLToPath(
  new URL(import.meta.url.endsWith('.ts') ? '../dist/renderer' : '../renderer', import.meta.url),
);

async function open(options: OpenOptions): Promise<Application> {
  const dataDir = dataDirOf(options.dataDir);
  const { mode, stderrLog, mayLackTarget = false } = options;
  const composition = await compose({ dataDir, version, mode, stderrLog, mayLackTarget });
  let closing: Promise<void> | null = null;
  return {
    engine: composition.engine,
    dataDir,
    pushToken: () => composition.secrets.read('push-token'),
    close: () => {
      closing ??= composition.close();
      return closing;
    },
    serve: (where) => serve(composition, where),
  };
}

async function serve(composition: Composition, { host, port }: { readonly host: string; readonly port: number }) {
  const { engine, setup, clock, log, secrets } = composition;
  // Only `serve` needs a web server; the other commands start sooner and stay smaller without one.
  const [{ startWebHost }, { ensureWebToken }] = await Promise.all([
    import('./web/web-host.ts'),
    import('./web/web-token.ts'),
  ]);
  const { webHosts } = composition.settings();
  const served = await startWebHost({
    bridge: createBridge({ engine, setup, links: () => linksOf(composition.settings()), version, clock, log }),
    host,
    port,
    allowWider: webHosts.length > 0,
    allowedHosts: webHosts,
    token: await ensureWebToken(secrets),
    staticDir,
    version,
    log,
    setTimer: (delayMs, fire) => clock.setTimer(delayMs, fire),
  });
  // The window is there before GitHub has answered; until then a stored token counts as good.
  setup.load().catch((error: unknown) => log.error('set-up could not go on where it was', { error }));
  return served;
}

function dataDirOf(flag: string | undefined): string {
  const { env, platform } = process;
  return resolveDataDir({ flag, env, platform, homeDir: homedir(), workingDir: process.cwd() });
}

function createHost(): ApplicationHost {
  return {
    version,
    open,
    openSetup: (options) => composeSetup({ dataDir: dataDirOf(options.dataDir), version }),
    ...configAt((flag) => ({ dataDir: dataDirOf(flag), version })),
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
    out: (line) => process.stdout.write(`${harmless(line)}\n`),
    err: (line) => process.stderr.write(`${harmless(line)}\n`),
    barStream: process.stderr,
    interrupted: controller.signal,
    readSecret: (prompt) =>
      readSecret(prompt, {
        input: process.stdin,
        output: process.stderr,
        interrupted: controller.signal,
        interrupt,
      }),
    readLine: (prompt) => {
      if (!process.stdin.isTTY) {
        return Promise.reject(new EpicstarError('config-invalid', 'Nobody can be asked: no terminal is at the input.'));
      }
      return readSecret(prompt, {
        input: process.stdin,
        output: process.stderr,
        interrupted: controller.signal,
        interrupt,
        isShown: true,
      });
    },
    writeFile: async (filePath, text) => {
      try {
        await writeFile(filePath, text);
      } catch (error) {
        throw new EpicstarError('config-invalid', `The file ${filePath} cannot be written.`, { cause: error });
      }
    },
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
