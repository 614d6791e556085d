/**
 * @file What to notify of, and when: quiet by default. One of a kind an hour at most, what comes meanwhile is in the
 * next one; nothing just after start and wake, nothing of routine, nothing of what the person just did in the window.
 * Pure: state goes in and comes out, and the state is plain JSON.
 */
import type { OverviewView, RunView } from '../../src-preload/contract/views.ts';
import {
  addPending,
  atMost,
  type Condition,
  countFailure,
  forgetTroubles,
  keepPending,
  mostRemembered,
  noteConditions,
  type NotificationItem,
  type NotificationKind,
  notificationKinds,
  type NotificationState,
} from './notification-state.ts';
import { describeEvents, describeNeeds, type NotificationView } from './notification-words.ts';

const secondMs = 1_000;
const minuteMs = 60 * secondMs;
export const hourMs = 60 * minuteMs;
/** After start and wake things settle by themselves for so long. */
export const settleMs = 20 * secondMs;
/** What holds for so long although it was told is told again. */
export const remindAfterMs = 24 * hourMs;
/** What comes and goes is the same thing within this time. */
const forgetAfterMs = 15 * minuteMs;
/** Retries of one repository are nobody's business before so many have failed, which takes half a day. */
const stubbornAttempts = 8;
/** So much later the engine tells of the last runs of the first backfill. */
const firstSuccessLagMs = 5 * secondMs;

/** What comes in such a time after the first of its kind is told with it. */
const gatherMs: Readonly<Record<NotificationKind, number>> = {
  'needs-you': 5 * secondMs,
  disk: 5 * secondMs,
  asks: 15 * secondMs,
  'rewrite-caught': 15 * secondMs,
  'upstream-gone': 15 * secondMs,
  'first-success': 0,
  'new-stars': minuteMs,
  'failed-again': minuteMs,
};

/** What only a person can do. */
const personal: ReadonlySet<string> = new Set([
  'sign-in-github',
  'sign-in-target',
  'open-settings',
  'grant-right',
  'free-disk',
  'resolve-clash',
  'install-git',
]);
/** The same of one repository; whatever else it fails for is told as a failure. */
const personalOfOne: ReadonlySet<string> = new Set(['sign-in-github', 'grant-right', 'follow-loss', 'mirror-builds']);
/** A run that finds it gone or blocked says nothing for certain: that is told once GitHub said it twice. */
const doubtful: ReadonlySet<string> = new Set(['github-gone', 'github-blocked']);

export interface EndedRun {
  readonly run: RunView;
  /** Null: not known. */
  readonly defaultBranch: string | null;
}

export interface RescuedRepository {
  readonly githubId: number;
  readonly fullName: string;
  /** Else it is gone. */
  readonly isBlocked: boolean;
}

export interface AskingRepository {
  readonly githubId: number;
  readonly fullName: string;
  /** In words; empty: not known. */
  readonly size: string;
}

export type NotificationEvent =
  /** The program started, or the computer woke. */
  | { readonly kind: 'began' }
  | { readonly kind: 'overview'; readonly overview: OverviewView }
  /** All that exists in the mirrors alone, for certain. */
  | { readonly kind: 'rescued'; readonly repositories: readonly RescuedRepository[] }
  /** All that waits for the person's word. */
  | { readonly kind: 'asks'; readonly repositories: readonly AskingRepository[] }
  /** Runs that ended, each told once. */
  | { readonly kind: 'runs'; readonly runs: readonly EndedRun[] }
  | { readonly kind: 'time' };

export interface NotificationFacts {
  readonly now: number;
  readonly isOn: (kind: NotificationKind) => boolean;
  /** Whether the person looks at the window. */
  readonly isSeen: boolean;
  /** Whether the wizard of the first run is in place, which asks for all that is missing. */
  readonly isFirstRun: boolean;
}

export interface NotificationStep {
  /** The same object where nothing changed. */
  readonly state: NotificationState;
  readonly show: readonly NotificationView[];
  /** When to come again with an event of time, if nothing else comes; null: not by itself. */
  readonly wakeAt: number | null;
}

export function stepNotifications(
  before: NotificationState,
  event: NotificationEvent,
  facts: NotificationFacts,
): NotificationStep {
  let state = take(dropUnwanted(atMost(before, facts.now, settleMs), facts), event, facts);
  const show: NotificationView[] = [];
  for (const kind of notificationKinds) {
    const ready = findReady(state, kind, facts);
    if (ready === null || ready.at > facts.now) continue;
    const { view, told } = ready.tell();
    state = told;
    if (view !== null) show.push(view);
  }
  const times = notificationKinds.flatMap((kind) => findReady(state, kind, facts)?.at ?? []);
  return { state, show, wakeAt: times.length === 0 ? null : Math.max(Math.min(...times), facts.now + 1) };
}

