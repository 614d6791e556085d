/** @file A subscriber to an event stream that keeps every byte; for tests of the smee stand-in. */
import { connect, type Socket } from 'node:net';

export interface Wire {
  readonly text: () => string;
  /** The body without the chunk sizes. */
  readonly body: () => string;
  readonly isOpen: () => boolean;
  /** Resolves when the body has all of this; rejects after 5 s. */
  waitFor(text: string): Promise<void>;
  readonly closed: Promise<void>;
  readonly socket: Socket;
}

/** Connects and asks at once; the default headers are a subscriber's. */
export function openWire(url: string, headers = 'Accept: text/event-stream\r\n'): Wire {
  const { host, hostname, port, pathname, search } = new URL(url);
  const socket = connect(Number(port), hostname);
  let text = '';
  socket.setEncoding('utf8').on('error', () => socket.destroy());
  socket.on('data', (chunk: string) => {
    text += chunk;
  });
  socket.write(`GET ${pathname}${search} HTTP/1.1\r\nHost: ${host}\r\n${headers}\r\n`);
  const body = (): string =>
    text.replace(/^[\s\S]*?\r\n\r\n/, '').replaceAll(/\r?\n?[0-9a-f]+\r\n([\s\S]*?\n\n)\r\n/g, '$1');
  return {
    text: () => text,
    body,
    isOpen: () => !socket.destroyed,
    socket,
    closed: new Promise((resolve) => {
      socket.on('close', () => resolve());
    }),
    waitFor: (wanted) =>
      new Promise((resolve, reject) => {
        const timer = setTimeout(() => reject(new Error(`not received: ${wanted}\n${text}`)), 5000);
        const check = (): void => {
          if (!text.includes(wanted)) return;
          clearTimeout(timer);
          socket.off('data', check);
          resolve();
        };
        socket.on('data', check);
        check();
      }),
  };
}
