/**
 * @file An engine elsewhere: each client has a WebSocket of its own that comes back by itself. How sockets are made and
 * certificates checked comes in from outside.
 */
import type { SetTimer } from '../../src-preload/contract/client.ts';
import {
  createSocketTransport,
  type SocketLike,
  type SocketTransport,
} from '../../src-preload/contract/socket-transport.ts';
import type { Link, LinkSession } from './link.ts';

/** Answers to the token that it was made with. */
export interface RemoteHost {
  /** @param url `wss://…/api/socket` */
  openSocket(url: string): SocketLike;
  /** Status of a plain request; rejects where nobody answers. */
  ask(url: string): Promise<number>;
}

export interface RemoteLinkOptions {
  /** As `parseAttachAddress` gives it. */
  readonly address: string;
  readonly host: RemoteHost;
  readonly setTimer: SetTimer;
  readonly random: () => number;
}

export interface RemoteLink extends Link {
  /** Something may have changed for the better, such as a wake from sleep: tries again now. */
  hurry(): void;
}

export function createRemoteLink({ address, host, setTimer, random }: RemoteLinkOptions): RemoteLink {
  const transports = new Set<SocketTransport>();
  const socketUrl = `${address.replace(/^http/, 'ws')}/api/socket`;
  const openOne = (): SocketTransport =>
    createSocketTransport({
      openSocket: () => host.openSocket(socketUrl),
      isKnown: async () => (await host.ask(`${address}/api/session`)) !== 401,
      setTimer,
      random,
    });
  return {
    connect(port): LinkSession {
      const transport = openOne();
      transports.add(transport);
      let isOpen = false;
      transport.onMessage((text) => port.send(text));
      const stopStatus = transport.onStatus((status) => {
        isOpen = status === 'open';
        port.status(status);
      });
      return {
        // What is sent into a lost connection is answered by its loss.
        receive: (text) => (isOpen ? transport.send(text) : undefined),
        // The other end keeps the measure of what a client takes.
        drained: () => undefined,
        close() {
          stopStatus();
          transports.delete(transport);
          transport.close();
        },
      };
    },
    hurry: () => transports.forEach((transport) => transport.hurry()),
    close() {
      transports.forEach((transport) => transport.close());
      transports.clear();
      return Promise.resolve();
    },
  };
}
