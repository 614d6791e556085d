/** @file The window's own client, connected to a real program over its socket, without a browser. */
import { WebSocket } from 'ws';
import { type Client, createClient } from '../../src-preload/contract/client.ts';
import type { ConnectionStatus } from '../../src-preload/contract/client.ts';
import type { SetupView } from '../../src-preload/contract/setup-views.ts';
import type { Served } from './served.ts';

const waitMs = 30_000;

function setTimer(delayMs: number, fire: () => void): () => void {
  const timer = setTimeout(fire, delayMs);
  return () => clearTimeout(timer);
}

export class ProgramClient {
  readonly client: Client;
  readonly #socket: WebSocket;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    const messages = new Set<(text: string) => void>();
    const statuses = new Set<(status: ConnectionStatus) => void>();
    socket.on('message', (data: Buffer) => messages.forEach((listener) => listener(data.toString('utf8'))));
    socket.on('close', () => statuses.forEach((listener) => listener('closed')));
    this.client = createClient(
      {
        send: (text) => socket.send(text),
        onMessage: (listener) => {
          messages.add(listener);
          return () => messages.delete(listener);
        },
        onStatus: (listener) => {
          statuses.add(listener);
          listener('open');
          return () => statuses.delete(listener);
        },
        close: () => socket.close(),
      },
      {
        setTimer,
        onFault: (what) => {
          throw new Error(`a message does not fit the contract: ${what}`);
        },
      },
    );
  }

  static async connect(served: Served): Promise<ProgramClient> {
    const url = new URL('api/socket', served.url.replace(/^http/, 'ws'));
    const socket = new WebSocket(url, { headers: { authorization: `Bearer ${served.token}` } });
    await new Promise((resolve, reject) => {
      socket.once('open', resolve);
      socket.once('error', reject);
    });
    return new ProgramClient(socket);
  }

  get call(): Client['call'] {
    return this.client.call.bind(this.client);
  }

  /** Resolves with the first state of set-up, from now on, that a test waits for. */
  setup(what: string, isIt: (setup: SetupView) => boolean): Promise<SetupView> {
    return new Promise((resolve, reject) => {
      let last: SetupView | null = null;
      const stopTimer = setTimer(waitMs, () => {
        stop();
        reject(new Error(`set-up never came to: ${what}; it is ${JSON.stringify(last)}`));
      });
      const stop = this.client.listen('setup', (setup) => {
        last = setup;
        if (!isIt(setup)) return;
        stopTimer();
        queueMicrotask(() => stop());
        resolve(setup);
      });
    });
  }

  close(): void {
    this.#socket.close();
  }
}
