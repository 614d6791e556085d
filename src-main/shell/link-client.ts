/** @file The shell's own client of the contract, over the same link as its windows. */
import type { ConnectionStatus, Transport } from '../../src-preload/contract/client.ts';
import type { Link } from './link.ts';

/** Connects at once. Connecting again after a loss is the link's business. */
export function createTransport(link: Link): Transport {
  const messages = new Set<(text: string) => void>();
  const listeners = new Set<(status: ConnectionStatus) => void>();
  let now: ConnectionStatus = 'connecting';
  const session = link.connect({
    send: (text) => messages.forEach((listener) => listener(text)),
    status(status) {
      now = status;
      listeners.forEach((listener) => listener(status));
    },
    isReady: () => true,
  });
  return {
    send: (text) => session.receive(text),
    onMessage(listener) {
      messages.add(listener);
      return () => messages.delete(listener);
    },
    onStatus(listener) {
      listeners.add(listener);
      listener(now);
      return () => listeners.delete(listener);
    },
    close: () => session.close(),
  };
}
