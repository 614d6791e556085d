/**
 * @file Updates on their way to one client: at most five a second of each topic, none to a hidden one, and to a slow
 * one only the latest. Knows no transport.
 */
import { isTopicName, type TopicName, type TopicValue } from '../../src-preload/contract/schema.ts';

export interface DeliveryOptions {
  /** Milliseconds that never jump back. */
  readonly monotonicMs: () => number;
  readonly setTimer: (delayMs: number, fire: () => void) => () => void;
  readonly send: (topic: TopicName, value: unknown) => void;
  /** Whether what was sent before has left. */
  readonly isReady: () => boolean;
}

export const minUpdateIntervalMs = 200;

interface Lane<T extends TopicName> {
  held: { readonly value: TopicValue<T> } | null;
  sentAtMs: number | null;
}

type Lanes = { readonly [T in TopicName]: Lane<T> };
type Joins = { readonly [T in TopicName]: (held: TopicValue<T>, next: TopicValue<T>) => TopicValue<T> };

/** What two messages of a topic come to when the first was not sent yet. */
const joins: Joins = {
  overview: (_held, next) => next,
  work: (_held, next) => next,
  run: (held, next) => ({ run: next.run, skipped: held.skipped + next.skipped + 1 }),
  repositories: (held, next) => joinIds(held.githubIds, next.githubIds),
  setup: (_held, next) => next,
  desktop: (_held, next) => next,
};

/** No ids mean many: that outranks any list. */
function joinIds(held: readonly number[], next: readonly number[]): TopicValue<'repositories'> {
  const joined = [...new Set([...held, ...next])];
  return { githubIds: held.length === 0 || next.length === 0 || joined.length > 200 ? [] : joined };
}

export class Delivery {
  readonly #options: DeliveryOptions;
  readonly #lanes: Lanes = {
    overview: { held: null, sentAtMs: null },
    work: { held: null, sentAtMs: null },
    run: { held: null, sentAtMs: null },
    repositories: { held: null, sentAtMs: null },
    setup: { held: null, sentAtMs: null },
    desktop: { held: null, sentAtMs: null },
  };
  #isVisible = true;
  #isClosed = false;
  #stopTimer: (() => void) | null = null;

  constructor(options: DeliveryOptions) {
    this.#options = options;
  }

  put<T extends TopicName>(topic: T, value: TopicValue<T>): void {
    const lane: Lane<T> = this.#lanes[topic];
    lane.held = { value: lane.held === null ? value : joins[topic](lane.held.value, value) };
    this.flush();
  }

  forget(topic: TopicName): void {
    this.#lanes[topic].held = null;
  }

  setVisible(visible: boolean): void {
    this.#isVisible = visible;
    this.flush();
  }

  /** Sends what may be sent now; called again by itself when more may, and by the transport when it has drained. */
  flush(): void {
    this.#stopTimer?.();
    this.#stopTimer = null;
    if (this.#isClosed || !this.#isVisible) return;
    let waitMs = Number.POSITIVE_INFINITY;
    for (const topic of Object.keys(this.#lanes).filter(isTopicName)) {
      const lane = this.#lanes[topic];
      if (lane.held === null) continue;
      if (!this.#options.isReady()) return;
      const sinceMs = lane.sentAtMs === null ? minUpdateIntervalMs : this.#options.monotonicMs() - lane.sentAtMs;
      if (sinceMs < minUpdateIntervalMs) {
        waitMs = Math.min(waitMs, minUpdateIntervalMs - sinceMs);
        continue;
      }
      const { value } = lane.held;
      lane.held = null;
      lane.sentAtMs = this.#options.monotonicMs();
      this.#options.send(topic, value);
    }
    if (Number.isFinite(waitMs)) this.#stopTimer = this.#options.setTimer(Math.ceil(waitMs), () => this.flush());
  }

  close(): void {
    this.#isClosed = true;
    this.#stopTimer?.();
    this.#stopTimer = null;
  }
}
