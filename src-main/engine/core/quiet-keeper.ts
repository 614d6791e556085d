/**
 * @file Whether only what a person asks for is mirrored: the reasons that are told from outside, and the quiet hours of
 * the settings. Knows what has to happen when that changes, not how.
 */
import { isWithin, type QuietHours, type QuietReason, quietReasons } from '../domain/quiet.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';

const minuteMs = 60_000;

export interface QuietKeeperParts {
  readonly clock: Clock;
  readonly log: Log;
  /** Null: none. */
  readonly hours: QuietHours | null;
  /** Ends what is under way, so that it waits. */
  readonly hold: () => Promise<void>;
  /** Catches up once: wakes what was held, looks, and goes on. */
  readonly goOn: () => Promise<void>;
  readonly onChange: () => void;
}

export class QuietKeeper {
  readonly #parts: QuietKeeperParts;
  #told: ReadonlySet<QuietReason> = new Set();
  #isQuietHour = false;
  #current: readonly QuietReason[] = [];
  #cancelTimer: (() => void) | null = null;
  #isStopped = false;

  constructor(parts: QuietKeeperParts) {
    this.#parts = parts;
  }

  get current(): readonly QuietReason[] {
    return this.#current;
  }

  get isQuiet(): boolean {
    return this.#current.length > 0;
  }

  get isAsleep(): boolean {
    return this.#current.includes('asleep');
  }

  /** Begins to keep the quiet hours; whoever never calls it has none. */
  start(): void {
    const { clock, log, hours } = this.#parts;
    if (hours === null) return;
    this.#isQuietHour = isWithin(hours, clock.now());
    this.#change().catch((error: unknown) => log.error('the quiet hours were not kept', { error }));
    // Hours begin with whole minutes; each is looked at, since clocks are put right and time zones change.
    this.#cancelTimer = clock.setTimer(minuteMs - (clock.now() % minuteMs), () => this.start());
  }

  /** For good: what is told later changes nothing. */
  stop(): void {
    this.#isStopped = true;
    this.#cancelTimer?.();
    this.#cancelTimer = null;
  }

  /** The reasons that hold from now on, beside the quiet hours. Resolves when what has to end has ended. */
  set(reasons: readonly QuietReason[]): Promise<void> {
    this.#told = new Set(reasons);
    return this.#change();
  }

  async #change(): Promise<void> {
    if (this.#isStopped) return;
    const { log, hold, goOn, onChange } = this.#parts;
    const [wasQuiet, wasAsleep, before] = [this.isQuiet, this.isAsleep, this.#current];
    this.#current = quietReasons.filter(
      (reason) => this.#told.has(reason) || (reason === 'quiet-hours' && this.#isQuietHour),
    );
    if (this.#current.join() === before.join()) return;
    log.info('quiet changed', { reasons: this.#current });
    onChange();
    if (this.isAsleep && !wasAsleep) {
      await hold();
      // Awake while jobs were still ending: they came to wait after everybody had been woken.
      if (!this.isAsleep) await goOn();
    } else if ((wasAsleep && !this.isAsleep) || (wasQuiet && !this.isQuiet)) {
      await goOn();
    }
    onChange();
  }
}
