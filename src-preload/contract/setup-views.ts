/** @file What the window is shown of setting up: sign-ins, targets, rules of what to mirror, settings. */
import { z } from 'zod';
import { argument, count, githubId, instant, link, list, text, view } from './primitives.ts';
import { errorView } from './views.ts';

export const setupStepNames = ['github', 'target', 'selection', 'done'] as const;
export type SetupStepName = (typeof setupStepNames)[number];

export const githubAccountView = view({
  login: text(100),
  host: text(300),
  /** In words: `environment variable EPICSTAR_GITHUB_TOKEN`, `the sign-in here`. */
  tokenFrom: text(2_000),
  /** Null: this kind of token does not tell. */
  scopes: list(text(100), 100).nullable(),
  /** Null: does not expire by time, or it is not known. */
  expiresAt: instant.nullable(),
  /** What the token may not do, one sentence each. */
  limits: list(text(500), 20),
});
export type GithubAccountView = z.output<typeof githubAccountView>;

export const deviceCodeView = view({ userCode: text(40), page: link, expiresAt: instant });
export type DeviceCodeView = z.output<typeof deviceCodeView>;

export const checkItemView = view({
  name: text(100),
  state: z.enum(['ok', 'warning', 'failed']),
  finding: text(2_000),
  nextStep: text(500).nullable(),
});
export type CheckItemView = z.output<typeof checkItemView>;

export const setupView = view({
  /** The first step that is still to be done. */
  step: z.enum(setupStepNames),
  /** Nothing was ever mirrored and nobody ever said what to mirror: the wizard is in place. */
  isFirstRun: z.boolean(),
  github: view({
    state: z.enum(['signed-out', 'asking-for-code', 'waiting', 'checking', 'signed-in']),
    /** While waiting. */
    code: deviceCodeView.nullable(),
    /** While signed in. */
    account: githubAccountView.nullable(),
    /** Why the last try came to nothing. */
    error: errorView.nullable(),
    apiUrl: text(2_000),
    /** Whether a client id is set, without which there is no device flow. */
    canUseDeviceFlow: z.boolean(),
    /** Where a token is made by hand, with what it needs filled in where GitHub allows that. */
    tokenPage: link.nullable(),
    /** Where an app of one's own is registered for the device flow. */
    appPage: link.nullable(),
  }),
  target: view({
    kind: z.enum(['onedev', 'folder']),
    address: text(2_000),
    root: text(1_000).nullable(),
    hasToken: z.boolean(),
  }).nullable(),
  /** The test of a target that is under way or was the last one; its findings come one by one. */
  test: view({ isRunning: z.boolean(), items: list(checkItemView, 50) }).nullable(),
  /** Names of settings and secrets that are decided outside and cannot be changed here. */
  fixed: list(text(100), 100),
});
export type SetupView = z.output<typeof setupView>;

export const targetCandidate = z.discriminatedUnion('kind', [
  argument({
    kind: z.literal('onedev'),
    url: text(2_000),
    /** Null: the one that is stored. */
    token: text(1_000).nullable(),
    /** Path of the parent project, such as `github`. */
    root: text(500),
    /** Absolute path of a PEM file; null: the usual authorities. */
    caFile: text(2_000).nullable(),
    /** The person was told of the risk and wants plain http to this host. */
    allowInsecure: z.boolean(),
  }),
  argument({ kind: z.literal('folder'), folder: text(2_000) }),
]);
export type TargetCandidateInput = z.input<typeof targetCandidate>;

const onlyNever = argument({ only: list(text(200), 500), never: list(text(200), 500) });

/** The same object goes in and comes out. */
export const selectionRules = argument({
  scope: z.enum(['all', 'new-only']),
  newSince: instant,
  owners: onlyNever,
  languages: onlyNever,
  topics: onlyNever,
  /** Names of the person's GitHub Lists. */
  lists: onlyNever,
  forks: z.enum(['mirror', 'skip']),
  archived: z.enum(['mirror', 'skip']),
  privateOnes: z.enum(['mirror', 'skip']),
  /** `*` and `?` over the whole `owner/name`. */
  namePatterns: onlyNever,
  /** In kibibytes by GitHub's figure; null: never ask. */
  askAboveKb: count.nullable(),
});
export type SelectionRulesView = z.output<typeof selectionRules>;

const amount = view({ count, sizeKb: count });
const facet = view({ value: text(300), count });
export type FacetView = z.output<typeof facet>;

export const selectionPreviewView = view({
  repositories: count,
  mirror: amount,
  skip: amount,
  ask: amount,
  /** The largest of those that would be mirrored. */
  largest: list(view({ githubId, fullName: text(300), sizeKb: count }), 10),
  /** Where caches are kept; null: not known. */
  freeBytesHere: count.nullable(),
  /** Null: not known. */
  freeBytesAtTarget: count.nullable(),
  /** What there is to choose from, the most frequent first; an empty language: none. */
  owners: list(facet, 100),
  languages: list(facet, 100),
  topics: list(facet, 100),
  /** Null: this token may not read them, or they were never read. */
  lists: list(facet, 100).nullable(),
});
export type SelectionPreviewView = z.output<typeof selectionPreviewView>;

export const settingView = view({
  name: text(100),
  /** Environment variable of the same meaning. */
  variable: text(100),
  /** As it is in force. */
  text: text(10_000),
  fallback: text(10_000),
  origin: z.enum(['flag', 'environment', 'file', 'default']),
  /** What is allowed, in a few words. */
  allowed: text(500),
});
export type SettingView = z.output<typeof settingView>;
