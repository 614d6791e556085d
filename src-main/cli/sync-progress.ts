/** @file Shows a sync while it goes on: live bars on a terminal, plain lines elsewhere. */
import { MultiBar, Presets, type SingleBar } from 'cli-progress';
import type { EngineControl, MirrorPhase, Run, WorkItem } from '../engine/core/engine-api.ts';
import type { Terminal } from './application.ts';
import { formatBytes, formatDuration, plural, printable } from './texts.ts';

export interface SyncProgress {
  /** Ends all drawing. */
  close(): void;
}

export function showProgress(engine: EngineControl, terminal: Terminal): SyncProgress {
  const bars = terminal.isInteractive ? new Bars(terminal) : null;
  const print = (line: string): void => (bars === null ? terminal.out(line) : bars.line(line));
  const stopRuns = engine.subscribe('run', (run) => print(runLine(run)));
  const stopWork = bars === null ? null : engine.subscribe('work', (items) => bars.update(items));
  return {
    close: () => {
      stopRuns();
      stopWork?.();
      bars?.close();
    },
  };
}

/** One line for a run that ended. */
export function runLine(run: Run): string {
  const { report } = run;
  const name = printable(run.fullName);
  const took = formatDuration(run.finishedAt - run.startedAt);
  if (run.outcome !== 'done')
    return `${run.outcome.padEnd(9)} ${name}: ${printable(run.error?.message ?? '')}`.trimEnd();
  const moved = report.created + report.fastForwarded + report.rewritten + report.deleted;
  const parts = [
    moved === 0 ? 'nothing to move' : plural(moved, 'ref moved', 'refs moved'),
    ...(report.bytesReceived > 0 ? [formatBytes(report.bytesReceived)] : []),
    ...(report.kept > 0 ? [`${plural(report.kept, 'old tip', 'old tips')} kept`] : []),
    ...((report.letGo ?? 0) > 0 ? [`${plural(report.letGo ?? 0, 'old tip', 'old tips')} let go`] : []),
    ...((report.lfsFiles ?? 0) > 0 ? [plural(report.lfsFiles ?? 0, 'LFS file', 'LFS files')] : []),
    ...((report.lfsMissing ?? 0) > 0 ? [`${plural(report.lfsMissing ?? 0, 'LFS file', 'LFS files')} missing`] : []),
    ...(report.unfit.length > 0 ? [`${plural(report.unfit.length, 'ref', 'refs')} left out`] : []),
    took,
  ];
  return `mirrored  ${name}: ${parts.join(', ')}`;
}

/** Where each phase begins on a bar of 100; fetching and pushing take nearly all the time. */
const phaseStarts: Readonly<Record<MirrorPhase, number>> = {
  identify: 0,
  project: 2,
  compare: 4,
  fetch: 6,
  plan: 55,
  push: 56,
  verify: 97,
  extras: 98,
};

/** How far a job is, 0 to 100: by phase, and within fetching and pushing by what git says of it. */
function percentOf({ phase, git }: WorkItem): number {
  const start = phaseStarts[phase];
  const isMoving = (phase === 'fetch' && git?.phase === 'receiving') || (phase === 'push' && git?.phase === 'writing');
  if (!isMoving || git === null || git.total === null || git.total === 0) return start;
  const end = phase === 'fetch' ? phaseStarts.plan : phaseStarts.verify;
  return Math.floor(start + ((end - start) * Math.min(git.done, git.total)) / git.total);
}

function stepOf(item: WorkItem): string {
  const { git, phase } = item;
  if (git === null) return phase;
  const bytes = git.bytes === null ? '' : `, ${formatBytes(git.bytes)}`;
  const objects = git.total === null ? String(git.done) : `${git.done}/${git.total}`;
  return `${phase}: ${git.phase} ${objects}${bytes}`;
}

class Bars {
  readonly #multi: MultiBar;
  readonly #bars = new Map<number, SingleBar>();

  constructor(terminal: Terminal) {
    this.#multi = new MultiBar(
      {
        stream: terminal.barStream,
        clearOnComplete: true,
        hideCursor: true,
        linewrap: false,
        fps: 5,
        format: ' {bar} {percentage}% {name} {step}',
        barsize: 20,
        emptyOnZero: true,
      },
      Presets.shades_grey,
    );
  }

  update(items: readonly WorkItem[]): void {
    const inWork = new Set(items.map(({ jobId }) => jobId));
    for (const [jobId, bar] of this.#bars) {
      if (inWork.has(jobId)) continue;
      this.#multi.remove(bar);
      this.#bars.delete(jobId);
    }
    for (const item of items) {
      const payload = { name: printable(item.fullName), step: stepOf(item) };
      const bar = this.#bars.get(item.jobId) ?? this.#multi.create(100, 0, payload);
      this.#bars.set(item.jobId, bar);
      bar.update(percentOf(item), payload);
    }
  }

  line(text: string): void {
    this.#multi.log(`${text}\n`);
  }

  close(): void {
    // Lines wait for the next drawing, which would not come any more.
    this.#multi.update();
    this.#multi.stop();
  }
}
