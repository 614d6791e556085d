/** @file A figure with its bound, the table, and the file of a bench run. */
import { mkdirSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { dirname } from 'node:path';

export interface Figure {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  /** The value may not be larger; null: told for information. */
  readonly most: number | null;
  /** Counts do not depend on how busy a machine is; times and sizes do. */
  readonly isCount: boolean;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? Number.NaN;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? upper) + upper) / 2;
}

function isWithin({ value, most }: Figure): boolean {
  return most === null || value <= most;
}

export function printTable(figures: readonly Figure[]): void {
  const rows = figures.map((figure) => [
    figure.what,
    `${format(figure.value)} ${figure.unit}`.trim(),
    figure.most === null ? '' : `at most ${format(figure.most)}`,
    figure.most === null ? '' : isWithin(figure) ? 'ok' : 'OVER',
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => (row[column] ?? '').length)));
  for (const row of rows) {
    process.stdout.write(
      `${row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd()}\n`,
    );
  }
}

function format(value: number): string {
  return Number.isInteger(value) ? String(value) : value.toFixed(value < 10 ? 2 : 0);
}

export function writeReport(path: string, figures: readonly Figure[]): void {
  mkdirSync(dirname(path), { recursive: true });
  const machine = { cores: cpus().length, memoryBytes: totalmem(), node: process.version, platform: process.platform };
  const report = { at: new Date().toISOString(), machine, figures };
  writeFileSync(path, `${JSON.stringify(report, null, 2)}\n`);
}

/** Counts have to hold everywhere; what a busy machine can spoil is only marked. */
export function failsCount(figures: readonly Figure[]): boolean {
  return figures.some((figure) => figure.isCount && !isWithin(figure));
}