/** Whoever wants to hear of a kind again wants no old news. */
function dropUnwanted(state: NotificationState, { isOn }: NotificationFacts): NotificationState {
  const pending = state.pending.filter((one) => notificationKinds.some((kind) => kind === one.kind && isOn(kind)));
  return pending.length === state.pending.length ? state : { ...state, pending };
}

function take(state: NotificationState, event: NotificationEvent, facts: NotificationFacts): NotificationState {
  switch (event.kind) {
    case 'began':
      return {
        ...state,
        quietUntil: facts.now + settleMs,
        // What was there before may not have shown itself again yet.
        conditions: state.conditions.map((one) =>
          one.absentSince === null ? one : { ...one, absentSince: facts.now },
        ),
      };
    case 'overview':
      return takeOverview(state, event.overview, facts);
    case 'rescued':
      return takeRescued(state, event.repositories, facts);
    case 'asks':
      return takeAsks(state, event.repositories, facts);
    case 'runs':
      return event.runs.reduce((soFar, ended) => takeRun(soFar, ended, facts), state);
    case 'time':
      return state;
  }
}

function takeOverview(state: NotificationState, overview: OverviewView, facts: NotificationFacts): NotificationState {
  const { troubles, watcher } = overview;
  const errors = [...troubles.map(({ error }) => error), ...(watcher.error === null ? [] : [watcher.error])];
  const present = errors.filter(({ action }) => personal.has(action));
  return takeFirstSuccess(noteConditions(state, present, { ...facts, forgetAfterMs }), overview, facts);
}

/** The first backfill is told of once, when it is over, and never to whoever had mirrors before. */
function takeFirstSuccess(
  state: NotificationState,
  { totals, watcher }: OverviewView,
  { now, isOn, isSeen }: NotificationFacts,
): NotificationState {
  if (state.firstSuccessAt !== null) return state;
  if (totals.mirrored === 0) return state.beganWithNothing === 1 ? state : { ...state, beganWithNothing: 1 };
  if (state.beganWithNothing === 0) return { ...state, firstSuccessAt: now };
  const isBusy = totals.jobs.queued + totals.jobs.running > 0 || watcher.isLooking || watcher.lastLookAt === null;
  if (isBusy) return state;
  const reached = { ...state, firstSuccessAt: now };
  if (isSeen || !isOn('first-success')) return reached;
  return addPending(reached, 'first-success', { name: '', githubId: 1, note: '' }, now);
}

/** What was gone before anybody listened is no news. */
function takeRescued(
  state: NotificationState,
  repositories: readonly RescuedRepository[],
  { now, isOn }: NotificationFacts,
): NotificationState {
  const ids = repositories.map(({ githubId }) => githubId).slice(0, mostRemembered);
  const { rescued } = state;
  if (rescued !== null && rescued.length === ids.length && rescued.every((id, index) => id === ids[index]))
    return state;
  const known = new Set(rescued ?? ids);
  const news = isOn('upstream-gone') ? repositories.filter(({ githubId }) => !known.has(githubId)) : [];
  return news.reduce<NotificationState>(
    (soFar, { githubId, fullName, isBlocked }) =>
      addPending(
        soFar,
        'upstream-gone',
        { name: fullName, githubId, note: isBlocked ? 'github-blocked' : 'github-gone' },
        now,
      ),
    { ...state, rescued: ids },
  );
}

/** What waited before anybody listened is no news; what was answered meanwhile is not told any more. */
function takeAsks(
  state: NotificationState,
  repositories: readonly AskingRepository[],
  { now, isOn, isSeen }: NotificationFacts,
): NotificationState {
  const ids = repositories.map(({ githubId }) => githubId).slice(0, mostRemembered);
  const known = new Set(state.asking ?? ids);
  const isSame = state.asking !== null && known.size === ids.length && ids.every((id) => known.has(id));
  if (isSame) return state;
  const news = isSeen || !isOn('asks') ? [] : repositories.filter(({ githubId }) => !known.has(githubId));
  const left = keepPending(state, 'asks', new Set(ids));
  return news.reduce<NotificationState>(
    (soFar, { githubId, fullName, size }) =>
      addPending(soFar, 'asks', { name: fullName, githubId, note: size.slice(0, 100) }, now),
    { ...left, asking: ids },
  );
}

