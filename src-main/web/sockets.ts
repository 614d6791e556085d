/**
 * @file The contract over WebSockets: many clients, a heartbeat, and no end of memory for a slow one. Who may connect
 * was decided before.
 */
import type { WebSocket } from '@fastify/websocket';
import { maxClientMessageChars } from '../../src-preload/contract/messages.ts';
import type { Bridge } from '../bridge/bridge.ts';

/** A longer frame ends the connection; between this and the contract's own limit a message is refused by name. */
export const maxFrameBytes = 4 * maxClientMessageChars;

const beatEveryMs = 15_000;
/** Above this a client counts as slow and is sent the latest states only. */
const slowBytes = 256 * 1_024;
/** A client that takes nothing at all is let go. */
const deadBytes = 16 * 1_024 * 1_024;
const beat = JSON.stringify({ type: 'beat' });

export interface SocketsOptions {
  readonly bridge: Bridge;
  readonly setTimer: (delayMs: number, fire: () => void) => () => void;
  readonly maxClients: number;
  readonly onWarning: (message: string) => void;
}

interface Client {
  readonly socket: WebSocket;
  isAlive: boolean;
}

export class Sockets {
  readonly #options: SocketsOptions;
  readonly #clients = new Set<Client>();
  #stopTimer: (() => void) | null = null;

  constructor(options: SocketsOptions) {
    this.#options = options;
  }

  /** Serves this client until it goes. */
  add(socket: WebSocket): void {
    // 1013: try again later.
    if (this.#clients.size >= this.#options.maxClients) {
      socket.close(1013, 'too many clients');
      return;
    }
    const client: Client = { socket, isAlive: true };
    const session = this.#options.bridge.connect({
      send: (text) => {
        if (socket.readyState !== socket.OPEN) return;
        socket.send(text, () => {
          if (socket.bufferedAmount < slowBytes) session.drained();
        });
        if (socket.bufferedAmount > deadBytes) {
          this.#options.onWarning('a client of the window took nothing for too long and was let go');
          socket.terminate();
        }
      },
      isReady: () => socket.bufferedAmount < slowBytes,
    });
    this.#clients.add(client);
    socket.on('message', (data, isBinary) => {
      // 1003: a kind of data that is not understood.
      if (isBinary || !Buffer.isBuffer(data)) socket.close(1003, 'texts only');
      else session.receive(data.toString('utf8'));
    });
    socket.on('pong', () => {
      client.isAlive = true;
    });
    socket.on('error', (error: Error) =>
      this.#options.onWarning(`a client of the window was cut off: ${error.message}`),
    );
    socket.on('close', () => {
      session.close();
      this.#clients.delete(client);
    });
    this.#scheduleBeat();
  }

  /** Tells all clients to come back later. */
  closeAll(): void {
    this.#stopTimer?.();
    this.#stopTimer = null;
    for (const { socket } of this.#clients) {
      // 1001: going away. What the client does not answer to is ended with the server.
      socket.close(1001, 'epicstar ends');
    }
  }

  #scheduleBeat(): void {
    this.#stopTimer ??= this.#options.setTimer(beatEveryMs, () => {
      this.#stopTimer = null;
      for (const client of this.#clients) this.#check(client);
      if (this.#clients.size > 0) this.#scheduleBeat();
    });
  }

  #check(client: Client): void {
    const { socket } = client;
    if (!client.isAlive) {
      socket.terminate();
      return;
    }
    client.isAlive = false;
    socket.ping();
    socket.send(beat);
  }
}
