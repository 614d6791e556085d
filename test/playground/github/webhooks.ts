/** @file The webhooks of the stand-in's repositories: who is told of what, and what became of each attempt. */
import { randomUUID } from 'node:crypto';
import type { PlaygroundClock } from './clock.ts';
import type { Addresses } from './user-json.ts';
import { changeEvents, pushEvents, starEvents } from './webhook-events.ts';
import { hookJson } from './webhook-json.ts';
import { payloadOf } from './webhook-payloads.ts';
import { changedRefs, readRefs, type Refs } from './webhook-refs.ts';
import { encodeBody, postDelivery, signatureOf } from './webhook-sender.ts';
import type { Delivery, Hook, HookConfig, HookEvent, HookEventName, HookSpec, JsonObject } from './webhook-types.ts';
import type { World } from './world.ts';
import type { WorldEvent } from './world-events.ts';
import { fullNameOf, type Repository } from './world-types.ts';

export interface WebhookParts {
  readonly world: World;
  readonly clock: PlaygroundClock;
  /** Addresses as they stand in payloads. */
  readonly at: () => Addresses;
  /** How long an answer may take; GitHub waits 10 s. */
  readonly timeoutMs: number;
}

interface Message {
  readonly guid: string;
  readonly event: HookEventName;
  readonly action: string | null;
  readonly redelivery: boolean;
  readonly payload: JsonObject;
}

const FIRST_HOOK_ID = 510_000_001;
const FIRST_DELIVERY_ID = 210_000_000_001;
/** Larger payloads are never sent. */
const MAX_PAYLOAD_BYTES = 25 * 1024 * 1024;
/** Older deliveries can neither be read nor sent again. */
const KEPT_MS = 3 * 24 * 3_600_000;
const USER_AGENT = 'GitHub-Hookshot/5c7a1e0';

export class Webhooks {
  readonly #parts: WebhookParts;
  readonly #hooks = new Map<number, Hook>();
  readonly #deliveries: Delivery[] = [];
  /** One at a time per hook, so that they arrive in the order of the events; GitHub promises none. */
  readonly #queues = new Map<number, Promise<void>>();
  readonly #refs = new Map<number, Refs>();
  readonly #stop = new AbortController();
  readonly #unsubscribe: () => void;
  #nextHookId = FIRST_HOOK_ID;
  #nextDeliveryId = FIRST_DELIVERY_ID;

  constructor(parts: WebhookParts) {
    this.#parts = parts;
    this.#unsubscribe = parts.world.events.subscribe((event) => this.#happened(event));
  }

  /** As over REST, and as there a `ping` is sent at once. @returns the new hook's id */
  add(repositoryId: number, spec: HookSpec): number {
    const { clock, world } = this.#parts;
    const repository = world.repository(repositoryId);
    const now = clock.now();
    const { url, contentType = 'json', secret = null, events = ['*'], active = true } = spec;
    const hook: Hook = {
      id: this.#nextHookId++,
      repositoryId,
      config: { url, contentType, secret, insecureSsl: '0' },
      events,
      active,
      createdAtMs: now,
      updatedAtMs: now,
      lastResponse: { code: null, status: 'unused', message: null },
    };
    if (repository.bareDir !== null && this.hooksOf(repositoryId).length === 0) {
      this.#refs.set(repositoryId, readRefs(repository.bareDir));
    }
    this.#hooks.set(hook.id, hook);
    this.ping(hook.id);
    return hook.id;
  }

  /** @returns whether there was one */
  remove(hookId: number): boolean {
    return this.#hooks.delete(hookId);
  }

