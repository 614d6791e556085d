/** @file GitHub's primary rate limit: a count per caller and hour; must not know HTTP. */
import type { PlaygroundClock } from './clock.ts';
import type { TokenRecord } from './tokens.ts';

export interface RateState {
  readonly limit: number;
  readonly used: number;
  readonly remaining: number;
  /** Seconds since 1970. */
  readonly reset: number;
}

export interface RateLimits {
  /** Requests an hour for a signed-in user, all tokens together. */
  readonly user: number;
  /** Requests an hour without a token. */
  readonly anonymous: number;
}

interface Window {
  used: number;
  resetAtMs: number;
}

const HOUR_MS = 3_600_000;

export class RateLimiter {
  readonly #clock: PlaygroundClock;
  readonly #windows = new Map<string, Window>();
  #limits: RateLimits;

  constructor(clock: PlaygroundClock, limits: Partial<RateLimits> = {}) {
    this.#clock = clock;
    this.#limits = { user: limits.user ?? 5000, anonymous: limits.anonymous ?? 60 };
  }

  setLimits(limits: Partial<RateLimits>): void {
    this.#limits = { ...this.#limits, ...limits };
  }

  /** Leaves that many requests in the current window of a user (null: without a token). */
  setRemaining(login: string | null, remaining: number, resetInMs: number = HOUR_MS): void {
    const limit = login === null ? this.#limits.anonymous : this.#limits.user;
    this.#windows.set(login ?? '', { used: limit - remaining, resetAtMs: this.#clock.now() + resetInMs });
  }

  state(token: Pick<TokenRecord, 'login'> | null): RateState {
    const window = this.#window(token);
    const limit = token === null ? this.#limits.anonymous : this.#limits.user;
    const used = Math.min(window.used, limit);
    return { limit, used, remaining: limit - used, reset: Math.ceil(window.resetAtMs / 1000) };
  }

  count(token: Pick<TokenRecord, 'login'> | null): void {
    this.#window(token).used += 1;
  }

  #window(token: Pick<TokenRecord, 'login'> | null): Window {
    const key = token?.login ?? '';
    const now = this.#clock.now();
    let window = this.#windows.get(key);
    if (window === undefined || window.resetAtMs <= now) {
      window = { used: 0, resetAtMs: now + HOUR_MS };
      this.#windows.set(key, window);
    }
    return window;
  }
}
