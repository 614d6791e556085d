/**
 * @file Loaded before a program (`node --import`): when the program ends, writes what it took to the file that
 * BENCH_USAGE_FILE names. Only the program itself can tell this: its children are counted once it has waited for them.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** The kernel's unit in /proc on all of Node's platforms. */
const ticksPerSecond = 100;

/** CPU time of all children that have ended, theirs included; null where the system does not tell. */
function childrenCpuMs() {
  try {
    const stat = readFileSync('/proc/self/stat', 'utf8');
    // The program's name may hold spaces and brackets; what follows its end is numbers.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return ((Number(fields[13]) + Number(fields[14])) * 1000) / ticksPerSecond;
  } catch {
    return null;
  }
}

/** `maxRSS` may still be that of the process which started this one, so the memory map's own mark goes first. */
function peakRssBytes() {
  try {
    const kibibytes = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync('/proc/self/status', 'utf8'))?.[1];
    return Number(kibibytes) * 1024;
  } catch {
    return process.resourceUsage().maxRSS * 1024;
  }
}

const file = process.env['BENCH_USAGE_FILE'];
if (file !== undefined) {
  delete process.env['BENCH_USAGE_FILE'];
  // What a window in the same process would feel: how late its events are handled.
  const delays = monitorEventLoopDelay({ resolution: 5 });
  delays.enable();
  process.on('exit', () => {
    const { user, system } = process.cpuUsage();
    const usage = {
      ownCpuMs: (user + system) / 1000,
      childrenCpuMs: childrenCpuMs(),
      peakRssBytes: peakRssBytes(),
      stallP99Ms: delays.percentile(99) / 1e6,
      stallMostMs: delays.max / 1e6,
    };
    writeFileSync(file, JSON.stringify(usage));
  });
}
