/** @file How long a run was in each of its phases; one that is entered again goes on counting. */
import type { MirrorPhase, PhaseDuration } from '../domain/job.ts';
import type { Clock } from '../ports/clock.ts';

export class PhaseTimer {
  readonly #clock: Clock;
  readonly #spentMs = new Map<MirrorPhase, number>();
  #current: { readonly phase: MirrorPhase; readonly sinceMs: number } | null = null;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  enter(phase: MirrorPhase): void {
    this.#leave();
    this.#current = { phase, sinceMs: this.#clock.monotonicMs() };
  }

  /** Ends the phase under way; all durations in the order in which the phases were first entered. */
  end(): readonly PhaseDuration[] {
    this.#leave();
    return [...this.#spentMs].map(([phase, spentMs]) => ({ phase, durationMs: Math.round(spentMs) }));
  }

  #leave(): void {
    if (this.#current === null) return;
    const { phase, sinceMs } = this.#current;
    const before = this.#spentMs.get(phase) ?? 0;
    this.#spentMs.set(phase, before + this.#clock.monotonicMs() - sinceMs);
    this.#current = null;
  }
}
