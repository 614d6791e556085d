/** @file What was asked, run and moved since the engine was made. */
import type { Run } from '../domain/job.ts';
import type { EngineCounters } from './engine-api.ts';
import type { EngineParts } from './engine-parts.ts';

export class RunCounters {
  readonly #parts: Pick<EngineParts, 'github' | 'target' | 'git'>;
  #bytesReceived = 0;
  #bytesSent = 0;
  #mirrored = 0;

  constructor(parts: Pick<EngineParts, 'github' | 'target' | 'git'>) {
    this.#parts = parts;
  }

  note({ outcome, report }: Run): void {
    this.#bytesReceived += report.bytesReceived;
    this.#bytesSent += report.bytesSent;
    if (outcome === 'done') this.#mirrored += 1;
  }

  current(): EngineCounters {
    const { github, target, git } = this.#parts;
    return {
      githubRequests: github.requestCount(),
      targetRequests: target.requestCount(),
      gitProcesses: git.processCount(),
      bytesReceived: this.#bytesReceived,
      bytesSent: this.#bytesSent,
      mirrored: this.#mirrored,
    };
  }
}
