/**
 * @file What GitHub's answers said about its limits, and until when nothing may be sent. Sends nothing itself.
 * Source: GitHub's "Rate limits for the REST API" (retry-after first, then reset where nothing remains, else at least
 * a minute, growing).
 */
import { EpicstarError } from '../../domain/errors.ts';
import type { Instant } from '../../domain/repository.ts';
import type { Clock } from '../../ports/clock.ts';
import type { RateState } from '../../ports/github.ts';
import { type Answer, blockOf, headerOf, messageOf, numberHeaderOf, saysRateLimited } from './answer.ts';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
/** A limit renews hourly; anything longer than a day is a mistake, and must not silence us for years. */
const longestWaitMs = 24 * hourMs;

interface Pause {
  readonly until: Instant;
  readonly why: string;
}

export class RateMemory {
  readonly #clock: Clock;
  readonly #resource: string;
  #seen: RateState | null = null;
  #pause: Pause | null = null;
  #secondaryInRow = 0;

  /** @param resource as GitHub names the limit in `x-ratelimit-resource` */
  constructor(clock: Clock, resource = 'core') {
    this.#clock = clock;
    this.#resource = resource;
  }

  /** The limit as last told; null before the first answer, and once its window is over. */
  lastSeen(): RateState | null {
    return this.#seen !== null && this.#seen.resetsAt > this.#clock.now() ? this.#seen : null;
  }

  /** Why nothing may be sent now; null where something may. */
  refusal(): EpicstarError | null {
    if (this.#pause === null || this.#pause.until <= this.#clock.now()) return null;
    return limited(this.#pause, {});
  }

  /** Another user has another limit. */
  forget(): void {
    this.#seen = null;
    this.#pause = null;
    this.#secondaryInRow = 0;
  }

  /** Takes in an answer; returns the error where the answer is a refusal for a limit's sake. */
  note(answer: Answer): EpicstarError | null {
    this.#noteHeaders(answer);
    const isUsedUp = headerOf(answer, 'x-ratelimit-remaining') === '0' || saysRateLimited(answer);
    if (!isLimited(answer, isUsedUp)) {
      if (answer.status < 400) this.#secondaryInRow = 0;
      return null;
    }
    const pause = this.#pauseFor(answer, isUsedUp);
    this.#pause = pause;
    return limited(pause, { status: answer.status });
  }

  #noteHeaders(answer: Answer): void {
    const resource = headerOf(answer, 'x-ratelimit-resource');
    if (resource !== null && resource !== this.#resource) return;
    const limit = numberHeaderOf(answer, 'x-ratelimit-limit');
    const remaining = numberHeaderOf(answer, 'x-ratelimit-remaining');
    const reset = numberHeaderOf(answer, 'x-ratelimit-reset');
    if (limit === null || remaining === null || reset === null) return;
    const now = this.#clock.now();
    const resetsAt = Math.min(reset * 1000, now + longestWaitMs);
    this.#seen = { limit, remaining, resetsAt };
    if (remaining === 0 && resetsAt > now) this.#pause = { until: resetsAt, why: usedUp(limit) };
  }

  #pauseFor(answer: Answer, isUsedUp: boolean): Pause {
    const now = this.#clock.now();
    const retryAfterSeconds = numberHeaderOf(answer, 'retry-after');
    const resetMs = (numberHeaderOf(answer, 'x-ratelimit-reset') ?? 0) * 1000;
    let waitMs: number;
    let why: string;
    if (isUsedUp) {
      // A reset that is already over here means that the two clocks differ.
      const untilResetMs = resetMs > now ? resetMs - now : minuteMs;
      waitMs = Math.max(untilResetMs, (retryAfterSeconds ?? 0) * 1000);
      why = usedUp(numberHeaderOf(answer, 'x-ratelimit-limit'));
    } else {
      this.#secondaryInRow += 1;
      waitMs =
        retryAfterSeconds === null
          ? Math.min(minuteMs * 2 ** Math.min(this.#secondaryInRow - 1, 10), hourMs)
          : Math.max(retryAfterSeconds * 1000, 1000);
      why = 'GitHub asks for a pause because of too many requests in a short time.';
    }
    return { until: now + Math.min(waitMs, longestWaitMs), why };
  }
}

function isLimited(answer: Answer, isUsedUp: boolean): boolean {
  if (answer.status === 429 || saysRateLimited(answer)) return true;
  if (answer.status !== 403 || blockOf(answer) !== null) return false;
  return (
    isUsedUp ||
    headerOf(answer, 'retry-after') !== null ||
    /secondary rate limit|abuse detection|rate limit exceeded/i.test(messageOf(answer) ?? '')
  );
}

function usedUp(limit: number | null): string {
  return limit === null ? 'No requests are left.' : `All ${limit} requests of this hour are used up.`;
}

function limited(pause: Pause, data: { readonly status?: number }): EpicstarError {
  const detail = `${pause.why} It goes on at ${new Date(pause.until).toISOString()}.`;
  return new EpicstarError('github-rate-limited', detail, { data: { ...data, until: pause.until } });
}
