/** @file The table that is printed and the file that is written. */
import { mkdir, writeFile } from 'node:fs/promises';
import { cpus, loadavg, platform, release, totalmem } from 'node:os';
import { dirname } from 'node:path';

export interface Line {
  readonly what: string;
  readonly bound?: string;
  readonly measured: string;
  /** Whether the bound holds on any machine, busy or not. */
  readonly isFirm?: boolean;
  /** Left out where there is no bound. */
  readonly ok?: boolean;
}

/** NaN for an empty list. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const [low, high] = sorted.length % 2 === 0 ? [sorted[middle - 1], sorted[middle]] : [sorted[middle], sorted[middle]];
  return ((low ?? Number.NaN) + (high ?? Number.NaN)) / 2;
}

export function milliseconds(value: number): string {
  if (Number.isNaN(value)) return 'unknown';
  return value < 1_000 ? `${Math.round(value)} ms` : `${(value / 1_000).toFixed(1)} s`;
}

export function megabytes(bytes: number): string {
  return `${Math.round(bytes / 1e6)} MB`;
}

export function ratio(value: number): string {
  return value.toFixed(2);
}

function verdictOf({ ok, isFirm }: Line): string {
  if (ok === undefined) return '';
  if (ok) return 'ok';
  return isFirm === true ? 'FAILED' : 'SLOWER (on a busy machine, measure again)';
}

export function tableOf(lines: readonly Line[]): string {
  const rows = [
    ['what', 'bound', 'measured', ''],
    ...lines.map((line) => [line.what, line.bound ?? '', line.measured, verdictOf(line)]),
  ];
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}

export interface MachineFacts {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryBytes: number;
  readonly system: string;
  readonly node: string;
  readonly git: string;
  /** Processes that wanted a core during the last minute, before anything was measured. */
  readonly load: number;
}

export function machineFacts(git: string): MachineFacts {
  const all = cpus();
  return {
    cpu: all[0]?.model ?? 'unknown',
    cores: all.length,
    memoryBytes: totalmem(),
    system: `${platform()} ${release()}`,
    node: process.version,
    git,
    load: loadavg()[0] ?? 0,
  };
}

export async function writeReport(path: string, report: object): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, `${JSON.stringify(report, null, 2)}\n`);
}
