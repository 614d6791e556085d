/**
 * @file The engine offered over the contract. One bridge serves any number of clients over any transport: sockets of
 * the web host and windows of the desktop shell alike.
 */
import type { ServerMessage } from '../../src-preload/contract/messages.ts';
import { openSession, type ServerOptions } from '../../src-preload/contract/server.ts';
import type { OverviewView } from '../../src-preload/contract/views.ts';
import type { BundleFile, Engine } from '../engine/core/engine-api.ts';
import type { Setup } from '../engine/core/setup-api.ts';
import { Delivery } from './delivery.ts';
import { type CallContext, makeHandlers } from './handlers.ts';
import { type LinkOptions, makeLinks } from './links.ts';
import { describeFailure } from './shape-error.ts';
import { makeTopicSources } from './topic-hub.ts';

export interface BridgeOptions {
  readonly engine: Engine;
  readonly setup: Setup;
  /** As the settings are now. */
  readonly links: () => LinkOptions;
  readonly version: string;
  readonly clock: {
    now(): number;
    monotonicMs(): number;
    setTimer(delayMs: number, fire: () => void): () => void;
  };
  readonly log: { error(message: string, fields?: Readonly<Record<string, unknown>>): void };
}

/** One client, as its transport offers it. */
export interface ClientPort {
  send(text: string): void;
  /** False while much of what was sent has not left yet. The transport calls `drained` when it has. */
  isReady(): boolean;
}

export interface ClientSession {
  /** Takes one message of the client; never throws. */
  receive(text: string): void;
  /** What was sent has left: more may follow. */
  drained(): void;
  close(): void;
}

export interface Bridge {
  connect(port: ClientPort): ClientSession;
  /** What the tray and the health of the process are made of. */
  overview(): Promise<OverviewView>;
  /** Where a bundle that was made for a client lies; null: there is none. */
  bundleFile(id: string): Promise<BundleFile | null>;
  /** It has arrived and is not kept. */
  bundleArrived(id: string): Promise<void>;
  /** Calls on each change of the overview until the returned function is called. */
  onOverview(listener: (overview: OverviewView) => void): () => void;
}

export function createBridge({ engine, setup, links: linkOptions, version, clock, log }: BridgeOptions): Bridge {
  const links = makeLinks(linkOptions);
  const onFault = (where: string, error: unknown): void => log.error('the bridge failed', { where, error });
  const topics = makeTopicSources({ engine, setup, links, version, onFault });
  const handlers = makeHandlers({ engine, setup, links, version, now: () => clock.now() });
  const serverOptions: ServerOptions<CallContext> = {
    handlers,
    topics,
    onFault,
    describeError: (thrown) => describeFailure(thrown, links),
  };

  function connect(port: ClientPort): ClientSession {
    const abort = new AbortController();
    const send = (message: ServerMessage): void => port.send(JSON.stringify(message));
    const delivery = new Delivery({
      monotonicMs: () => clock.monotonicMs(),
      setTimer: (delayMs, fire) => clock.setTimer(delayMs, fire),
      send: (topic, value) => send({ type: 'update', topic, value }),
      isReady: () => port.isReady(),
    });
    const context: CallContext = {
      signal: abort.signal,
      setVisible: (visible) => delivery.setVisible(visible),
    };
    const session = openSession(serverOptions, {
      context,
      answer: send,
      update: (topic, value) => delivery.put(topic, value),
      forget: (topic) => delivery.forget(topic),
    });
    return {
      receive: (text) => session.receive(text),
      drained: () => delivery.flush(),
      close() {
        session.close();
        delivery.close();
        abort.abort();
      },
    };
  }

  const emptyContext: CallContext = { signal: new AbortController().signal, setVisible: () => undefined };
  return {
    connect,
    overview: () => handlers['overview.get']({}, emptyContext),
    bundleFile: (id) => engine.bundleFile(id),
    bundleArrived: async (id) => {
      await engine.endHandout(id);
    },
    onOverview: (listener) => topics.overview.subscribe(listener),
  };
}
