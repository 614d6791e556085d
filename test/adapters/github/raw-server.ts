/** @file A bare HTTP server whose answers a test writes out itself, however wrong; knows nothing of GitHub. */
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Server } from 'node:net';

export type Handler = (request: IncomingMessage, response: ServerResponse) => void;

export interface RawServer {
  /** `http://127.0.0.1:PORT`. */
  readonly url: string;
  readonly requests: readonly IncomingMessage[];
  /** Answers all requests from now on. */
  answer(handler: Handler): void;
  /** Resolves once so many requests have come in all. */
  received(count: number): Promise<void>;
  close(): Promise<void>;
}

export async function startRawServer(): Promise<RawServer> {
  const requests: IncomingMessage[] = [];
  const waiting = new Set<() => void>();
  let handler: Handler = (_request, response) => response.writeHead(500).end();
  const server = createServer((request, response) => {
    requests.push(request);
    handler(request, response);
    for (const check of waiting) check();
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${portOf(server)}`,
    requests,
    answer: (next) => {
      handler = next;
    },
    received: (count) =>
      new Promise((resolve) => {
        const check = (): void => {
          if (requests.length < count) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        check();
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

export function sendJson(body: unknown, status = 200, headers: Record<string, string> = {}): Handler {
  return (_request, response) => {
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
    response.end(JSON.stringify(body));
  };
}

export function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('the server does not listen on a port');
  return address.port;
}
