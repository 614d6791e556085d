/** @file How the shell reaches an engine, in this process or elsewhere: the contract's texts in both directions. */
import type { ConnectionStatus } from '../../src-preload/contract/client.ts';
import type { Bridge } from '../bridge/bridge.ts';

/** One client, as its window or the shell itself offers it. */
export interface LinkPort {
  send(text: string): void;
  /** Told at once with the present status, then with each change. */
  status(status: ConnectionStatus): void;
  /** False while much of what was sent has not left yet; the owner calls `drained` when it has. */
  isReady(): boolean;
}

export interface LinkSession {
  /** Takes one message of the client; never throws. */
  receive(text: string): void;
  drained(): void;
  close(): void;
}

export interface Link {
  connect(port: LinkPort): LinkSession;
  /** Ends all sessions. */
  close(): Promise<void>;
}

/** The engine of this process: always there. */
export function createLocalLink(bridge: Pick<Bridge, 'connect'>): Link {
  const sessions = new Set<LinkSession>();
  return {
    connect(port) {
      port.status('open');
      const inner = bridge.connect({ send: (text) => port.send(text), isReady: () => port.isReady() });
      const session: LinkSession = {
        receive: (text) => inner.receive(text),
        drained: () => inner.drained(),
        close() {
          sessions.delete(session);
          inner.close();
        },
      };
      sessions.add(session);
      return session;
    },
    close() {
      sessions.forEach((session) => session.close());
      return Promise.resolve();
    },
  };
}

/** An engine that is not to be had in this run of the program. */
export function createClosedLink(): Link {
  const session: LinkSession = { receive: () => undefined, drained: () => undefined, close: () => undefined };
  return {
    connect(port) {
      port.status('closed');
      return session;
    },
    close: () => Promise.resolve(),
  };
}
