/** @file Starts and stops the stand-in for the smee service on one loopback port. */
import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { Faults } from './faults.ts';
import { RequestLog } from './request-log.ts';
import { createRoutes } from './routes.ts';
import { Streams } from './streams.ts';

export interface SmeeOptions {
  readonly host?: string;
  /** Default 0: any free port. */
  readonly port?: number;
  /** Default 30 s, as the service does: one timer for all streams. */
  readonly pingIntervalMs?: number;
  /** Channel ids that are answered with 403. */
  readonly blockedChannels?: readonly string[];
  readonly clock?: { now(): number };
}

/** Channels are named by their id or by their address. */
export interface Smee {
  /** No slash at the end. */
  readonly url: string;
  readonly log: RequestLog;
  readonly faults: Faults;
  /** Address of a channel; default one with a new id. Nothing is kept of it: every fitting id is alive. */
  channelUrl(id?: string): string;
  /** How many listen to a channel, or to all. */
  listeners(channel?: string): number;
  /** Resolves when exactly so many listen; rejects after `timeoutMs`. */
  waitForListeners(channel: string, count?: number, timeoutMs?: number): Promise<void>;
  /** A ping to every stream now, beside those of the timer. */
  ping(): void;
  /** Writes text to a channel's streams as it is: a piece of an event, a comment, nonsense. */
  write(channel: string, text: string): void;
  /** Open streams go silent and stay open, as after sleep or behind a forgetful router; new ones are well. */
  silence(channel?: string): void;
  /** Breaks open streams. */
  cut(channel?: string): void;
  /** Ends open streams in good order. */
  end(channel?: string): void;
  block(channel: string): void;
  unblock(channel: string): void;
  /** Refuses connections and drops the open ones until `start`. */
  stop(): Promise<void>;
  /** Listens again on the same port. */
  start(): Promise<void>;
  /** `stop`, wait, `start`. */
  restart(downMs?: number): Promise<void>;
  close(): Promise<void>;
}

const PING_INTERVAL_MS = 30_000;

function idOf(channel: string): string {
  return channel.slice(channel.lastIndexOf('/') + 1);
}

export async function startSmee(options: SmeeOptions = {}): Promise<Smee> {
  const host = options.host ?? '127.0.0.1';
  const streams = new Streams();
  const faults = new Faults();
  const log = new RequestLog();
  const blocked = new Set(options.blockedChannels);
  const now = (): number => (options.clock ?? Date).now();
  let running: { readonly app: FastifyInstance; readonly pings: NodeJS.Timeout } | null = null;

  const listen = async (port: number): Promise<string> => {
    if (running !== null) throw new Error('the server is running');
    const app = createRoutes({ streams, faults, log, blocked, now });
    const url = await app.listen({ host, port });
    running = { app, pings: setInterval(() => streams.ping(), options.pingIntervalMs ?? PING_INTERVAL_MS) };
    return url;
  };
  const stop = async (): Promise<void> => {
    if (running === null) return;
    const { app, pings } = running;
    running = null;
    clearInterval(pings);
    await app.close();
  };

  const url = await listen(options.port ?? 0);
  const port = Number(new URL(url).port);
  const start = async (): Promise<void> => {
    await listen(port);
  };
  const named = (channel: string | undefined): string | null => (channel === undefined ? null : idOf(channel));
  return {
    url,
    log,
    faults,
    channelUrl: (id = randomBytes(32).toString('base64url')) => `${url}/${id}`,
    listeners: (channel) => streams.of(named(channel)).length,
    waitForListeners: (channel, count = 1, timeoutMs = 5000) => streams.waitForCount(idOf(channel), count, timeoutMs),
    ping: () => streams.ping(),
    write: (channel, text) => streams.write(idOf(channel), text),
    silence: (channel) => streams.silence(named(channel)),
    cut: (channel) => streams.cut(named(channel)),
    end: (channel) => streams.end(named(channel)),
    block: (channel) => {
      blocked.add(idOf(channel));
    },
    unblock: (channel) => {
      blocked.delete(idOf(channel));
    },
    stop,
    start,
    restart: async (downMs = 0) => {
      await stop();
      await new Promise((resolve) => setTimeout(resolve, downMs));
      await start();
    },
    close: stop,
  };
}
