/** @file The client for all components, and the hooks that read from it. */
import { createContext, type ReactNode, useContext, useEffect, useState, useSyncExternalStore } from 'react';
import type { Client, ConnectionStatus } from '../../src-preload/contract/client.ts';
import type { TopicName, TopicValue } from '../../src-preload/contract/schema.ts';

const ClientContext = createContext<Client | null>(null);

export function ClientProvider({ client, children }: { readonly client: Client; readonly children: ReactNode }) {
  useEffect(() => reportVisibility(client), [client]);
  return <ClientContext value={client}>{children}</ClientContext>;
}

/** Tells the other end whether the page can be seen, so that a hidden one is sent nothing. */
function reportVisibility(client: Client): () => void {
  const report = (): void => {
    const visible = document.visibilityState === 'visible';
    // Without a connection there is nobody to tell; it is told again with the next one.
    client.call('visibility.set', { visible }).catch(() => undefined);
  };
  document.addEventListener('visibilitychange', report);
  const stopStatus = client.onStatus((status) => {
    if (status === 'open' && document.visibilityState !== 'visible') report();
  });
  return () => {
    document.removeEventListener('visibilitychange', report);
    stopStatus();
  };
}

export function useClient(): Client {
  const client = useContext(ClientContext);
  if (client === null) throw new Error('there is no client around this component');
  return client;
}

export function useConnection(): ConnectionStatus {
  const client = useClient();
  const [status, setStatus] = useState<ConnectionStatus>('connecting');
  useEffect(() => client.onStatus(setStatus), [client]);
  return status;
}

/** The latest value of a topic; null before the first. Stays while there is no connection. */
export function useTopic<T extends TopicName>(topic: T): TopicValue<T> | null {
  const client = useClient();
  const [latest, setLatest] = useState<{ readonly value: TopicValue<T> } | null>(null);
  useEffect(() => client.listen(topic, (value) => setLatest({ value })), [client, topic]);
  return latest?.value ?? null;
}

/** The time of {@link useNow} is ahead by this much at most, so that nothing seems to lie in the future. */
export const mostAheadMs = 15_000;

const tickListeners = new Set<() => void>();
let ticks: number | null = null;

/** One timer for all that tell a time. */
function subscribeToTicks(tell: () => void): () => void {
  tickListeners.add(tell);
  ticks ??= window.setInterval(() => tickListeners.forEach((listener) => listener()), mostAheadMs);
  return () => {
    tickListeners.delete(tell);
    if (tickListeners.size > 0 || ticks === null) return;
    window.clearInterval(ticks);
    ticks = null;
  };
}

/** The time, moving on by itself every 15 s. */
export function useNow(): number {
  return useSyncExternalStore(subscribeToTicks, () => Math.floor(Date.now() / mostAheadMs) * mostAheadMs + mostAheadMs);
}
