/**
 * @file The one door to git: starts a process, streams it with bounded memory, ends its whole tree on abort or
 * silence. Must not know which commands there are nor what their words mean.
 */
import { access } from 'node:fs/promises';
import type { Readable, Writable } from 'node:stream';
import { EpicstarError, type ErrorCode } from '../../domain/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log, Redactor } from '../../ports/log.ts';
import { createLineSplitter, createTail } from './lines.ts';
import { endTree, type Spawn } from './process-tree.ts';
import { escapeControls } from './text.ts';

const MAX_STDERR_BYTES = 64 * 1024;
const MAX_STDERR_LINE_BYTES = 4 * 1024;
/** A list of a million refs; more than that is an attack or a mistake. */
const MAX_STDOUT_BYTES = 256 * 1024 * 1024;
const MAX_STDOUT_LINE_BYTES = 64 * 1024;
const MAX_LOGGED_ARGS = 24;
/** After the tree is gone its pipes close at once; this is for a system that does not let go. */
const LAST_WAIT_MS = 150;

export interface DoorOptions {
  readonly spawn: Spawn;
  readonly platform: NodeJS.Platform;
  readonly clock: Clock;
  readonly log: Log;
  readonly redactor: Redactor;
  /** A process that writes nothing for so long is ended. */
  readonly stallMs: number;
}

export interface DoorCall {
  /** Absolute path. */
  readonly binary: string;
  readonly args: readonly string[];
  readonly cwd: string;
  /** The whole environment: nothing is inherited. */
  readonly env: Readonly<Record<string, string>>;
  readonly signal: AbortSignal | null;
  readonly input?: string | Readable;
  /** Each line of stdout, without its end. */
  readonly onStdoutLine?: (line: Buffer) => void;
  /** Takes stdout as it comes, however long it is; then there are no lines. */
  readonly output?: Writable;
  /** Whether stdout may be of any length. */
  readonly isLong?: boolean;
  /** Each line of stderr; those for which it returns true are not kept. */
  readonly onStderrLine?: (line: string) => boolean;
}

export interface DoorResult {
  /** Null where a signal ended the process. */
  readonly exitCode: number | null;
  /** The last 64 kB, redacted, control characters escaped. */
  readonly stderr: string;
}

export interface Door {
  /**
   * Resolves with any exit code, when the process and all its children are gone. Rejects with `cancelled`,
   * `git-stalled`, `git-missing` or `git-failed`, then too only when they are gone.
   */
  run(call: DoorCall): Promise<DoorResult>;
  processCount(): number;
}

/** Node reports a missing executable and a missing working directory alike. */
async function startFailure(cause: Error, call: DoorCall): Promise<EpicstarError> {
  let code: ErrorCode = 'git-failed';
  try {
    await access(call.binary);
  } catch {
    code = 'git-missing';
  }
  return new EpicstarError(code, `${call.binary} cannot be started.`, { cause });
}

