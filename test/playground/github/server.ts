/** @file Starts and stops the stand-in for GitHub on one loopback port. */
import { createServer, type Server } from 'node:http';
import { type PlaygroundClock, systemClock } from './clock.ts';
import { DeviceFlow, type DeviceFlowSettings } from './device-flow.ts';
import { Faults } from './faults.ts';
import { EmptyRepository } from './git-access.ts';
import { GithubLfs } from './lfs.ts';
import { RateLimiter, type RateLimits } from './rate-limit.ts';
import { RequestLog } from './request-log.ts';
import { createRequestHandler } from './requests.ts';
import { TokenStore } from './tokens.ts';
import type { Addresses } from './user-json.ts';
import { Webhooks } from './webhooks.ts';
import { World } from './world.ts';
import type { UserSpec } from './world-types.ts';

const WEBHOOK_TIMEOUT_MS = 10_000;

export interface GithubOptions {
  readonly host?: string;
  /** Default 0: any free port. */
  readonly port?: number;
  /** Folder for the stand-in's own files; default a temporary one, made when needed and removed by `close`. */
  readonly dataDir?: string;
  readonly clock?: PlaygroundClock;
  /** Who signs in; default `stella`. */
  readonly user?: UserSpec;
  readonly rateLimits?: Partial<RateLimits>;
  readonly deviceFlow?: Partial<DeviceFlowSettings>;
  /** How long a webhook's receiver may take; default 10 s, as on GitHub. */
  readonly webhookTimeoutMs?: number;
  /** Opens `/_playground/…` to other processes on this machine. */
  readonly control?: boolean;
}

export interface Github {
  /** Web address, also the base of OAuth; no slash at the end. */
  readonly url: string;
  /** `url` + `/api/v3`; the same paths are served at `url` too. */
  readonly apiUrl: string;
  /** Clone addresses are `<gitUrl>/<owner>/<name>.git`. */
  readonly gitUrl: string;
  readonly log: RequestLog;
  readonly world: World;
  readonly tokens: TokenStore;
  readonly rates: RateLimiter;
  /** GraphQL's own limit. */
  readonly graphqlRates: RateLimiter;
  readonly deviceFlow: DeviceFlow;
  readonly faults: Faults;
  readonly webhooks: Webhooks;
  /** Files that LFS keeps, on another host: put, fail, refusal. */
  readonly lfs: GithubLfs;
  /** A token of the viewer; default scopes `repo` and `read:user`. */
  addToken(scopes?: readonly string[]): string;
  /** Refuses connections and drops the open ones until `start`. */
  stop(): Promise<void>;
  /** Listens again on the same port. */
  start(): Promise<void>;
  /** `stop`, wait, `start`. */
  restart(downMs?: number): Promise<void>;
  /** Ends the server, every connection, and every git that still runs for one. */
  close(): Promise<void>;
}

function listen(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, host, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server does not listen on a port');
  return address.port;
}

export async function startGithub(options: GithubOptions = {}): Promise<Github> {
  const host = options.host ?? '127.0.0.1';
  const clock = options.clock ?? systemClock;
  const world = new World(options.user, clock);
  const tokens = new TokenStore(clock);
  const rates = new RateLimiter(clock, options.rateLimits);
  const graphqlRates = new RateLimiter(clock);
  const deviceFlow = new DeviceFlow(clock, tokens, world.viewer.login, options.deviceFlow);
  const faults = new Faults();
  const log = new RequestLog();
  const empty = new EmptyRepository(options.dataDir ?? null);
  let url = '';
  const at = (): Addresses => ({ apiBase: `${url}/api/v3`, webBase: url });
  const webhooks = new Webhooks({ world, clock, at, timeoutMs: options.webhookTimeoutMs ?? WEBHOOK_TIMEOUT_MS });
  const lfs = new GithubLfs();
  await lfs.start();
  const handle = createRequestHandler({
    world,
    tokens,
    rates,
    graphqlRates,
    webhooks,
    lfs,
    deviceFlow,
    faults,
    log,
    clock,
    empty,
    allowControl: options.control ?? false,
    webBase: () => url,
  });
  // Slow pushes and stalls are wanted here, so Node's own limits are off.
  const server = createServer({ requestTimeout: 0, headersTimeout: 0 }, (request, response) => {
    handle(request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  });
  await listen(server, options.port ?? 0, host);
  const port = portOf(server);
  url = `http://${host.includes(':') ? `[${host}]` : host}:${port}`;

  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  const start = (): Promise<void> => listen(server, port, host);
  return {
    url,
    apiUrl: `${url}/api/v3`,
    gitUrl: url,
    log,
    world,
    tokens,
    rates,
    graphqlRates,
    deviceFlow,
    faults,
    webhooks,
    lfs,
    addToken: (scopes = ['repo', 'read:user']) => tokens.add({ login: world.viewer.login, scopes }),
    stop,
    start,
    restart: async (downMs = 0) => {
      await stop();
      await new Promise((resolve) => setTimeout(resolve, downMs));
      await start();
    },
    close: async () => {
      await webhooks.close();
      await lfs.close();
      await stop();
      empty.remove();
    },
  };
}
