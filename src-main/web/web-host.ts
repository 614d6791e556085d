/**
 * @file The window for browsers: its files, the contract over a WebSocket, health and metrics. Loopback unless told
 * otherwise; everything but health and sign-in wants the cookie or the token.
 */
import { existsSync } from 'node:fs';
import type { AddressInfo, Socket } from 'node:net';
import { join } from 'node:path';
import fastifyCookie from '@fastify/cookie';
import fastifyStatic from '@fastify/static';
import fastifyWebsocket from '@fastify/websocket';
import Fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Bridge } from '../bridge/bridge.ts';
import { securityHeaders } from '../bridge/content-policy.ts';
import { EpicstarError } from '../engine/core/engine-api.ts';
import { Access } from './access.ts';
import { addBundleRoute } from './bundle-route.ts';
import { forever, noStore } from './cache-headers.ts';
import { metricsType, writeMetrics } from './metrics.ts';
import { againPage, notBuiltPage, pageStyle, signInPage } from './pages.ts';
import { isLoopbackName, isOwnOrigin, refuseRequest } from './request-guard.ts';
import { maxFrameBytes, Sockets } from './sockets.ts';

export interface WebLog {
  debug(message: string, fields?: Readonly<Record<string, unknown>>): void;
  info(message: string, fields?: Readonly<Record<string, unknown>>): void;
  warn(message: string, fields?: Readonly<Record<string, unknown>>): void;
  error(message: string, fields?: Readonly<Record<string, unknown>>): void;
}

export interface WebHostOptions {
  readonly bridge: Bridge;
  /** Address to listen on; anything but loopback demands `allowWider`. */
  readonly host: string;
  /** 0: any free one. */
  readonly port: number;
  readonly allowWider: boolean;
  /** Names under which browsers may ask besides the loopback ones, with or without a port. */
  readonly allowedHosts: readonly string[];
  /** See `ensureWebToken`. */
  readonly token: string;
  /** Where the built window lies. */
  readonly staticDir: string;
  readonly version: string;
  readonly log: WebLog;
  readonly setTimer: (delayMs: number, fire: () => void) => () => void;
  /** More windows than this at once are sent away. */
  readonly maxClients?: number;
}

export interface WebHost {
  /** `http://127.0.0.1:8080/` */
  readonly url: string;
  /** The same with the token: it signs a browser in. For the person alone, never for a log. */
  readonly urlWithToken: string;
  /** Ends within 2 s, whatever clients do. */
  close(): Promise<void>;
}

const defaultMaxClients = 64;
const readyWithinMs = 2_000;
const closeWithinMs = 1_000;

/**
 * Starts listening. Rejects with `config-invalid` when the address is refused, in use or not allowed.
 */
export async function startWebHost(options: WebHostOptions): Promise<WebHost> {
  const isWide = !isLoopbackName(options.host);
  if (isWide && !options.allowWider) {
    throw new EpicstarError(
      'config-invalid',
      `${options.host} can be reached from other computers; set EPICSTAR_WEB_HOSTS to the names by which they may call it.`,
    );
  }
  const app = Fastify({ logger: false, bodyLimit: 16_384, requestTimeout: 30_000, forceCloseConnections: true });
  const sockets = new Sockets({
    bridge: options.bridge,
    setTimer: options.setTimer,
    maxClients: options.maxClients ?? defaultMaxClients,
    onWarning: (message) => options.log.warn(message),
  });
  const access = new Access(options.token);
  const connections = trackConnections(app);
  guardAll(app, options, isWide);
  await app.register(fastifyCookie);
  await app.register(fastifyStatic, { root: options.staticDir, serve: false, cacheControl: false, etag: true });
  await app.register(fastifyWebsocket, {
    options: { maxPayload: maxFrameBytes },
    preClose: (done) => {
      sockets.closeAll();
      done();
    },
  });
  addOpenRoutes(app, options, access);
  await app.register(async (members) => addMemberRoutes(members, options, access, sockets));
  await listen(app, options);

  const port = listeningPort(app.server.address());
  access.usePort(port);
  const url = `http://${nameForUrl(options)}:${port}/`;
  options.log.info('the web host listens', { url });
  return {
    url,
    urlWithToken: `${url}?token=${encodeURIComponent(options.token)}`,
    async close() {
      const stopTimer = options.setTimer(closeWithinMs, () => connections.forEach((socket) => socket.destroy()));
      await app.close();
      stopTimer();
    },
  };
}

