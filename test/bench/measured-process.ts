/** @file Runs a program and measures it from outside: wall time, CPU of it and its children, largest memory of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';

export interface Measured {
  readonly stdout: string;
  readonly exitCode: number;
  readonly wallMs: number;
  /** User and system time of the process and of all children that ended; null where /proc is not there. */
  readonly cpuMs: number | null;
  /** Peak resident set of the process itself, without children; null where /proc is not there. */
  readonly peakRssBytes: number | null;
}

const sampleEveryMs = 50;
/** Clock ticks of /proc/<pid>/stat on Linux, whatever the kernel's own rate (proc(5), USER_HZ). */
const ticksPerSecond = 100;

export async function runMeasured(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  input = '',
): Promise<Measured> {
  const startedMs = performance.now();
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', ...args], {
    env: { ...cleanEnvironment(), ...env },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  child.stdin.end(input);
  let stdout = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => {
    stdout += part;
  });
  const samples: Sample[] = [];
  const timer = setInterval(() => {
    const taken = sample(child);
    if (taken !== null) samples.splice(0, samples.length, taken);
  }, sampleEveryMs);
  try {
    const exitCode = await exitOf(child);
    const last = samples.at(-1);
    return {
      stdout,
      exitCode,
      wallMs: performance.now() - startedMs,
      cpuMs: last?.cpuMs ?? null,
      peakRssBytes: last?.peakRssBytes ?? null,
    };
  } finally {
    clearInterval(timer);
  }
}

interface Sample {
  readonly cpuMs: number;
  readonly peakRssBytes: number;
}

function sample(child: ChildProcess): Sample | null {
  try {
    const stat = readFileSync(`/proc/${child.pid}/stat`, 'utf8');
    // After the name in brackets: state is field 3; utime, stime, cutime and cstime are fields 14 to 17.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    const ticks = fields.slice(11, 15).reduce((sum, field) => sum + Number(field), 0);
    const peak = /VmHWM:\s+(\d+) kB/.exec(readFileSync(`/proc/${child.pid}/status`, 'utf8'))?.[1];
    return { cpuMs: (ticks * 1000) / ticksPerSecond, peakRssBytes: Number(peak ?? 0) * 1024 };
  } catch {
    // It has just ended, or this system has no /proc: the sample before stands.
    return null;
  }
}

function cleanEnvironment(): Record<string, string> {
  const entries = Object.entries(process.env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && !entry[0].startsWith('EPICSTAR_'),
  );
  return Object.fromEntries(entries);
}

function exitOf(child: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 1));
  });
}
