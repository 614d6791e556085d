/** @file A server in front of another: it passes requests on, by https where it is told to, and can hold them back. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import {
  createServer as createHttpServer,
  type IncomingMessage,
  request as httpRequest,
  type ServerResponse,
} from 'node:http';
import { createServer as createHttpsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { pipeline } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

/** Of the https front, for localhost and 127.0.0.1; valid for a hundred years, and nobody knows its authority. */
export const frontCertificatePath = fixture('test-server-cert.pem');

/**
 * Where some requests are counted while they are under way. The first ones are held until so many are there, so that it
 * depends on no clock whether they meet; each stays a while, so that one too many would meet them.
 */
export class Gate {
  readonly path: RegExp;
  readonly #size: number;
  readonly #stayMs: number;
  readonly #waiting: (() => void)[] = [];
  #inside = 0;
  #most = 0;
  #passed = 0;

  constructor(path: RegExp, size: number, stayMs = 150) {
    this.path = path;
    this.#size = size;
    this.#stayMs = stayMs;
  }

  /** The most that were under way at once. */
  get most(): number {
    return this.#most;
  }

  get passed(): number {
    return this.#passed;
  }

  async enter(): Promise<void> {
    this.#inside += 1;
    this.#passed += 1;
    this.#most = Math.max(this.#most, this.#inside);
    if (this.#most < this.#size) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    for (const goOn of this.#waiting.splice(0)) goOn();
    await delay(this.#stayMs);
  }

  leave(): void {
    this.#inside -= 1;
  }
}

export interface FrontOptions {
  readonly behindUrl: string;
  readonly tls?: boolean;
  /** For requests with a body alone. */
  readonly gate?: Gate;
}

export interface Front {
  readonly url: string;
  close(): Promise<void>;
}

function fixture(name: string): string {
  return fileURLToPath(new URL(`../adapters/onedev/fixtures/${name}`, import.meta.url));
}

export async function startFront({ behindUrl, tls = false, gate }: FrontOptions): Promise<Front> {
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method, url = '/', headers } = request;
    if (gate !== undefined && method === 'POST' && gate.path.test(url)) {
      response.once('close', () => gate.leave());
      await gate.enter();
    }
    const onward = httpRequest(new URL(url, behindUrl), { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      pipeline(answer, response, () => undefined);
    });
    onward.once('error', () => response.destroy());
    pipeline(request, onward, () => undefined);
  };
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    handle(request, response).catch((error: unknown) => {
      response.destroy(error instanceof Error ? error : new Error(String(error)));
    });
  };
  const server = tls
    ? createHttpsServer(
        { cert: readFileSync(frontCertificatePath), key: readFileSync(fixture('test-server-key.pem')) },
        listener,
      )
    : createHttpServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `${tls ? 'https' : 'http'}://127.0.0.1:${port}`,
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}