/** All open connections, whatever became of them: HTTP, upgraded, or an upgrade that was refused. */
function trackConnections(app: FastifyInstance): ReadonlySet<Socket> {
  const connections = new Set<Socket>();
  app.server.on('connection', (socket) => {
    connections.add(socket);
    socket.once('close', () => connections.delete(socket));
  });
  return connections;
}

/** A server that listens on TCP has an address with a port. */
function listeningPort(address: AddressInfo | string | null): number {
  if (address === null || typeof address === 'string') throw new TypeError('the web host listens on no port');
  return address.port;
}

async function listen(app: FastifyInstance, { host, port }: WebHostOptions): Promise<void> {
  try {
    await app.listen({ host, port });
  } catch (cause) {
    const code = cause instanceof Error && 'code' in cause ? String(cause.code) : '';
    const words: Readonly<Record<string, string>> = {
      EADDRINUSE: `Port ${port} of ${host} is in use by another program.`,
      EACCES: `This user may not listen on port ${port}.`,
      EADDRNOTAVAIL: `${host} is no address of this computer.`,
      ENOTFOUND: `${host} is no address of this computer.`,
    };
    throw new EpicstarError('config-invalid', words[code] ?? `The web host cannot listen on ${host}:${port}.`, {
      cause,
    });
  }
}

function nameForUrl({ host }: WebHostOptions): string {
  if (host === '0.0.0.0' || host === '::') return '127.0.0.1';
  return host.includes(':') ? `[${host}]` : host;
}

function factsOf(request: FastifyRequest): Parameters<typeof refuseRequest>[0] {
  const { host, origin } = request.headers;
  const header = (name: string): string | undefined => {
    const value = request.headers[name];
    return typeof value === 'string' ? value : undefined;
  };
  return {
    method: request.method,
    host,
    origin,
    fetchSite: header('sec-fetch-site'),
    fetchMode: header('sec-fetch-mode'),
  };
}

/** What holds for every request, whatever its path. */
function guardAll(app: FastifyInstance, { allowedHosts, log }: WebHostOptions, isWide: boolean): void {
  app.addHook('onRequest', async (request, reply) => {
    reply.headers({ ...securityHeaders, 'cache-control': noStore });
    const refusal = refuseRequest(factsOf(request), { allowedHosts, isWide });
    if (refusal !== null) await sayPlainly(reply, refusal.status, refusal.sentence);
  });
  app.addHook('onResponse', async (request, reply) => {
    // Nobody else closes the connection of an upgrade that was refused.
    if (request.headers.upgrade !== undefined && reply.statusCode >= 300) request.raw.socket.end();
    // The path alone: a query may hold the token.
    const path = request.url.split('?', 1)[0];
    log.debug('web request', {
      method: request.method,
      path,
      status: reply.statusCode,
      durationMs: Math.round(reply.elapsedTime),
    });
  });
  app.setNotFoundHandler((_request, reply) => sayPlainly(reply, 404, 'There is nothing here.'));
  app.setErrorHandler((error: unknown, request, reply) => {
    const status = statusOf(error);
    if (status >= 500) log.error('a web request failed', { path: request.url.split('?', 1)[0], error });
    return sayPlainly(
      reply,
      status,
      status >= 500 ? 'Something inside epicstar failed. The log says more.' : 'The request was not understood.',
    );
  });
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/x-www-form-urlencoded', { parseAs: 'string' }, (_request, body, done) => {
    done(null, new URLSearchParams(String(body)));
  });
}

function statusOf(error: unknown): number {
  const status = error instanceof Error && 'statusCode' in error ? Number(error.statusCode) : 500;
  return status >= 400 && status < 600 ? status : 500;
}

