/**
 * @file The addresses of the smee service, on the same web framework with the same settings, so that the limits, the
 * checks and the error bodies are the framework's own. Behaviour read in probot/smee.io, `lib/server.js`.
 */
import { randomBytes } from 'node:crypto';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Fault, Faults } from './faults.ts';
import type { LogEntry, RequestKind, RequestLog } from './request-log.ts';
import type { Streams } from './streams.ts';

export interface Backstage {
  readonly streams: Streams;
  readonly faults: Faults;
  readonly log: RequestLog;
  readonly blocked: ReadonlySet<string>;
  readonly now: () => number;
}

interface ChannelRoute {
  Params: { readonly channel: string };
}

interface DeliveryRoute extends ChannelRoute {
  Body: Readonly<Record<string, unknown>>;
}

const CHANNEL = {
  type: 'object',
  properties: { channel: { type: 'string', minLength: 1, maxLength: 128, pattern: '^[a-zA-Z0-9-_]+$' } },
};

const DELIVERY_HEADERS = {
  type: 'object',
  properties: {
    'x-github-event': { type: 'string' },
    'x-github-delivery': { type: 'string', format: 'uuid' },
    'x-hub-signature-256': { type: 'string', pattern: '^sha256=[a-f0-9]{64}$' },
  },
  additionalProperties: { type: 'string' },
};

const PAGE = '<!doctype html><title>smee.io | Webhook deliveries</title><div class="mount"></div>\n';
const BAD_GATEWAY = '<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1></body></html>\n';

function pathOf(request: FastifyRequest): string {
  return request.url.split('?', 1)[0] ?? '/';
}

function kindOf(request: FastifyRequest): RequestKind {
  const path = pathOf(request);
  if (path === '/new') return 'new';
  if (path === '/' || path.lastIndexOf('/') > 0) return 'other';
  if (request.method === 'POST') return 'deliver';
  if (request.method !== 'GET') return 'other';
  return request.headers.accept === 'text/event-stream' ? 'subscribe' : 'page';
}

function entryOf(request: FastifyRequest, status: number, at: number): LogEntry {
  const kind = kindOf(request);
  const path = pathOf(request);
  return {
    at,
    kind,
    method: request.method,
    path,
    channel: kind === 'new' || kind === 'other' ? '' : path.slice(1),
    status,
    guid: request.headers['x-github-delivery']?.toString() ?? null,
    lastEventId: request.headers['last-event-id']?.toString() ?? null,
  };
}

function struckAnswer(reply: FastifyReply, fault: Extract<Fault, { readonly kind: 'status' }>): FastifyReply {
  const body = fault.body ?? (fault.status === 204 ? undefined : BAD_GATEWAY);
  return reply
    .status(fault.status)
    .headers(body === undefined ? {} : { 'content-type': 'text/html' })
    .headers(fault.headers ?? {})
    .send(body);
}

/** A server that does not listen yet. */
export function createRoutes({ streams, faults, log, blocked, now }: Backstage): FastifyInstance {
  const app = Fastify({ forceCloseConnections: true });
  const halfOpen = new WeakSet<FastifyRequest>();
  const alreadyLogged = new WeakSet<FastifyRequest>();
  const addToLog = (request: FastifyRequest, status: number): void => {
    if (alreadyLogged.has(request)) return;
    alreadyLogged.add(request);
    log.add(entryOf(request, status, now()));
  };

  app.addHook('onRequest', async (request, reply) => {
    reply.header('access-control-allow-origin', '*');
    const { kind, channel } = entryOf(request, 0, now());
    const fault = faults.take(kind, channel);
    switch (fault?.kind) {
      case 'status':
        await struckAnswer(reply, fault);
        break;
      case 'cut':
        reply.hijack();
        addToLog(request, 0);
        request.raw.socket.destroy();
        break;
      case 'stall':
        reply.hijack();
        addToLog(request, 0);
        break;
      case 'delay':
        await new Promise((resolve) => setTimeout(resolve, fault.delayMs));
        break;
      case 'half-open':
        halfOpen.add(request);
        break;
      case undefined:
        break;
    }
  });

  app.addHook('onResponse', async (request, reply) => {
    addToLog(request, reply.raw.headersSent ? reply.statusCode : 0);
  });

  const refuseBlocked = async (request: FastifyRequest, reply: FastifyReply): Promise<void> => {
    const { channel } = request.params as ChannelRoute['Params'];
    if (blocked.has(channel)) await reply.status(403).send('Channel has been disabled due to too many connections.');
  };

  app.get('/', (_request, reply) => reply.type('text/html; charset=utf-8').send(PAGE));

  app.get('/new', (request, reply) => {
    const protocol = request.headers['x-forwarded-proto']?.toString() ?? request.protocol;
    const host = request.headers['x-forwarded-host']?.toString() ?? request.headers.host ?? '';
    return reply.redirect(`${protocol}://${host}/${randomBytes(12).toString('base64url')}`, 307);
  });

  app.get<ChannelRoute>('/:channel', { onRequest: refuseBlocked, schema: { params: CHANNEL } }, (request, reply) => {
    // Exactly this: with anything more in the header a browser's page is meant.
    if (request.headers.accept !== 'text/event-stream') return reply.type('text/html; charset=utf-8').send(PAGE);
    reply.hijack();
    addToLog(request, 200);
    streams.open(request.params.channel, reply.raw, halfOpen.has(request));
    return reply;
  });

  app.post<DeliveryRoute>(
    '/:channel',
    { onRequest: refuseBlocked, schema: { params: CHANNEL, headers: DELIVERY_HEADERS, body: { type: 'object' } } },
    (request, reply) => {
      const { headers, body, query } = request;
      streams.deliver(request.params.channel, { ...headers, body, query, timestamp: now() });
      return reply.status(200).send();
    },
  );

  // The service announces a redelivery to nobody: it names the channel where only the listener's name is looked at.
  app.post<DeliveryRoute>(
    '/:channel/redeliver',
    { onRequest: refuseBlocked, schema: { body: { type: 'object' } } },
    (_request, reply) => reply.status(200).send(),
  );

  return app;
}