  update(hookId: number, change: Partial<Pick<Hook, 'active' | 'config' | 'events'>>): void {
    Object.assign(this.hook(hookId), change, { updatedAtMs: this.#parts.clock.now() });
  }

  /** @throws when it was removed or never existed */
  hook(hookId: number): Hook {
    const hook = this.#hooks.get(hookId);
    if (hook === undefined) throw new Error(`no such hook: ${hookId}`);
    return hook;
  }

  hooksOf(repositoryId: number): readonly Hook[] {
    return [...this.#hooks.values()].filter((hook) => hook.repositoryId === repositoryId);
  }

  /** Finished attempts of the last three days, the newest first. */
  deliveries(hookId?: number): readonly Delivery[] {
    const oldestMs = this.#parts.clock.now() - KEPT_MS;
    return this.#deliveries
      .filter(({ deliveredAtMs, hookId: of }) => deliveredAtMs >= oldestMs && (hookId === undefined || of === hookId))
      .toReversed();
  }

  /** Tells one hook, whatever it listens to. */
  ping(hookId: number): void {
    const hook = this.hook(hookId);
    const repository = this.#parts.world.repository(hook.repositoryId);
    const json = hookJson(hook, fullNameOf(repository), this.#parts.at());
    const fields = { hook_id: hook.id, hook: json };
    this.#tell([hook], { name: 'ping', action: null, senderLogin: repository.owner, fields }, repository);
  }

  /** The latest push once more, for a hook that listens to pushes. */
  test(hookId: number): void {
    const hook = this.hook(hookId);
    if (!listensTo(hook, 'push')) return;
    const repository = this.#parts.world.repository(hook.repositoryId);
    for (const event of this.#idlePush(repository)) this.#tell([hook], event, repository);
  }

  /** Tells every hook of a repository that listens; the payload is the published example with these fields. */
  trigger(repositoryId: number, event: Pick<HookEvent, 'name'> & Partial<HookEvent>): void {
    const repository = this.#parts.world.repository(repositoryId);
    const full = { action: null, senderLogin: repository.owner, fields: {}, ...event };
    const hooks = this.hooksOf(repositoryId).filter((hook) => hook.active && listensTo(hook, full.name));
    this.#tell(hooks, full, repository);
  }

  /** The same payload under the same GUID, signed with the secret of today. @returns whether there is such a delivery */
  redeliver(hookId: number, deliveryId: number): boolean {
    const earlier = this.deliveries(hookId).find((delivery) => delivery.id === deliveryId);
    if (earlier === undefined) return false;
    const { guid, event, action, request } = earlier;
    this.#enqueue(this.hook(hookId), { guid, event, action, redelivery: true, payload: request.payload });
    return true;
  }

  /** Resolves when no delivery is under way. */
  async settled(): Promise<void> {
    while (this.#queues.size > 0) await Promise.all(this.#queues.values());
  }

  /** Ends deliveries under way; nothing is told any more. */
  async close(): Promise<void> {
    this.#unsubscribe();
    this.#stop.abort();
    await this.settled();
  }

  #happened(event: WorldEvent): void {
    const { id } = event.repository;
    if (this.hooksOf(id).length === 0) return;
    if (event.kind === 'removed') {
      // Hooks of the repository are gone with it, and are not told.
      for (const hook of this.hooksOf(id)) this.#hooks.delete(hook.id);
      return;
    }
    for (const told of this.#eventsOf(event)) this.trigger(id, told);
  }

  #eventsOf(event: Exclude<WorldEvent, { readonly kind: 'removed' }>): readonly HookEvent[] {
    switch (event.kind) {
      case 'starred':
        return starEvents(event.login, event.starredAtMs);
      case 'unstarred':
        return starEvents(event.login, null);
      case 'changed':
        return changeEvents(event.repository, event.before, this.#parts.at());
      case 'pushed':
        return this.#pushesOf(event.repository);
    }
  }

  #pushesOf(repository: Repository): readonly HookEvent[] {
    if (repository.bareDir === null) return this.#idlePush(repository);
    const before = this.#refs.get(repository.id) ?? new Map<string, string>();
    const after = readRefs(repository.bareDir);
    this.#refs.set(repository.id, after);
    const isSame = after.size === before.size && [...after].every(([ref, id]) => before.get(ref) === id);
    if (isSame) return this.#idlePush(repository);
    const changes = changedRefs(repository.bareDir, before, after);
    return changes.flatMap((change) => pushEvents(repository, change, this.#parts.at()));
  }

  /** `pushed_at` moved and no ref did: a push to the default branch, from where it is to where it is. */
  #idlePush(repository: Readonly<Repository>): readonly HookEvent[] {
    const ref = `refs/heads/${repository.defaultBranch}`;
    const tip = this.#refs.get(repository.id)?.get(ref) ?? repository.id.toString(16).padStart(40, '5');
    return pushEvents({ ...repository }, { ref, before: tip, after: tip, forced: false }, this.#parts.at());
  }

  #tell(hooks: readonly Hook[], event: HookEvent, repository: Readonly<Repository>): void {
    if (hooks.length === 0) return;
    const payload = payloadOf(event, { ...repository }, this.#parts.at());
    const message = { guid: randomUUID(), event: event.name, action: event.action, redelivery: false, payload };
    for (const hook of hooks) this.#enqueue(hook, message);
  }

  #enqueue(hook: Hook, message: Message): void {
    const { id } = hook;
    const last = this.#queues.get(id) ?? Promise.resolve();
    const next: Promise<void> = last
      .then(() => this.#deliver(hook, message))
      .finally(() => {
        if (this.#queues.get(id) === next) this.#queues.delete(id);
      });
    this.#queues.set(id, next);
  }

  async #deliver(hook: Hook, message: Message): Promise<void> {
    const { config, repositoryId } = hook;
    const body = encodeBody(config.contentType, message.payload);
    if (Buffer.byteLength(body) > MAX_PAYLOAD_BYTES || this.#stop.signal.aborted) return;
    const headers = headersOf(hook, message, config, body);
    const startMs = this.#parts.clock.now();
    const outcome = await postDelivery(config.url, headers, body, this.#parts.timeoutMs, this.#stop.signal);
    const { statusCode: code, status } = outcome;
    hook.lastResponse = { code, status: status === 'OK' ? 'active' : 'misconfigured', message: status };
    this.#deliveries.push({
      id: this.#nextDeliveryId++,
      guid: message.guid,
      hookId: hook.id,
      repositoryId,
      event: message.event,
      action: message.action,
      deliveredAtMs: startMs,
      redelivery: message.redelivery,
      durationMs: this.#parts.clock.now() - startMs,
      status,
      statusCode: code,
      url: config.url,
      request: { headers, payload: message.payload },
      response: { headers: outcome.headers, payload: outcome.payload },
    });
  }
}

function listensTo(hook: Hook, event: HookEventName): boolean {
  return hook.events.includes('*') || hook.events.includes(event);
}

function headersOf(hook: Hook, message: Message, config: HookConfig, body: string): Record<string, string> {
  const form = 'application/x-www-form-urlencoded';
  const signatures =
    config.secret === null
      ? {}
      : {
          'X-Hub-Signature': signatureOf('sha1', config.secret, body),
          'X-Hub-Signature-256': signatureOf('sha256', config.secret, body),
        };
  return {
    Accept: '*/*',
    'Content-Type': config.contentType === 'json' ? 'application/json' : form,
    'User-Agent': USER_AGENT,
    'X-GitHub-Delivery': message.guid,
    'X-GitHub-Event': message.event,
    'X-GitHub-Hook-ID': String(hook.id),
    'X-GitHub-Hook-Installation-Target-ID': String(hook.repositoryId),
    'X-GitHub-Hook-Installation-Target-Type': 'repository',
    ...signatures,
  };
}
