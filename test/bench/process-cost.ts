/** @file What a program and all that it started cost now, as Linux counts it. */
import { readdirSync, readFileSync } from 'node:fs';
import { processFamily } from '../support/program.ts';

/** The kernel's unit in /proc on all of Node's platforms. */
const ticksPerSecond = 100;

export interface ProcessCost {
  readonly processes: number;
  /** Memory, each shared page divided among those that share it. */
  readonly pssBytes: number;
  /** Since they began. */
  readonly cpuMs: number;
  /** How often one of their threads waited for something, and was woken. */
  readonly wakes: number;
}

/** @param pid of the process that started all others */
export function costOf(pid: number): ProcessCost {
  const costs = processFamily(pid).flatMap((member) => {
    try {
      const stat = readFileSync(`/proc/${member}/stat`, 'utf8');
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
      const pssKb = /^Pss:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${member}/smaps_rollup`, 'utf8'))?.[1];
      return [
        {
          pssBytes: Number(pssKb) * 1024,
          cpuMs: ((Number(fields[11]) + Number(fields[12])) * 1_000) / ticksPerSecond,
          wakes: wakesOf(member),
        },
      ];
    } catch {
      // It ended meanwhile.
      return [];
    }
  });
  return {
    processes: costs.length,
    pssBytes: sum(costs.map(({ pssBytes }) => pssBytes)),
    cpuMs: sum(costs.map(({ cpuMs }) => cpuMs)),
    wakes: sum(costs.map(({ wakes }) => wakes)),
  };
}

function wakesOf(pid: number): number {
  return sum(
    readdirSync(`/proc/${pid}/task`).map((thread) => {
      const status = readFileSync(`/proc/${pid}/task/${thread}/status`, 'utf8');
      return Number(/^voluntary_ctxt_switches:\s+(\d+)$/m.exec(status)?.[1]);
    }),
  );
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}