function sayPlainly(reply: FastifyReply, status: number, sentence: string): FastifyReply {
  return reply.code(status).header('cache-control', noStore).type('text/plain; charset=utf-8').send(`${sentence}\n`);
}

function showPage(reply: FastifyReply, status: number, html: string): FastifyReply {
  return reply.code(status).type('text/html; charset=utf-8').send(html);
}

/** Health and sign-in: without the cookie, and without anything to learn. */
function addOpenRoutes(app: FastifyInstance, options: WebHostOptions, access: Access): void {
  app.get('/healthz', async () => ({ ok: true, version: options.version }));
  app.get('/readyz', async (_request, reply) => {
    const isReady = await within(options.bridge.overview(), readyWithinMs, options.setTimer);
    return isReady ? { ok: true } : reply.code(503).send({ ok: false });
  });
  app.get('/page.css', async (_request, reply) => reply.type('text/css; charset=utf-8').send(pageStyle));
  app.get('/login', async (_request, reply) => showPage(reply, 200, signInPage(false)));
  app.post('/login', async (request, reply) => {
    const given = request.body instanceof URLSearchParams ? (request.body.get('token') ?? '') : '';
    // A form of the page itself always carries its origin; nothing else may set the cookie.
    if (request.headers.origin === undefined) return sayPlainly(reply, 403, 'Sign in with the form of this page.');
    if (!access.isToken(given.trim())) return showPage(reply, 401, signInPage(true));
    return access.letIn(request, reply).redirect('/', 303);
  });
  app.get<{ Querystring: Readonly<Record<string, unknown>> }>('/', async (request, reply) => {
    const { token } = request.query;
    if (typeof token === 'string') {
      if (access.isToken(token)) return access.letIn(request, reply).redirect('/', 303);
      return access.isMember(request) ? reply.redirect('/', 303) : showPage(reply, 401, signInPage(true));
    }
    if (!access.isMember(request)) {
      const isForeignVisit = request.headers['sec-fetch-site'] === 'cross-site';
      return isForeignVisit ? showPage(reply, 200, againPage) : showPage(reply, 401, signInPage(false));
    }
    if (!existsSync(join(options.staticDir, 'index.html'))) return showPage(reply, 503, notBuiltPage);
    return reply.sendFile('index.html');
  });
}

/** Resolves to whether `work` succeeded in time. */
function within(work: Promise<unknown>, limitMs: number, setTimer: WebHostOptions['setTimer']): Promise<boolean> {
  return new Promise((resolve) => {
    const stopTimer = setTimer(limitMs, () => resolve(false));
    const settle = (isReady: boolean): void => {
      stopTimer();
      resolve(isReady);
    };
    work.then(
      () => settle(true),
      () => settle(false),
    );
  });
}

function addMemberRoutes(app: FastifyInstance, options: WebHostOptions, access: Access, sockets: Sockets): void {
  app.addHook('onRequest', async (request, reply) => {
    if (!access.isMember(request)) await sayPlainly(reply, 401, 'Sign in first.');
  });
  app.get('/api/session', async (_request, reply) => reply.code(204).send());
  app.get('/metrics', async (_request, reply) =>
    reply.type(metricsType).send(writeMetrics(await options.bridge.overview())),
  );
  addBundleRoute(app, options);
  app.get<{ Params: { readonly '*': string } }>('/assets/*', async (request, reply) => {
    reply.header('cache-control', forever);
    return reply.sendFile(request.params['*'], join(options.staticDir, 'assets'));
  });
  app.get(
    '/api/socket',
    {
      websocket: true,
      // Browsers name their origin with every socket; whoever does not has to show the token itself.
      onRequest: async (request, reply) => {
        const { origin, host } = request.headers;
        const isOwn = origin !== undefined && host !== undefined && isOwnOrigin(origin, host);
        if (!isOwn && !access.hasBearer(request))
          await sayPlainly(reply, 403, 'epicstar takes no requests from other pages.');
      },
    },
    (socket) => sockets.add(socket),
  );
}
