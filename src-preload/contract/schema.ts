/**
 * @file The one table of all calls and topics. Client and server are derived from it; no name of a call or topic stands
 * anywhere else. Carries no transport.
 */
import { z } from 'zod';
import { call, type CallSpec, minuteMs, nothing } from './call.ts';
import { askCalls } from './ask-calls.ts';
import { desktopCalls } from './desktop-calls.ts';
import { handoutCalls } from './handout-calls.ts';
import { desktopView } from './desktop-views.ts';
import {
  facetsView,
  keptRefsView,
  repositoryFilter,
  repositoryIdsView,
  repositoryOrderNames,
  statisticsView,
} from './list-views.ts';
import { argument, count, githubId, instant, list, maxPageItems, page, pageRequest, text, view } from './primitives.ts';
import { proofCalls } from './proof-calls.ts';
import { extrasCalls } from './extras-calls.ts';
import { mirrorCalls } from './mirror-calls.ts';
import { setupCalls } from './setup-calls.ts';
import { setupView } from './setup-views.ts';
import { jobStateNames, jobView, outcomeNames, overviewView, repositoryView, runView, workView } from './views.ts';

/** As many as one person's action may name. */
const manyIds = list(githubId, 10_000);
const requested = view({ requested: count });

const engineCalls = {
  'overview.get': call(nothing, overviewView),
  'work.get': call(nothing, workView),
  'jobs.list': call(
    argument({
      states: list(z.enum(jobStateNames), jobStateNames.length).refine((states) => states.length > 0),
      ...pageRequest,
    }),
    page(jobView),
  ),
  /** False: it was over already. */
  'jobs.cancel': call(argument({ jobId: count }), view({ cancelled: z.boolean() })),
  'repositories.list': call(
    argument({
      ...repositoryFilter,
      order: z.enum(repositoryOrderNames).default('name'),
      /** Null: as the order says; large and new first. */
      descending: z.boolean().nullable().default(null),
      ...pageRequest,
    }),
    page(repositoryView),
  ),
  /** Ids of all that match, for actions on a whole selection. */
  'repositories.ids': call(argument(repositoryFilter), repositoryIdsView),
  'repositories.facets': call(argument(repositoryFilter), facetsView),
  /**
   * A person's own word about repositories, stronger than the rules; null: back to the rules. `later`: who is asked for its
   * size is asked again after 30 days, or when it has grown by half.
   */
  'repositories.choose': call(
    argument({ githubIds: manyIds, choice: z.enum(['include', 'exclude', 'later']).nullable() }),
    view({ changed: count }),
    minuteMs,
  ),
  /** Asks the mirror server. */
  'repositories.keptRefs': call(argument({ githubId }), keptRefsView, minuteMs),
  /** Makes a branch in the mirror of an old tip that it keeps; no mirror run touches it. */
  'repositories.restore': call(
    argument({ githubId, keptRef: text(900).refine((ref) => ref.startsWith('refs/epicstar/kept/')) }),
    view({ branch: text(900), sha: text(64), isNew: z.boolean() }),
    10 * minuteMs,
  ),
  /** Null: no repository of this id is known. */
  'repositories.get': call(argument({ githubId }), repositoryView.nullable()),
  'runs.list': call(
    argument({
      githubId: githubId.nullable().default(null),
      outcome: z.enum(outcomeNames).nullable().default(null),
      /** Finished at or after. */
      since: instant.nullable().default(null),
      /** Finished before. */
      until: instant.nullable().default(null),
      /** Each word is looked for in the full name. */
      text: text(200).default(''),
      ...pageRequest,
    }),
    page(runView),
  ),
  /** Forgets runs that finished before an instant, or all; no job is touched. */
  'runs.forget': call(argument({ before: instant.nullable() }), view({ forgotten: count }), 5 * minuteMs),
  'statistics.get': call(
    argument({
      /** Starts of days in the reader's time zone, ascending; each counts to the next, the last without end. */
      days: list(instant, 100),
      /** Bounds of the counts of stars, ascending. */
      starBounds: list(instant, 500),
    }),
    statisticsView,
  ),
  /** Answers when the look is over; `full` reads all pages. */
  'look.now': call(
    argument({ full: z.boolean().default(false) }),
    view({
      kind: z.enum(['quick', 'full']),
      starsSeen: count.nullable(),
      newStars: count,
      jobsRequested: count,
      absent: count,
      unreadable: count,
    }),
    10 * minuteMs,
  ),
  /** Null: until resumed. */
  'pause.set': call(argument({ until: instant.nullable() }), nothing),
  'pause.resume': call(nothing, nothing),
  'mirror.now': call(argument({ githubIds: manyIds }), requested, minuteMs),
  /** The next run follows what upstream lost at once; 0: the repository is not known. */
  'mirror.followLoss': call(argument({ githubId }), requested),
  /** It is mirrored with its definition of builds, now and later; 0: the repository is not known. */
  'mirror.mirrorBuilds': call(argument({ githubId }), requested),
  'mirror.retryFailed': call(nothing, requested),
  /** Looks at everything that a mirror needs. */
  'diagnosis.get': call(
    nothing,
    list(
      view({
        area: z.enum(['git', 'github', 'target', 'clock', 'disk', 'data-directory']),
        name: text(100),
        state: z.enum(['ok', 'warning', 'failed']),
        finding: text(2_000),
        nextStep: text(500).nullable(),
      }),
      200,
    ),
    2 * minuteMs,
  ),
  /** A hidden client is sent no updates; when it is shown again it gets the latest of each topic. */
  'visibility.set': call(argument({ visible: z.boolean() }), nothing),
  ...askCalls,
  ...proofCalls,
  ...setupCalls,
  ...handoutCalls,
  ...mirrorCalls,
  ...extrasCalls,
};

