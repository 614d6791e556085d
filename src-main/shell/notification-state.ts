/**
 * @file What is remembered about notifications, so that a restart does not tell the same again: plain JSON, checked when
 * it is read. Pure.
 */
import { type NotificationKind, notificationKinds } from '../../src-preload/contract/desktop-views.ts';
import { count, githubId, instant, list, text, view } from '../../src-preload/contract/primitives.ts';

export { type NotificationKind, notificationKinds };

/** So many names of what is to be told are kept; all are counted. */
export const mostItems = 10;
/** So many repositories are remembered of those that failed, and of those that are gone. */
export const mostRemembered = 1_000;
const mostConditions = 50;

const itemSchema = view({
  name: text(300),
  githubId,
  /** Code of an error, or empty. */
  note: text(100),
});

const stateSchema = view({
  /** Nothing is told before. */
  quietUntil: instant,
  /** When each kind was told last. */
  told: list(view({ kind: text(40), at: instant }), notificationKinds.length),
  /** What happened and was not told yet. */
  pending: list(view({ kind: text(40), since: instant, count, items: list(itemSchema, mostItems) }), 20),
  /** What holds until somebody does something. */
  conditions: list(
    view({
      code: text(60),
      action: text(60),
      since: instant,
      /** Null: not yet, or so long ago that it is told again. */
      toldAt: instant.nullable(),
      /** Since when it does not hold any more; soon forgotten then. */
      absentSince: instant.nullable(),
    }),
    mostConditions,
  ),
  /** How often in a row each repository failed. */
  failures: list(view({ githubId, count }), mostRemembered),
  /** Repositories that were told to be empty upstream. */
  gone: list(githubId, mostRemembered),
  /** Repositories that exist in the mirrors alone, as they were listed last; null: they never were. */
  rescued: list(githubId, mostRemembered).nullable().default(null),
  /** Repositories that wait for the person's word, as they were listed last; null: they never were. */
  asking: list(githubId, mostRemembered).nullable().default(null),
  /** Null: nothing was ever mirrored, or the engine was never heard. */
  firstSuccessAt: instant.nullable(),
  /** Whether an engine was heard that had no mirror yet. */
  beganWithNothing: count.max(1),
});

export type NotificationState = ReturnType<typeof stateSchema.parse>;
export type NotificationItem = ReturnType<typeof itemSchema.parse>;
export type Condition = NotificationState['conditions'][number];
export type Pending = NotificationState['pending'][number];

export const emptyNotificationState: NotificationState = {
  quietUntil: 0,
  told: [],
  pending: [],
  conditions: [],
  failures: [],
  gone: [],
  rescued: null,
  asking: null,
  firstSuccessAt: null,
  beganWithNothing: 0,
};

/** What was stored, or the empty state where that cannot be read. */
export function readNotificationState(stored: unknown): NotificationState {
  const parsed = stateSchema.safeParse(stored);
  return parsed.success ? parsed.data : emptyNotificationState;
}

/** The state as it can be from this time on: a clock that was put back must not make short waits long. */
export function atMost(state: NotificationState, now: number, longestQuietMs: number): NotificationState {
  const isAhead =
    state.quietUntil > now + longestQuietMs ||
    state.told.some(({ at }) => at > now) ||
    state.pending.some(({ since }) => since > now) ||
    state.conditions.some((one) => Math.max(one.since, one.toldAt ?? 0, one.absentSince ?? 0) > now);
  if (!isAhead) return state;
  const least = (at: number | null): number | null => (at === null ? null : Math.min(at, now));
  return {
    ...state,
    quietUntil: Math.min(state.quietUntil, now + longestQuietMs),
    told: state.told.map((one) => ({ ...one, at: Math.min(one.at, now) })),
    pending: state.pending.map((one) => ({ ...one, since: Math.min(one.since, now) })),
    conditions: state.conditions.map((one) => ({
      ...one,
      since: Math.min(one.since, now),
      toldAt: least(one.toldAt),
      absentSince: least(one.absentSince),
    })),
  };
}

export function addPending(
  state: NotificationState,
  kind: NotificationKind,
  item: NotificationItem,
  now: number,
): NotificationState {
  const before = state.pending.find((one) => one.kind === kind) ?? { kind, since: now, count: 0, items: [] };
  // It is told of once, however often it happened.
  if (before.items.some((one) => one.githubId === item.githubId)) return state;
  const items = before.items.length < mostItems ? [...before.items, item] : before.items;
  const pending = { ...before, count: before.count + 1, items };
  return { ...state, pending: [...state.pending.filter((one) => one.kind !== kind), pending] };
}

/** Forgets what was to be told of others than these. */
export function keepPending(
  state: NotificationState,
  kind: NotificationKind,
  ids: ReadonlySet<number>,
): NotificationState {
  const pending = state.pending.flatMap((one) => {
    if (one.kind !== kind) return [one];
    const items = one.items.filter(({ githubId }) => ids.has(githubId));
    const gone = one.items.length - items.length;
    return items.length === 0 ? [] : [{ ...one, items, count: one.count - gone }];
  });
  return { ...state, pending };
}

/** Remembers what holds now. What began while the person looked on is as good as told. */
export function noteConditions(
  state: NotificationState,
  present: readonly { readonly code: string; readonly action: string }[],
  { now, isSeen, forgetAfterMs }: { readonly now: number; readonly isSeen: boolean; readonly forgetAfterMs: number },
): NotificationState {
  const kept = state.conditions
    .filter(({ absentSince }) => absentSince === null || now - absentSince < forgetAfterMs)
    .map((one): Condition => {
      const holds = present.some(({ code }) => code === one.code);
      if (holds) return one.absentSince === null ? one : { ...one, absentSince: null };
      return one.absentSince === null ? { ...one, absentSince: now } : one;
    });
  const added = present
    .filter(({ code }, index) => present.findIndex((other) => other.code === code) === index)
    .filter(({ code }) => !kept.some((one) => one.code === code))
    .map(({ code, action }) => ({ code, action, since: now, toldAt: isSeen ? now : null, absentSince: null }));
  const isSame =
    added.length === 0 &&
    kept.length === state.conditions.length &&
    kept.every((one, index) => one === state.conditions[index]);
  return isSame ? state : { ...state, conditions: [...kept, ...added].slice(-mostConditions) };
}

/** @returns the state with one more failure, and how many there are in a row now */
export function countFailure(state: NotificationState, id: number): readonly [NotificationState, number] {
  const inRow = (state.failures.find((one) => one.githubId === id)?.count ?? 0) + 1;
  const others = state.failures.filter((one) => one.githubId !== id).slice(1 - mostRemembered);
  return [{ ...state, failures: [...others, { githubId: id, count: inRow }] }, inRow];
}

/** A repository that was mirrored neither fails nor is gone. */
export function forgetTroubles(state: NotificationState, id: number): NotificationState {
  const isKnown = state.gone.includes(id) || state.failures.some((one) => one.githubId === id);
  if (!isKnown) return state;
  return {
    ...state,
    failures: state.failures.filter((one) => one.githubId !== id),
    gone: state.gone.filter((one) => one !== id),
  };
}
