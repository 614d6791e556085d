/**
 * @file The contract's transport over a WebSocket that comes back by itself. Knows no call and no topic.
 */
import type { ConnectionStatus, SetTimer, Transport } from './client.ts';

/** The part of a WebSocket that is needed. */
export interface SocketLike {
  send(text: string): void;
  close(): void;
  addEventListener(type: 'open' | 'close', listener: () => void): void;
  addEventListener(type: 'message', listener: (event: { readonly data: unknown }) => void): void;
}

export interface SocketTransportOptions {
  readonly openSocket: () => SocketLike;
  /** False: the host lives and does not let us in any more. Rejects when it does not answer. */
  readonly isKnown: () => Promise<boolean>;
  readonly setTimer: SetTimer;
  readonly random: () => number;
}

export interface SocketTransport extends Transport {
  /** The world changed, as after a sleep: tries again now, if it waits to; else a dead connection is noticed sooner. */
  hurry(): void;
}

const firstDelayMs = 500;
const maxDelayMs = 10_000;
/** The host speaks every 15 s: after this silence the connection is dead, whatever the system thinks. */
const maxSilenceMs = 40_000;
/** After a sleep the next word is waited for, and not the one after it. */
const maxSilenceInDoubtMs = 17_000;

/** Starts connecting at once. */
export function createSocketTransport(options: SocketTransportOptions): SocketTransport {
  const messageListeners = new Set<(text: string) => void>();
  const statusListeners = new Set<(status: ConnectionStatus) => void>();
  let status: ConnectionStatus = 'connecting';
  let socket: SocketLike | null = null;
  let failures = 0;
  let stopSilence: (() => void) | null = null;
  let stopRetry: (() => void) | null = null;
  let isEnded = false;

  function setStatus(next: ConnectionStatus): void {
    if (next === status) return;
    status = next;
    statusListeners.forEach((listener) => listener(next));
  }

  function heard(own: SocketLike): void {
    awaitWord(own, maxSilenceMs);
  }

  function awaitWord(own: SocketLike, limitMs: number): void {
    stopSilence?.();
    stopSilence = options.setTimer(limitMs, () => {
      own.close();
      lost(own);
    });
  }

  function lost(own: SocketLike): void {
    if (socket !== own) return;
    socket = null;
    stopSilence?.();
    stopSilence = null;
    if (isEnded) return;
    // Who was signed out stays so until the host says otherwise.
    if (status !== 'signed-out') setStatus('closed');
    retryLater();
    // A refused upgrade and a host that is gone look alike from here.
    void findOutWhy();
  }

  async function findOutWhy(): Promise<void> {
    const isKnown = await options.isKnown().catch(() => true);
    if (!isEnded && status !== 'open') setStatus(isKnown ? 'closed' : 'signed-out');
  }

  function retryLater(): void {
    const delayMs = Math.min(maxDelayMs, firstDelayMs * 2 ** Math.min(failures, 10));
    failures += 1;
    stopRetry?.();
    stopRetry = options.setTimer(delayMs * (0.75 + options.random() / 2), connect);
  }

  function connect(): void {
    stopRetry?.();
    stopRetry = null;
    const own = options.openSocket();
    socket = own;
    heard(own);
    own.addEventListener('open', () => {
      if (socket !== own) return;
      failures = 0;
      heard(own);
      setStatus('open');
    });
    own.addEventListener('message', ({ data }) => {
      if (socket !== own || typeof data !== 'string') return;
      heard(own);
      messageListeners.forEach((listener) => listener(data));
    });
    own.addEventListener('close', () => lost(own));
  }

  connect();
  return {
    send: (text) => socket?.send(text),
    onMessage(listener) {
      messageListeners.add(listener);
      return () => messageListeners.delete(listener);
    },
    onStatus(listener) {
      statusListeners.add(listener);
      listener(status);
      return () => statusListeners.delete(listener);
    },
    hurry() {
      if (isEnded) return;
      if (stopRetry !== null) connect();
      else if (socket !== null && status === 'open') awaitWord(socket, maxSilenceInDoubtMs);
    },
    close() {
      isEnded = true;
      stopRetry?.();
      stopSilence?.();
      socket?.close();
      setStatus('closed');
    },
  };
}