export function createDoor(options: DoorOptions): Door {
  const { clock, log, redactor, platform } = options;
  let started = 0;

  const logCall = (call: DoorCall, startMs: number, outcome: string): void => {
    const shown = call.args.slice(0, MAX_LOGGED_ARGS).map((arg) => redactor.redact(escapeControls(arg)));
    const more = call.args.length - shown.length;
    log.debug('git', {
      args: more > 0 ? [...shown, `… ${more} more`] : shown,
      outcome,
      durationMs: Math.round(clock.monotonicMs() - startMs),
    });
  };

  const run = (call: DoorCall): Promise<DoorResult> => {
    const { signal } = call;
    if (signal?.aborted === true) return Promise.reject(new EpicstarError('cancelled', '', { cause: signal.reason }));
    const startMs = clock.monotonicMs();
    started += 1;
    // What spawn throws at once (arguments too long) rejects like what it reports later.
    return new Promise<DoorResult>((resolve, reject) => {
      const child = options.spawn(call.binary, [...call.args], {
        cwd: call.cwd,
        env: { ...call.env },
        stdio: [call.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
        // A group of its own, so that helpers like git-remote-https can be ended together with git. On Windows it
        // would open a console, and taskkill finds the children without it.
        detached: platform !== 'win32',
        windowsHide: true,
      });
      const tail = createTail(MAX_STDERR_BYTES);
      let failure: EpicstarError | null = null;
      let ending: Promise<void> | null = null;
      let settled = false;
      let lastByteMs = startMs;
      let stdoutBytes = 0;
      let cancelStall = (): void => undefined;

      const settle = (exitCode: number | null): void => {
        if (settled) return;
        settled = true;
        cancelStall();
        signal?.removeEventListener('abort', abort);
        logCall(call, startMs, failure === null ? `exit ${exitCode ?? 'by signal'}` : failure.code);
        if (failure === null) resolve({ exitCode, stderr: redactor.redact(escapeControls(tail.text())) });
        else reject(failure);
      };
      const endAll = (): Promise<void> => {
        if (child.pid === undefined) return Promise.resolve();
        ending ??= endTree(child.pid, options);
        return ending;
      };
      const giveUp = (): void => {
        for (const pipe of [child.stdin, child.stdout, child.stderr]) pipe?.destroy();
        settle(null);
      };
      const stop = (reason: EpicstarError): void => {
        if (failure !== null || settled) return;
        failure = reason;
        endAll().then(() => clock.setTimer(LAST_WAIT_MS, giveUp), reject);
      };
      const abort = (): void => stop(new EpicstarError('cancelled', '', { cause: signal?.reason }));
      const watchStall = (): void => {
        const quietMs = clock.monotonicMs() - lastByteMs;
        if (quietMs >= options.stallMs) {
          stop(new EpicstarError('git-stalled', `Nothing came for ${Math.round(options.stallMs / 1000)} s.`));
          return;
        }
        cancelStall = clock.setTimer(options.stallMs - quietMs, watchStall);
      };
      const guarded = (take: () => void): void => {
        lastByteMs = clock.monotonicMs();
        if (failure !== null) return;
        try {
          take();
        } catch (error) {
          stop(error instanceof EpicstarError ? error : new EpicstarError('git-failed', '', { cause: error }));
        }
      };

      const isLong = call.isLong === true || call.output !== undefined;
      const stdout = createLineSplitter('lf', MAX_STDOUT_LINE_BYTES, (line) => call.onStdoutLine?.(line));
      const stderr = createLineSplitter('cr-lf', MAX_STDERR_LINE_BYTES, (bytes) => {
        const line = bytes.toString('utf8').trimEnd();
        if (line !== '' && call.onStderrLine?.(line) !== true) tail.add(line);
      });
      child.stdout?.on('data', (chunk: Buffer) =>
        guarded(() => {
          stdoutBytes += chunk.length;
          if (stdoutBytes > MAX_STDOUT_BYTES && !isLong)
            throw new EpicstarError('git-failed', 'git wrote more than is credible.');
          if (call.output === undefined) stdout.push(chunk);
        }),
      );
      if (call.output !== undefined) child.stdout?.pipe(call.output);
      child.stderr?.on('data', (chunk: Buffer) => guarded(() => stderr.push(chunk)));
      // git may end without reading all its input; its exit code says why.
      child.stdin?.on('error', (error) => log.debug('git stopped reading', { error: error.message }));
      if (typeof call.input === 'object' && child.stdin !== null) call.input.pipe(child.stdin);
      else child.stdin?.end(call.input);

      const reportStartFailure = async (cause: Error): Promise<void> => {
        failure ??= await startFailure(cause, call);
        settle(null);
      };
      child.once('error', (cause) => {
        if (child.pid === undefined) reportStartFailure(cause).catch(reject);
      });
      // Whoever outlives its parent is ended: it would hold the pipes and the cache. Without groups (Windows) it cannot
      // be found any more.
      const endRest = (): Promise<void> => (platform === 'win32' ? (ending ?? Promise.resolve()) : endAll());
      child.once('exit', () => void endRest().catch(reject));
      child.once('close', (exitCode) => {
        if (child.pid === undefined) return;
        guarded(() => {
          stdout.end();
          stderr.end();
        });
        endRest().then(() => settle(exitCode), reject);
      });
      signal?.addEventListener('abort', abort, { once: true });
      watchStall();
    });
  };

  return { run, processCount: () => started };
}
