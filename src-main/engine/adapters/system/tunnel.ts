/** @file A connection through a proxy, by CONNECT (RFC 9110, 9.3.6). Knows nothing of what goes through it. */
import { request as requestPlain, type RequestOptions } from 'node:http';
import { request as requestTls } from 'node:https';
import type { Socket } from 'node:net';
import { EpicstarError } from '../../domain/errors.ts';
import { basicOf } from './proxies.ts';

export interface TunnelOptions {
  /** As `ProxyFor` gives it. */
  readonly proxy: string;
  /** `HOST:PORT` to be reached. */
  readonly target: string;
  /** Trusted for a proxy that is reached by TLS; undefined: the usual ones. */
  readonly ca: readonly string[] | undefined;
  readonly timeoutMs: number;
}

/** Rejects with `proxy-unusable`: it is not there, wants another password, or refuses to connect. */
export function openTunnel({ proxy, target, ca, timeoutMs }: TunnelOptions): Promise<Socket> {
  const { protocol, hostname, port, host, username, password } = new URL(proxy);
  const isTls = protocol === 'https:';
  const options: RequestOptions & { ca?: string[] } = {
    method: 'CONNECT',
    // The brackets of an IPv6 address belong to the URL alone.
    host: hostname.replace(/^\[(.*)\]$/, '$1'),
    port: port === '' ? (isTls ? 443 : 80) : Number(port),
    path: target,
    headers: {
      host: target,
      ...(username === '' ? {} : { 'proxy-authorization': `Basic ${basicOf(username, password)}` }),
    },
    agent: false,
    signal: AbortSignal.timeout(timeoutMs),
    ...(isTls && ca !== undefined ? { ca: [...ca] } : {}),
  };
  return new Promise((resolve, reject) => {
    const refuse = (words: string, cause?: unknown): void =>
      reject(new EpicstarError('proxy-unusable', `${host} ${words}.`, cause === undefined ? {} : { cause }));
    const request = (isTls ? requestTls : requestPlain)(options);
    request.once('connect', ({ statusCode }, socket: Socket, head: Buffer) => {
      if (statusCode === undefined || statusCode < 200 || statusCode > 299) {
        socket.destroy();
        refuse(refusalOf(statusCode ?? 0, target));
        return;
      }
      if (head.length > 0) socket.unshift(head);
      resolve(socket);
    });
    // It took the question for one to itself.
    request.once('response', (response) => {
      response.destroy();
      refuse(refusalOf(response.statusCode ?? 0, target));
    });
    request.once('error', (error: NodeJS.ErrnoException) =>
      refuse(
        error.name === 'AbortError' || error.name === 'TimeoutError'
          ? 'does not answer in time'
          : `cannot be reached (${error.code ?? error.name})`,
        error,
      ),
    );
    request.end();
  });
}

function refusalOf(status: number, target: string): string {
  return status === 407
    ? 'wants a user and a password (407); name them in HTTPS_PROXY'
    : `refuses to connect to ${target} (${status})`;
}
