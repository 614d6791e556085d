/** @file The contract's texts over the desktop program's own link, where the preload offers one. */
import type { ConnectionStatus, Transport } from '../../src-preload/contract/client.ts';

/** What the preload puts into the page. */
export interface PageLink {
  open(onMessage: (text: string) => void, onStatus: (status: string) => void): void;
  send(text: string): void;
}

declare global {
  interface Window {
    readonly epicstarLink?: PageLink;
  }
}

const statuses: readonly string[] = [
  'connecting',
  'open',
  'closed',
  'signed-out',
] satisfies readonly ConnectionStatus[];

function isStatus(status: string): status is ConnectionStatus {
  return statuses.includes(status);
}

/** Opens the link at once. Connecting again after a loss is the shell's business. */
export function createLinkTransport(link: PageLink): Transport {
  const messages = new Set<(text: string) => void>();
  const listeners = new Set<(status: ConnectionStatus) => void>();
  let now: ConnectionStatus = 'connecting';
  const tell = (status: ConnectionStatus): void => {
    now = status;
    listeners.forEach((listener) => listener(status));
  };
  link.open(
    (text) => messages.forEach((listener) => listener(text)),
    (status) => {
      if (isStatus(status)) tell(status);
    },
  );
  return {
    reachesDesktop: true,
    send: (text) => link.send(text),
    onMessage(listener) {
      messages.add(listener);
      return () => messages.delete(listener);
    },
    onStatus(listener) {
      listeners.add(listener);
      listener(now);
      return () => listeners.delete(listener);
    },
    close: () => tell('closed'),
  };
}
