/** @file Messages of a raw socket, awaited one by one. */
import type { WebSocket } from 'ws';
import { type ServerMessage, serverMessage } from '../../src-preload/contract/messages.ts';

export interface Inbox {
  readonly all: readonly ServerMessage[];
  /** The first message, past or future, that fits. Bounded by the time limit of the test. */
  next(fits: (message: ServerMessage) => boolean): Promise<ServerMessage>;
}

/** Collects everything that the socket is sent, heartbeats apart. */
export function collectMessages(socket: WebSocket): Inbox {
  const all: ServerMessage[] = [];
  const waiters = new Set<(message: ServerMessage) => void>();
  socket.on('message', (data: Buffer) => {
    const message = serverMessage.parse(JSON.parse(data.toString('utf8')));
    if (message.type === 'beat') return;
    all.push(message);
    waiters.forEach((waiter) => waiter(message));
  });
  return {
    all,
    next(fits) {
      const found = all.find(fits);
      if (found !== undefined) return Promise.resolve(found);
      return new Promise((resolve) => {
        const waiter = (message: ServerMessage): void => {
          if (!fits(message)) return;
          waiters.delete(waiter);
          resolve(message);
        };
        waiters.add(waiter);
      });
    },
  };
}

/** The result of the request with this id. */
export function resultOf(inbox: Inbox, id: number): Promise<ServerMessage> {
  return inbox.next((message) => message.type === 'result' && message.id === id);
}
