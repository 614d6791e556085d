/**
 * @file Processes that live on a clock moved by hand and may die at any call of a port: a dead one gets no answer any
 * more, its timers are gone, and what it had begun elsewhere may land or not.
 */
import { EpicstarError } from '../../src-main/engine/domain/errors.ts';
import type { Clock, Random } from '../../src-main/engine/ports/clock.ts';

interface Timer {
  readonly dueMs: number;
  readonly order: number;
  readonly owner: object | null;
  readonly fire: () => void;
}

/** More timers than any history needs in one go tell of work that never comes to rest. */
const mostTimers = 60_000;

/** Everything of a model settles without real time, so one turn of the event loop lets all of it go on. */
export class ModelClock {
  readonly #startMs = Date.UTC(2026, 0, 1);
  readonly #timers = new Set<Timer>();
  #elapsedMs = 0;
  #orders = 0;

  now(): number {
    return this.#startMs + this.#elapsedMs;
  }

  setTimer(delayMs: number, fire: () => void, owner: object | null): () => void {
    this.#orders += 1;
    const timer: Timer = { dueMs: this.#elapsedMs + Math.max(delayMs, 0), order: this.#orders, owner, fire };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  dropAllOf(owner: object): void {
    for (const timer of this.#timers) if (timer.owner === owner) this.#timers.delete(timer);
  }

  /** @param afterTurn called whenever everything that was ready has run */
  async advance(byMs: number, afterTurn: () => Promise<void>): Promise<void> {
    const untilMs = this.#elapsedMs + byMs;
    await turn();
    await afterTurn();
    let fired = 0;
    for (let next = this.#next(untilMs); next !== null; next = this.#next(untilMs)) {
      fired += 1;
      if (fired > mostTimers) throw new Error('the engine does not come to rest');
      this.#elapsedMs = Math.max(this.#elapsedMs, next.dueMs);
      this.#timers.delete(next);
      next.fire();
      await turn();
      await afterTurn();
    }
    this.#elapsedMs = untilMs;
  }

  #next(untilMs: number): Timer | null {
    let next: Timer | null = null;
    for (const timer of this.#timers) {
      if (timer.dueMs > untilMs) continue;
      if (next === null || timer.dueMs < next.dueMs || (timer.dueMs === next.dueMs && timer.order < next.order)) {
        next = timer;
      }
    }
    return next;
  }
}

export function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}

/** Numbers that look random and are the same in every run. */
export function createRandom(seed: number): Random {
  let state = (seed * 2 + 1) >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

interface Plan {
  inCalls: number;
  readonly act: () => 'go-on' | 'die-before' | 'die-after';
}

/** What happens at which call from now. */
export class Fates {
  readonly random: Random;
  #plans: Plan[] = [];

  constructor(random: Random) {
    this.random = random;
  }

  /** @param inCalls 0: at the very next call of a port */
  plan(inCalls: number, act: Plan['act']): void {
    this.#plans.push({ inCalls, act });
  }

  forget(): void {
    this.#plans = [];
  }

  next(): 'go-on' | 'die-before' | 'die-after' {
    const due = this.#plans.filter(({ inCalls }) => inCalls === 0);
    if (this.#plans.length > 0) this.#plans = this.#plans.filter(({ inCalls }) => inCalls > 0);
    for (const plan of this.#plans) plan.inCalls -= 1;
    const fates = due.map(({ act }) => act());
    return fates.find((fate) => fate !== 'go-on') ?? 'go-on';
  }
}

/** Each its own, so that nothing is held by those who wait for it. */
function never(): Promise<never> {
  return new Promise(() => undefined);
}

/** One process, from its start to its end. */
export class Life {
  readonly #clock: ModelClock;
  readonly #fates: Fates;
  readonly #underWay = new Set<(lands: boolean) => void>();
  #isAlive = true;

  constructor(clock: ModelClock, fates: Fates) {
    this.#clock = clock;
    this.#fates = fates;
  }

  get isAlive(): boolean {
    return this.#isAlive;
  }

  get random(): Random {
    return this.#fates.random;
  }

  get clock(): Clock {
    const clock = this.#clock;
    return {
      now: () => clock.now(),
      monotonicMs: () => clock.now(),
      setTimer: (delayMs, fire) => (this.#isAlive ? clock.setTimer(delayMs, fire, this) : () => undefined),
    };
  }

  end(): void {
    this.#isAlive = false;
    this.#clock.dropAllOf(this);
    for (const orphan of this.#underWay) orphan(this.#fates.random() < 0.5);
  }

  /** A call of a port that takes no time: before it, and before its answer arrives, this process may die. */
  async step<T>(act: () => T | Promise<T>): Promise<T> {
    if (!this.#isAlive) return never();
    const fate = this.#fates.next();
    if (fate === 'die-before') this.end();
    if (!this.#isAlive) return never();
    const answer = await act();
    if (fate === 'die-after') this.end();
    return this.#isAlive ? answer : never();
  }

  /** The same for one that takes time. Ended in the middle, by a signal or by death, its effect may be there or not. */
  slowStep<T extends object>(signal: AbortSignal, tookMs: number, effect: () => T): Promise<T> {
    return this.step(() => {
      throwIfAborted(signal);
      return new Promise<T>((resolve, reject) => {
        const leave = (): void => {
          stop();
          this.#underWay.delete(cut);
          signal.removeEventListener('abort', abort);
        };
        const cut = (lands: boolean): void => {
          leave();
          if (lands) attempt(effect);
          reject(new EpicstarError('cancelled', ''));
        };
        const abort = (): void => cut(this.#fates.random() < 0.5);
        const stop = this.#clock.setTimer(
          tookMs,
          () => {
            leave();
            const { value, error } = attempt(effect);
            if (value === undefined) reject(error);
            else resolve(value);
          },
          this,
        );
        signal.addEventListener('abort', abort, { once: true });
        this.#underWay.add(cut);
      });
    });
  }
}

function attempt<T extends object>(effect: () => T): { readonly value?: T; readonly error?: unknown } {
  try {
    return { value: effect() };
  } catch (error) {
    return { error };
  }
}

export function throwIfAborted(signal: AbortSignal): void {
  if (signal.aborted) throw new EpicstarError('cancelled', '');
}

/** All of a port's calls as steps of a process. For ports whose every method is asynchronous. */
export function livePort<T extends object>(port: T, life: Life, after: (method: string, args: unknown[]) => void): T {
  return new Proxy(port, {
    get(target, key) {
      const method: unknown = Reflect.get(target, key, target);
      if (typeof method !== 'function') return method;
      return (...args: unknown[]) =>
        life.step(async () => {
          const answer: unknown = await Reflect.apply(method, target, args);
          after(String(key), args);
          return answer;
        });
    },
  });
}
