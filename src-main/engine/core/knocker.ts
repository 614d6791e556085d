/**
 * @file Tries now and then what would wait too long. A token can be replaced where nobody tells us (its file, the
 * server's side), and a service can refuse a good one for a moment; neither may stop work until the next start. A clock
 * that was put back makes short waits long.
 */
import type { WaitReason } from '../domain/job.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { Store } from '../ports/store.ts';
import type { ServiceGates } from './service-gates.ts';

/** Rare enough that a service does not take it for guessing, often enough that nobody has to restart anything. */
const knockEveryMs = 5 * 60_000;
/** Waits with a time. */
const timedReasons: readonly WaitReason[] = ['retry', 'rate-limit', 'disk', 'target-starting', 'unavailable'];
/** Clocks are set right by less than this all the time. */
const smallJumpMs = 60_000;

export interface KnockerParts {
  readonly store: Store;
  readonly gates: ServiceGates;
  readonly clock: Clock;
  readonly log: Log;
  /** Called when jobs may have become due. */
  readonly onJobs: () => void;
}

export class Knocker {
  readonly #parts: KnockerParts;
  #cancelTimer: (() => void) | null = null;

  constructor(parts: KnockerParts) {
    this.#parts = parts;
  }

  start(): void {
    const { clock, log } = this.#parts;
    const began = { at: clock.now(), monotonicMs: clock.monotonicMs() };
    this.#cancelTimer = clock.setTimer(knockEveryMs, () => {
      this.start();
      const passedMs = clock.monotonicMs() - began.monotonicMs;
      const wasPutBack = clock.now() - began.at < passedMs - smallJumpMs;
      Promise.all([this.knock(), wasPutBack ? this.clockWasPutBack() : null]).catch((error: unknown) =>
        log.error('waiting jobs were not tried again', { error }),
      );
    });
  }

  stop(): void {
    this.#cancelTimer?.();
    this.#cancelTimer = null;
  }

  /** Lets jobs that wait for a sign-in try; one that is refused shuts the gate for the others again. */
  async knock(): Promise<void> {
    const { store, gates, clock, onJobs } = this.#parts;
    gates.setAjar();
    const woken = await store.wakeJobs(['signed-out'], clock.now());
    // Most of those behind a gate never came to wait: they are queued.
    if (woken > 0 || gates.troubles().length > 0) onJobs();
  }

  /** Ends all waits with a time: what was near is far now. */
  async clockWasPutBack(): Promise<void> {
    const { store, gates, clock, log, onJobs } = this.#parts;
    log.warn('the clock was put back; whatever waits for a time is tried now');
    gates.open();
    await store.wakeJobs(timedReasons, clock.now());
    // Also where none waited: the gates held up whatever is queued.
    onJobs();
  }
}
