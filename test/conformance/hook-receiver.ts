/** @file A plain HTTP receiver of webhooks that keeps what it got byte for byte; for tests of the stand-ins. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly headers: IncomingHttpHeaders;
  /** Names as they were written, with their values. */
  readonly rawHeaders: readonly string[];
  readonly query: string;
  readonly body: Buffer;
}

export interface HookReceiver {
  readonly url: string;
  readonly received: readonly Received[];
  /** Status of the next answers; null: no answer at all. */
  status: number | null;
  /** Resolves when so many requests have come; rejects after 5 s. */
  waitFor(count: number): Promise<void>;
  close(): Promise<void>;
}

export async function startHookReceiver(): Promise<HookReceiver> {
  const received: Received[] = [];
  const watchers = new Set<() => void>();
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { headers, rawHeaders } = request;
      received.push({ headers, rawHeaders, query: request.url?.split('?')[1] ?? '', body: Buffer.concat(chunks) });
      if (receiver.status !== null) response.writeHead(receiver.status, { 'x-answer': 'yes' }).end('thanks');
      for (const watcher of watchers) watcher();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const receiver: HookReceiver = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`,
    received,
    status: 200,
    waitFor: (count) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`${received.length} instead of ${count} requests`)), 5000);
        const watcher = (): void => {
          if (received.length < count) return;
          clearTimeout(timer);
          watchers.delete(watcher);
          resolve();
        };
        watchers.add(watcher);
        watcher();
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return receiver;
}
