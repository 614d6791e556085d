/** @file The connection pool that HTTP adapters are given. Knows nothing of what is asked through it. */
import { readFileSync } from 'node:fs';
import type { Socket } from 'node:net';
import { getCACertificates } from 'node:tls';
import { Agent, buildConnector, fetch } from 'undici';
import { EpicstarError } from '../../domain/errors.ts';
import type { ProxyFor } from '../../ports/proxies.ts';
import { openTunnel } from './tunnel.ts';

export interface AgentOptions {
  /** PEM file with certificate authorities that are trusted besides the usual ones. */
  readonly caFile?: string | null;
  /** Longest time to a connection. Default 10 s. */
  readonly connectTimeoutMs?: number;
  /** Longest silence before the headers and between two pieces of the body. Default 60 s. */
  readonly silenceTimeoutMs?: number;
  /** Asked for each new connection; left out: straight there. */
  readonly proxyFor?: ProxyFor;
}

const standardPorts: Readonly<Record<string, string>> = { 'https:': '443', 'http:': '80' };

/**
 * Idle connections are closed after 10 s, well before servers close them (OneDev after 30 s), so that a request
 * rarely meets a connection that has just been closed.
 *
 * @throws EpicstarError `config-invalid` where the CA file cannot be read or holds no certificate
 */
export function createAgent(options: AgentOptions = {}): Agent {
  const silenceTimeoutMs = options.silenceTimeoutMs ?? 60_000;
  const caFile = options.caFile ?? null;
  const timeoutMs = options.connectTimeoutMs ?? 10_000;
  const ca = caFile === null ? undefined : [...getCACertificates('default'), readCertificates(caFile)];
  return new Agent({
    connections: 16,
    keepAliveTimeout: 10_000,
    keepAliveMaxTimeout: 25_000,
    headersTimeout: silenceTimeoutMs,
    bodyTimeout: silenceTimeoutMs,
    connect: createConnect({ ca, timeoutMs, proxyFor: options.proxyFor ?? null }),
  });
}

interface ConnectOptions {
  readonly ca: string[] | undefined;
  readonly timeoutMs: number;
  readonly proxyFor: ProxyFor | null;
}

function createConnect({ ca, timeoutMs, proxyFor }: ConnectOptions): buildConnector.connector {
  const straight = buildConnector({ timeout: timeoutMs, ...(ca === undefined ? {} : { ca }) });
  if (proxyFor === null) return straight;
  const find = async (to: buildConnector.Options): Promise<Socket | null> => {
    const { protocol } = to;
    const host = to.hostname.includes(':') ? `[${to.hostname}]` : to.hostname;
    const port = to.port === '' ? (standardPorts[protocol] ?? '') : to.port;
    const proxy = await proxyFor(`${protocol}//${host}:${port}/`);
    return proxy === null ? null : await openTunnel({ proxy, target: `${host}:${port}`, ca, timeoutMs });
  };
  return (to, callback) => {
    const go = (tunnel: Socket | null): void => {
      if (tunnel === null) straight(to, callback);
      else if (to.protocol === 'https:') straight({ ...to, httpSocket: tunnel }, callback);
      else callback(null, tunnel);
    };
    const fail = (error: unknown): void => callback(error instanceof Error ? error : new Error(String(error)), null);
    find(to).then(go, fail);
  };
}

function readCertificates(caFile: string): string {
  let text: string;
  try {
    text = readFileSync(caFile, 'utf8');
  } catch (error) {
    throw new EpicstarError('config-invalid', `The CA file ${caFile} cannot be read.`, { cause: error });
  }
  if (!text.includes('-----BEGIN CERTIFICATE-----')) {
    throw new EpicstarError('config-invalid', `The CA file ${caFile} holds no certificate in PEM form.`);
  }
  return text;
}

/** A fetch of the same shape as Node's whose connections are those of the agent. */
export function createFetch(agent: Agent): typeof globalThis.fetch {
  const bound: unknown = (url: string, init: Parameters<typeof fetch>[1]) => fetch(url, { ...init, dispatcher: agent });
  if (!isFetch(bound)) throw new TypeError('not a function');
  return bound;
}

/** undici's types and Node's differ by version alone; what is used of both is the standard's. */
function isFetch(value: unknown): value is typeof globalThis.fetch {
  return typeof value === 'function';
}