function takeRun(state: NotificationState, { run, defaultBranch }: EndedRun, facts: NotificationFacts) {
  const isOwnDoing = run.cause === 'user' && facts.isSeen;
  const add = (soFar: NotificationState, kind: NotificationKind, note = ''): NotificationState => {
    if (isOwnDoing || !facts.isOn(kind)) return soFar;
    return addPending(soFar, kind, { name: run.fullName, githubId: run.githubId, note: note.slice(0, 100) }, facts.now);
  };
  const caught = isHistoryLost(run, defaultBranch) ? add(state, 'rewrite-caught') : state;
  if (run.outcome === 'done') {
    const healthy = forgetTroubles(caught, run.githubId);
    return isNewStar(run, healthy) && !facts.isSeen ? add(healthy, 'new-stars') : healthy;
  }
  const isStubborn = run.outcome === 'retry' && run.attempt >= stubbornAttempts;
  if (run.error === null || (run.outcome !== 'failed' && !isStubborn)) return caught;
  const { code, action } = run.error;
  if (doubtful.has(code)) return caught;
  if (code === 'source-emptied') {
    if (caught.gone.includes(run.githubId)) return caught;
    const gone = [...caught.gone, run.githubId].slice(-mostRemembered);
    return add({ ...caught, gone }, 'upstream-gone', code);
  }
  const [counted, inRow] = countFailure(caught, run.githubId);
  if (!isWorthTelling(inRow)) return counted;
  return add(counted, personalOfOne.has(action) && !isStubborn ? 'needs-you' : 'failed-again', action);
}

/** The 1st, 4th, 16th, 64th … in a row. */
function isWorthTelling(inRow: number): boolean {
  return Number.isInteger(Math.log2(inRow) / 2);
}

function isNewStar({ cause, finishedAt }: RunView, { firstSuccessAt }: NotificationState): boolean {
  return cause === 'new-star' && firstSuccessAt !== null && finishedAt > firstSuccessAt + firstSuccessLagMs;
}

/**
 * Branches that people work on are rewritten and deleted all day; the default branch is what everybody relies on. Where
 * it is not known, each rewrite counts.
 */
function isHistoryLost({ report }: RunView, defaultBranch: string | null): boolean {
  const kept = report.moved.filter(({ kind, keptAs }) => keptAs !== null && (kind === 'rewrite' || kind === 'delete'));
  if (defaultBranch === null) return kept.some(({ kind }) => kind === 'rewrite');
  return kept.some(({ ref }) => ref === `refs/heads/${defaultBranch}`);
}

interface Ready {
  /** From when on it may be told. */
  readonly at: number;
  readonly tell: () => { readonly view: NotificationView | null; readonly told: NotificationState };
}

/** What there is to tell of a kind. */
function findReady(state: NotificationState, kind: NotificationKind, facts: NotificationFacts): Ready | null {
  const pending = state.pending.find((one) => one.kind === kind);
  const held = kind === 'needs-you' && facts.isFirstRun;
  const untold = held ? [] : state.conditions.filter((one) => kindOf(one) === kind && one.absentSince === null);
  const starts = [
    ...(pending === undefined ? [] : [pending.since + gatherMs[kind]]),
    ...untold.map(({ since, toldAt }) => (toldAt === null ? since + gatherMs[kind] : toldAt + remindAfterMs)),
  ];
  if (starts.length === 0 || held || !facts.isOn(kind)) return null;
  const toldAt = state.told.find((one) => one.kind === kind)?.at;
  const at = Math.max(Math.min(...starts), state.quietUntil, toldAt === undefined ? 0 : toldAt + hourMs);
  return { at, tell: () => tellNow(state, kind, facts) };
}

function tellNow(state: NotificationState, kind: NotificationKind, { now, isSeen }: NotificationFacts) {
  const pending = state.pending.find((one) => one.kind === kind);
  const isDue = (one: Condition): boolean =>
    kindOf(one) === kind && one.absentSince === null && (one.toldAt === null || now - one.toldAt >= remindAfterMs);
  const due = state.conditions.filter(isDue);
  const isConditional = kind === 'needs-you' || kind === 'disk';
  // Whoever looks at the window sees that it still holds.
  const shown = due.filter(({ toldAt }) => toldAt === null || !isSeen);
  const view = isConditional
    ? describeNeeds(kind, shown, pending)
    : pending === undefined
      ? null
      : describeEvents(kind, pending);
  const told: NotificationState = {
    ...state,
    told: view === null ? state.told : [...state.told.filter((one) => one.kind !== kind), { kind, at: now }],
    pending: state.pending.filter((one) => one.kind !== kind),
    conditions: state.conditions.map((one) => (due.includes(one) ? { ...one, toldAt: now } : one)),
  };
  return { view, told };
}

function kindOf({ action }: Condition): NotificationKind {
  return action === 'free-disk' ? 'disk' : 'needs-you';
}

export type { NotificationItem, NotificationKind, NotificationState, NotificationView };
