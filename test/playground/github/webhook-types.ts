/** @file Webhooks of repositories, their events and their deliveries as the stand-in keeps them; must not know HTTP. */

export type JsonObject = Readonly<Record<string, unknown>>;

/** The events that the stand-in can tell of. */
export const HOOK_EVENTS = [
  'star',
  'watch',
  'push',
  'create',
  'delete',
  'repository',
  'public',
  'release',
  'ping',
] as const;

export type HookEventName = (typeof HOOK_EVENTS)[number];

export interface HookConfig {
  readonly url: string;
  readonly contentType: 'json' | 'form';
  /** Null: deliveries are not signed. */
  readonly secret: string | null;
  /** Kept and shown, but not obeyed. */
  readonly insecureSsl: '0' | '1';
}

export interface HookSpec {
  readonly url: string;
  /** Default `json`; over REST GitHub's own default is `form`. */
  readonly contentType?: 'json' | 'form';
  readonly secret?: string | null;
  /** Default `['*']`; over REST GitHub's own default is `['push']`. */
  readonly events?: readonly string[];
  readonly active?: boolean;
}

export interface Hook {
  readonly id: number;
  readonly repositoryId: number;
  config: HookConfig;
  /** `*` means all. */
  events: readonly string[];
  active: boolean;
  readonly createdAtMs: number;
  updatedAtMs: number;
  lastResponse: { readonly code: number | null; readonly status: string; readonly message: string | null };
}

/** Something that happened to a repository, before it is told to a hook. */
export interface HookEvent {
  readonly name: HookEventName;
  readonly action: string | null;
  readonly senderLogin: string;
  /** Top-level fields of the payload that differ from the published example. */
  readonly fields: JsonObject;
}

/** One attempt; a redelivery is a delivery of its own with the same `guid`. */
export interface Delivery {
  readonly id: number;
  /** Shared by all hooks that were told of the same event. */
  readonly guid: string;
  readonly hookId: number;
  readonly repositoryId: number;
  readonly event: HookEventName;
  readonly action: string | null;
  readonly deliveredAtMs: number;
  readonly redelivery: boolean;
  readonly durationMs: number;
  readonly status: string;
  readonly statusCode: number;
  readonly url: string;
  readonly request: { readonly headers: Readonly<Record<string, string>>; readonly payload: JsonObject };
  readonly response: { readonly headers: Readonly<Record<string, string>> | null; readonly payload: string | null };
}
