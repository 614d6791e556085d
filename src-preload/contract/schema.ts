/**
 * @file The one table of all calls and topics. Client and server are derived from it; no name of a call or topic stands
 * anywhere else. Carries no transport.
 */
import { z } from 'zod';
import { argument, count, githubId, instant, list, maxPageItems, page, pageRequest, text, view } from './primitives.ts';
import {
  jobStateNames,
  jobView,
  outcomeNames,
  overviewView,
  repositoryStateNames,
  repositoryView,
  runView,
  workView,
} from './views.ts';

const secondMs = 1_000;
const minuteMs = 60 * secondMs;

interface CallSpec<A, R> {
  readonly argument: z.ZodType<A>;
  readonly answer: z.ZodType<R>;
  /** After this long the client gives up waiting; the work itself goes on. */
  readonly timeoutMs: number;
}

function call<A extends z.ZodType, R extends z.ZodType>(argumentParser: A, answer: R, timeoutMs = 30 * secondMs) {
  return { argument: argumentParser, answer, timeoutMs };
}

const nothing = argument({});
const requested = view({ requested: count });

const callTable = {
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
      text: text(200).default(''),
      state: z.enum(repositoryStateNames).nullable().default(null),
      order: z.enum(['name', 'starred', 'size', 'verified']).default('name'),
      ...pageRequest,
    }),
    page(repositoryView),
  ),
  /** Null: no repository of this id is known. */
  'repositories.get': call(argument({ githubId }), repositoryView.nullable()),
  /** Compares both ends now, changing nothing. */
  'repositories.verify': call(
    argument({ githubId }),
    view({
      githubId,
      fullName: text(300),
      state: z.enum(['same', 'differs', 'not-mirrored', 'failed']),
      refCount: count,
      differences: list(text(600), 50),
      unfitRefs: count,
      message: text(2_000).nullable(),
    }),
    10 * minuteMs,
  ),
  'runs.list': call(
    argument({
      githubId: githubId.nullable().default(null),
      outcome: z.enum(outcomeNames).nullable().default(null),
      since: instant.nullable().default(null),
      ...pageRequest,
    }),
    page(runView),
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
  'mirror.now': call(argument({ githubIds: list(githubId, maxPageItems) }), requested),
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
};

interface TopicSpec<V> {
  readonly value: z.ZodType<V>;
  /** Whether a listener gets the present value at once. If not, it hears of changes only. */
  readonly hasSnapshot: boolean;
}

const topicTable = {
  overview: { value: overviewView, hasSnapshot: true },
  work: { value: workView, hasSnapshot: true },
  /** The newest run that ended; `skipped` others ended since the last message. */
  run: { value: view({ run: runView, skipped: count }), hasSnapshot: false },
  /** Rows that changed; empty: many. */
  repositories: { value: view({ githubIds: list(githubId, maxPageItems) }), hasSnapshot: false },
};

type CallTable = typeof callTable;
type TopicTable = typeof topicTable;

export type CallName = keyof CallTable;
/** What a caller writes: fields with a default may be left out. */
export type CallInput<C extends CallName> = z.input<CallTable[C]['argument']>;
/** What a handler gets. */
export type CallArgument<C extends CallName> = z.output<CallTable[C]['argument']>;
export type CallAnswer<C extends CallName> = z.output<CallTable[C]['answer']>;
export type TopicName = keyof TopicTable;
export type TopicValue<T extends TopicName> = z.output<TopicTable[T]['value']>;

export const calls: { readonly [C in CallName]: CallSpec<CallArgument<C>, CallAnswer<C>> } = callTable;
export const topics: { readonly [T in TopicName]: TopicSpec<TopicValue<T>> } = topicTable;

export function isCallName(name: string): name is CallName {
  return Object.hasOwn(calls, name);
}

export function isTopicName(name: string): name is TopicName {
  return Object.hasOwn(topics, name);
}

/**
 * Makes the parsers do without generated code. For pages whose content security policy forbids `eval`: call it before
 * the first message is parsed.
 */
export function parseWithoutGeneratedCode(): void {
  z.config({ jitless: true });
}
