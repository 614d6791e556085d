/** @file Runs a program on this Node and measures it: wall time, CPU time with all its children, peak memory. */
import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { z } from 'zod';

const preload = new URL('measure.mjs', import.meta.url).href;

const usageSchema = z.object({
  ownCpuMs: z.number(),
  childrenCpuMs: z.number().nullable(),
  peakRssBytes: z.number(),
  stallP99Ms: z.number(),
  stallMostMs: z.number(),
});

export interface ProgramCall {
  readonly scriptPath: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Written to stdin. */
  readonly input?: string;
  /** A file that may be written. */
  readonly usageFile: string;
  readonly signal: AbortSignal;
}

export interface Measured {
  readonly stdout: string;
  /** From start to end of the process. */
  readonly wallMs: number;
  /** Of the process and of all that it started; of the process alone where the system does not tell more. */
  readonly cpuMs: number;
  /** Of the process without what it started. */
  readonly ownCpuMs: number;
  readonly peakRssBytes: number;
  /** How late events are handled in its event loop: 99 of 100 no later than this. */
  readonly stallP99Ms: number;
  readonly stallMostMs: number;
}

/** What a program needs of this environment; no setting of the person who measures reaches it. */
function environment(own: Readonly<Record<string, string>>): Record<string, string> {
  const kept = [
    'PATH',
    'LOCAL_GIT_DIRECTORY',
    'GIT_EXEC_PATH',
    'SystemRoot',
    'TEMP',
    'TMP',
    'TMPDIR',
    'NODE_COMPILE_CACHE',
  ];
  const inherited = kept.flatMap((name): [string, string][] => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value]];
  });
  return { ...Object.fromEntries(inherited), HOME: tmpdir(), ...own };
}

/** Rejects with what the program said last when it ends with anything but 0. */
export async function runMeasured(call: ProgramCall): Promise<Measured> {
  const startedMs = performance.now();
  const args = ['--disable-warning=ExperimentalWarning', '--import', preload, call.scriptPath, ...call.args];
  const child = spawn(process.execPath, args, {
    env: environment({ ...call.env, BENCH_USAGE_FILE: call.usageFile }),
    stdio: 'pipe',
  });
  const end = (): void => void child.kill('SIGTERM');
  call.signal.addEventListener('abort', end, { once: true });
  let stdout = '';
  let lastWords = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    lastWords = (lastWords + text).slice(-2_000);
  });
  // A program that ends early reads no more; its exit code tells why.
  child.stdin.on('error', () => undefined);
  child.stdin.end(call.input);
  try {
    const exitCode = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    const wallMs = performance.now() - startedMs;
    call.signal.throwIfAborted();
    if (exitCode !== 0)
      throw new Error(`${call.scriptPath} ended with ${exitCode ?? 'a signal'}:\n${lastWords}${stdout}`);
    const usage = usageSchema.parse(JSON.parse(await readFile(call.usageFile, 'utf8')));
    return {
      stdout,
      wallMs,
      cpuMs: usage.ownCpuMs + (usage.childrenCpuMs ?? 0),
      ownCpuMs: usage.ownCpuMs,
      peakRssBytes: usage.peakRssBytes,
      stallP99Ms: usage.stallP99Ms,
      stallMostMs: usage.stallMostMs,
    };
  } finally {
    call.signal.removeEventListener('abort', end);
  }
}