const callTable = { ...engineCalls, ...desktopCalls };

interface TopicSpec<V> {
  readonly value: z.ZodType<V>;
  /** Whether a listener gets the present value at once. If not, it hears of changes only. */
  readonly hasSnapshot: boolean;
}

const engineTopics = {
  overview: { value: overviewView, hasSnapshot: true },
  work: { value: workView, hasSnapshot: true },
  /** The newest run that ended; `skipped` others ended since the last message. */
  run: { value: view({ run: runView, skipped: count }), hasSnapshot: false },
  /** Rows that changed; empty: many. */
  repositories: { value: view({ githubIds: list(githubId, maxPageItems) }), hasSnapshot: false },
  setup: { value: setupView, hasSnapshot: true },
};

const desktopTopics = {
  desktop: { value: desktopView, hasSnapshot: true },
};

const topicTable = { ...engineTopics, ...desktopTopics };

type CallTable = typeof callTable;
type TopicTable = typeof topicTable;

export type CallName = keyof CallTable;
/** What the desktop program answers itself, for its own windows. */
export type DesktopCallName = keyof typeof desktopCalls;
/** What an engine answers, wherever it is. */
export type EngineCallName = Exclude<CallName, DesktopCallName>;
/** What a caller writes: fields with a default may be left out. */
export type CallInput<C extends CallName> = z.input<CallTable[C]['argument']>;
/** What a handler gets. */
export type CallArgument<C extends CallName> = z.output<CallTable[C]['argument']>;
export type CallAnswer<C extends CallName> = z.output<CallTable[C]['answer']>;
export type TopicName = keyof TopicTable;
export type DesktopTopicName = keyof typeof desktopTopics;
export type EngineTopicName = Exclude<TopicName, DesktopTopicName>;
export type TopicValue<T extends TopicName> = z.output<TopicTable[T]['value']>;

export const calls: { readonly [C in CallName]: CallSpec<CallArgument<C>, CallAnswer<C>> } = callTable;
export const topics: { readonly [T in TopicName]: TopicSpec<TopicValue<T>> } = topicTable;

export function isCallName(name: string): name is CallName {
  return Object.hasOwn(calls, name);
}

export function isTopicName(name: string): name is TopicName {
  return Object.hasOwn(topics, name);
}

export function isDesktopCallName(name: string): name is DesktopCallName {
  return Object.hasOwn(desktopCalls, name);
}

export function isDesktopTopicName(name: string): name is DesktopTopicName {
  return Object.hasOwn(desktopTopics, name);
}

/**
 * Makes the parsers do without generated code. For pages whose content security policy forbids `eval`: call it before
 * the first message is parsed.
 */
export function parseWithoutGeneratedCode(): void {
  z.config({ jitless: true });
}
