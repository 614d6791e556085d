/** @file The REST interface to webhooks: `/repos/{owner}/{repo}/hooks` and what lies below it. */
import { z } from 'zod';
import { type Answer, emptyAnswer, errorAnswer, jsonAnswer } from './answer.ts';
import type { RestQuestion } from './rest.ts';
import type { TokenRecord } from './tokens.ts';
import { deliveryItemJson, deliveryJson, hookJson } from './webhook-json.ts';
import type { Hook, HookConfig } from './webhook-types.ts';
import type { Webhooks } from './webhooks.ts';
import type { World } from './world.ts';
import { fullNameOf, isOwnedBy, type Repository } from './world-types.ts';

type Question = RestQuestion & { readonly body: string };

interface Call {
  readonly webhooks: Webhooks;
  readonly question: Question;
  readonly repository: Repository;
}

const MAX_HOOKS_PER_EVENT = 20;
const DEFAULT_PER_PAGE = 30;
const MAX_PER_PAGE = 100;

const configSchema = z.object({
  url: z.string().refine((url) => /^https?:\/\//.test(url)),
  content_type: z.enum(['json', 'form']).default('form'),
  secret: z.string().optional(),
  insecure_ssl: z
    .enum(['0', '1'])
    .or(z.literal([0, 1]))
    .default('0'),
});

const createSchema = z.object({
  name: z.literal('web').default('web'),
  active: z.boolean().default(true),
  events: z.array(z.string()).default(['push']),
  config: configSchema,
});

const updateSchema = z.object({
  active: z.boolean().optional(),
  events: z.array(z.string()).optional(),
  add_events: z.array(z.string()).default([]),
  remove_events: z.array(z.string()).default([]),
  config: configSchema.optional(),
});

const notFound = (): Answer => errorAnswer(404, 'Not Found');

function invalid(message: string): Answer {
  const answer = errorAnswer(422, 'Validation Failed');
  return { ...answer, body: { ...(answer.body as object), errors: [{ resource: 'Hook', code: 'custom', message }] } };
}

/** Those that may administer the repository; to all others hooks do not exist. */
function mayUseHooks(repository: Repository, token: TokenRecord | null, method: string): boolean {
  if (token === null || !isOwnedBy(repository, token.login)) return false;
  const scopes = ['repo', 'admin:repo_hook', ...(method === 'DELETE' ? [] : ['write:repo_hook'])];
  if (method === 'GET') scopes.push('read:repo_hook');
  return scopes.some((scope) => token.scopes.includes(scope));
}

function configOf(config: z.infer<typeof configSchema>): HookConfig {
  return {
    url: config.url,
    contentType: config.content_type,
    secret: config.secret ?? null,
    insecureSsl: String(config.insecure_ssl) === '1' ? '1' : '0',
  };
}

/** The reason without what was sent, which may hold the secret. */
function reasonOf(error: z.ZodError): string {
  return error.issues.map((issue) => `${issue.path.join('.')} is missing or wrong`).join(', ');
}

function parsed<T>(schema: z.ZodType<T>, body: string, answer: (value: T) => Answer): Answer {
  let json: unknown;
  try {
    json = JSON.parse(body);
  } catch {
    return errorAnswer(400, 'Problems parsing JSON');
  }
  const result = schema.safeParse(json);
  return result.success ? answer(result.data) : invalid(reasonOf(result.error));
}

/** @returns why a hook with these events and this address may not be, or null */
function conflictOf(others: readonly Hook[], events: readonly string[], url: string): string | null {
  const sorted = (list: readonly string[]): string => [...list].sort().join();
  const isSame = (hook: Hook): boolean => hook.config.url === url && sorted(hook.events) === sorted(events);
  if (others.some(isSame)) return 'Hook already exists on this repository';
  const full = events.find(
    (event) => others.filter((hook) => hook.events.includes(event)).length >= MAX_HOOKS_PER_EVENT,
  );
  return full === undefined ? null : `The "${full}" event cannot have more than ${MAX_HOOKS_PER_EVENT} hooks`;
}

function hookAnswer(call: Call, hook: Hook, status = 200): Answer {
  const json = hookJson(hook, fullNameOf(call.repository), call.question.at);
  return jsonAnswer(status, json, status === 201 ? { location: String(json['url']) } : {});
}

function createAnswer(call: Call): Answer {
  const { webhooks, repository } = call;
  return parsed(createSchema, call.question.body, ({ config, events, active }) => {
    const conflict = conflictOf(webhooks.hooksOf(repository.id), events, config.url);
    if (conflict !== null) return invalid(conflict);
    const { url, contentType, secret, insecureSsl } = configOf(config);
    const hook = webhooks.hook(webhooks.add(repository.id, { url, contentType, secret, events, active }));
    if (insecureSsl === '1') webhooks.update(hook.id, { config: { ...hook.config, insecureSsl } });
    return hookAnswer(call, hook, 201);
  });
}

function updateAnswer(call: Call, hook: Hook): Answer {
  const { webhooks, repository } = call;
  return parsed(updateSchema, call.question.body, (change) => {
    const kept = (change.events ?? hook.events).filter((event) => !change.remove_events.includes(event));
    const events = [...new Set([...kept, ...change.add_events])];
    // A config replaces the old one whole: a secret that is not named again is gone.
    const config = change.config === undefined ? hook.config : configOf(change.config);
    const others = webhooks.hooksOf(repository.id).filter((other) => other.id !== hook.id);
    const conflict = conflictOf(others, events, config.url);
    if (conflict !== null) return invalid(conflict);
    webhooks.update(hook.id, { events, config, active: change.active ?? hook.active });
    return hookAnswer(call, hook);
  });
}

function perPageOf(query: URLSearchParams): number {
  const value = Number(query.get('per_page'));
  return Number.isInteger(value) && value > 0 ? Math.min(value, MAX_PER_PAGE) : DEFAULT_PER_PAGE;
}

function listAnswer(call: Call): Answer {
  const { query, at } = call.question;
  const perPage = perPageOf(query);
  const page = Math.max(1, Math.trunc(Number(query.get('page'))) || 1);
  const hooks = call.webhooks.hooksOf(call.repository.id).slice((page - 1) * perPage, page * perPage);
  return jsonAnswer(
    200,
    hooks.map((hook) => hookJson(hook, fullNameOf(call.repository), at)),
  );
}

/** Newest first, in pages behind a cursor. */
function deliveriesAnswer(call: Call, hook: Hook): Answer {
  const { query, at } = call.question;
  const perPage = perPageOf(query);
  const cursor = query.get('cursor');
  const beforeId = cursor === null ? Infinity : Number(/^v1_(\d+)$/.exec(cursor)?.[1]);
  if (Number.isNaN(beforeId)) return errorAnswer(400, 'Invalid cursor');
  const status = query.get('status');
  const fitting = call.webhooks
    .deliveries(hook.id)
    .filter((delivery) => delivery.id < beforeId)
    .filter((delivery) => status === null || (delivery.status === 'OK') === (status === 'success'));
  const items = fitting.slice(0, perPage);
  const next = new URLSearchParams(query);
  next.set('cursor', `v1_${items.at(-1)?.id ?? 0}`);
  const url = `${at.apiBase}/repos/${fullNameOf(call.repository)}/hooks/${hook.id}/deliveries`;
  const link = fitting.length > items.length ? { link: `<${url}?${next.toString()}>; rel="next"` } : {};
  return jsonAnswer(200, items.map(deliveryItemJson), link);
}

function oneHookAnswer(call: Call, hook: Hook, rest: string): Answer {
  const { webhooks, question } = call;
  const [, deliveryId, attempts] = /^\/deliveries\/(\d+)(\/attempts)?$/.exec(rest) ?? [];
  const delivery = webhooks.deliveries(hook.id).find(({ id }) => String(id) === deliveryId);
  switch (`${question.method} ${deliveryId === undefined ? rest : `/deliveries/{id}${attempts ?? ''}`}`) {
    case 'GET ':
      return hookAnswer(call, hook);
    case 'PATCH ':
      return updateAnswer(call, hook);
    case 'DELETE ':
      webhooks.remove(hook.id);
      return emptyAnswer(204);
    case 'POST /pings':
      webhooks.ping(hook.id);
      return emptyAnswer(204);
    case 'POST /tests':
      webhooks.test(hook.id);
      return emptyAnswer(204);
    case 'GET /deliveries':
      return deliveriesAnswer(call, hook);
    case 'GET /deliveries/{id}':
      return delivery === undefined ? notFound() : jsonAnswer(200, deliveryJson(delivery));
    case 'POST /deliveries/{id}/attempts':
      return delivery !== undefined && webhooks.redeliver(hook.id, delivery.id) ? jsonAnswer(202, {}) : notFound();
    default:
      return notFound();
  }
}

/** Null where the path is not one of webhooks. Old names lead nowhere here. */
export function hooksAnswer(webhooks: Webhooks, world: World, question: Question): Answer | null {
  const [, fullName, hookId, rest] = /^\/repos\/([^/]+\/[^/]+)\/hooks(?:\/(\d+)(\/.*)?)?$/.exec(question.path) ?? [];
  if (fullName === undefined) return null;
  if (question.token === null) return errorAnswer(401, 'Requires authentication');
  const found = world.findByName(decodeURIComponent(fullName));
  if (found.kind !== 'found' || !mayUseHooks(found.repository, question.token, question.method)) return notFound();
  const call: Call = { webhooks, question, repository: found.repository };
  if (hookId === undefined) {
    if (question.method === 'POST') return createAnswer(call);
    return question.method === 'GET' ? listAnswer(call) : notFound();
  }
  const hook = webhooks.hooksOf(found.repository.id).find(({ id }) => String(id) === hookId);
  return hook === undefined ? notFound() : oneHookAnswer(call, hook, rest ?? '');
}
