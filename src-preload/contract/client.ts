/**
 * @file The client's side of the contract, derived from the table: typed calls and subscriptions over any transport
 * that carries texts. Knows neither sockets nor Electron.
 */
import { CallError, type ClientMessage, parseJson, serverMessage } from './messages.ts';
import {
  type CallAnswer,
  type CallInput,
  type CallName,
  calls,
  isDesktopCallName,
  isDesktopTopicName,
  isTopicName,
  type TopicName,
  topics,
  type TopicValue,
} from './schema.ts';

/** `signed-out`: the other end lives and does not know us any more. */
export type ConnectionStatus = 'connecting' | 'open' | 'closed' | 'signed-out';

/** Carries texts both ways, in order. Connecting again after a loss is its own business. */
export interface Transport {
  /** Only called while open. */
  send(text: string): void;
  onMessage(listener: (text: string) => void): () => void;
  /** Calls at once with the present status, then on each change. */
  onStatus(listener: (status: ConnectionStatus) => void): () => void;
  /** The desktop program is at the other end: what it answers itself, it answers whatever the status is. */
  readonly reachesDesktop?: boolean;
  close(): void;
}

/** Calls once after `delayMs`; the returned function cancels. */
export type SetTimer = (delayMs: number, fire: () => void) => () => void;

export interface ClientOptions {
  readonly setTimer: SetTimer;
  /** A message that does not fit the contract: for the log. */
  readonly onFault?: (what: string) => void;
}

type Argument<C extends CallName> = Record<string, never> extends CallInput<C> ? [CallInput<C>?] : [CallInput<C>];

export interface Client {
  /** Whether the desktop program is at the other end, and answers calls and topics of its own. */
  readonly reachesDesktop: boolean;
  /**
   * Rejects with a {@link CallError}: `disconnected` when there is no connection or it breaks before the answer came
   * (the work may have been done or not), `timed-out`, or what the server said.
   */
  call<C extends CallName>(name: C, ...argument: Argument<C>): Promise<CallAnswer<C>>;
  /**
   * Listens until the returned function is called, over any number of reconnects. Topics with a snapshot give their
   * present value first, again after each reconnect.
   */
  listen<T extends TopicName>(topic: T, listener: (value: TopicValue<T>) => void): () => void;
  /** Calls at once with the present status, then on each change. */
  onStatus(listener: (status: ConnectionStatus) => void): () => void;
  close(): void;
}

interface PendingCall {
  readonly survivesLoss: boolean;
  readonly settle: (result: { readonly value: unknown } | { readonly error: CallError }) => void;
}

type Listener<T extends TopicName> = (value: TopicValue<T>) => void;

class Topic<T extends TopicName> {
  readonly #name: T;
  readonly listeners = new Set<Listener<T>>();
  latest: { readonly value: TopicValue<T> } | null = null;

  constructor(name: T) {
    this.#name = name;
  }

  /** False: the value does not fit. */
  take(raw: unknown): boolean {
    const parsed = topics[this.#name].value.safeParse(raw);
    if (!parsed.success) return false;
    if (topics[this.#name].hasSnapshot) this.latest = { value: parsed.data };
    this.listeners.forEach((listener) => listener(parsed.data));
    return true;
  }
}

/** Every topic's state; one that is missing does not compile. */
function makeTopics(): { readonly [T in TopicName]: Topic<T> } {
  return {
    overview: new Topic('overview'),
    work: new Topic('work'),
    run: new Topic('run'),
    repositories: new Topic('repositories'),
    setup: new Topic('setup'),
    desktop: new Topic('desktop'),
  };
}

/** Derives a client. It starts listening to the transport at once and ends with {@link Client.close}. */
export function createClient(transport: Transport, options: ClientOptions): Client {
  const pending = new Map<number, PendingCall>();
  const states = makeTopics();
  const statusListeners = new Set<(status: ConnectionStatus) => void>();
  let status: ConnectionStatus = 'connecting';
  let isClosed = false;
  let nextId = 1;

  const send = (message: ClientMessage): void => transport.send(JSON.stringify(message));
  const fault = (what: string): void => options.onFault?.(what);

  /** Whether what is asked goes to the desktop program, which is always there. */
  const isAtHand = (isOfDesktop: boolean): boolean => isOfDesktop && transport.reachesDesktop === true && !isClosed;

  function request(
    { timeoutMs, survivesLoss }: { readonly timeoutMs: number; readonly survivesLoss: boolean },
    makeMessage: (id: number) => ClientMessage,
  ): Promise<unknown> {
    if (status !== 'open' && !survivesLoss)
      return Promise.reject(new CallError('disconnected', 'There is no connection to epicstar.'));
    const id = nextId;
    nextId += 1;
    return new Promise((resolve, reject) => {
      const stopTimer = options.setTimer(timeoutMs, () =>
        pending.get(id)?.settle({ error: new CallError('timed-out', 'epicstar did not answer in time.') }),
      );
      pending.set(id, {
        survivesLoss,
        settle: (result) => {
          stopTimer();
          pending.delete(id);
          if ('error' in result) reject(result.error);
          else resolve(result.value);
        },
      });
      send(makeMessage(id));
    });
  }

  async function call<C extends CallName>(name: C, ...[argument]: Argument<C>): Promise<CallAnswer<C>> {
    const { timeoutMs, answer } = calls[name];
    const survivesLoss = isAtHand(isDesktopCallName(name));
    const value = await request({ timeoutMs, survivesLoss }, (id) => ({
      type: 'call',
      id,
      call: name,
      argument: argument ?? {},
    }));
    const parsed = answer.safeParse(value);
    if (!parsed.success) throw new CallError('wrong-answer', `The answer to ${name} does not fit the contract.`);
    return parsed.data;
  }

  function startListening(topic: TopicName): void {
    const terms = { timeoutMs: 30_000, survivesLoss: isAtHand(isDesktopTopicName(topic)) };
    request(terms, (id) => ({ type: 'listen', id, topic })).catch((thrown: unknown) => {
      // A lost connection is no fault: the topic is asked for again with the next one.
      if (!(thrown instanceof CallError) || thrown.name !== 'disconnected') fault(`${topic}: ${String(thrown)}`);
    });
  }

  function listen<T extends TopicName>(topic: T, listener: Listener<T>): () => void {
    const state: Topic<T> = states[topic];
    // Wrapped, so that the same function may listen twice.
    const own: Listener<T> = (value) => listener(value);
    state.listeners.add(own);
    if (state.latest !== null) own(state.latest.value);
    const isHeard = (): boolean => status === 'open' || isAtHand(isDesktopTopicName(topic));
    if (state.listeners.size === 1 && isHeard()) startListening(topic);
    return () => {
      if (!state.listeners.delete(own) || state.listeners.size > 0) return;
      state.latest = null;
      if (isHeard()) send({ type: 'unlisten', topic });
    };
  }

  function takeMessage(text: string): void {
    const parsed = serverMessage.safeParse(parseJson(text));
    if (!parsed.success) {
      fault('a message that does not fit the contract');
      return;
    }
    const message = parsed.data;
    switch (message.type) {
      case 'result': {
        const { result } = message;
        const { settle } = pending.get(message.id) ?? {};
        if (result.type === 'success') settle?.({ value: result.value });
        else settle?.({ error: new CallError(result.error.name, result.error.message, result.error.error) });
        return;
      }
      case 'refused':
        fault(`${message.error.name}: ${message.error.message}`);
        return;
      case 'update':
        if (!isTopicName(message.topic) || !states[message.topic].take(message.value)) {
          fault('an update that does not fit the contract');
        }
        return;
      case 'beat':
    }
  }

  function giveUp(which: (call: PendingCall) => boolean): void {
    const error = new CallError('disconnected', 'The connection to epicstar was lost.');
    for (const call of pending.values()) if (which(call)) call.settle({ error });
  }

  function takeStatus(next: ConnectionStatus): void {
    if (next === status) return;
    status = next;
    if (next === 'open') {
      for (const topic of Object.keys(states).filter(isTopicName)) {
        if (states[topic].listeners.size > 0 && !isAtHand(isDesktopTopicName(topic))) startListening(topic);
      }
    } else {
      giveUp(({ survivesLoss }) => !survivesLoss);
    }
    statusListeners.forEach((listener) => listener(next));
  }

  const stopMessages = transport.onMessage(takeMessage);
  const stopStatus = transport.onStatus(takeStatus);

  return {
    reachesDesktop: transport.reachesDesktop === true,
    call,
    listen,
    onStatus(listener) {
      const own = (value: ConnectionStatus): void => listener(value);
      statusListeners.add(own);
      own(status);
      return () => statusListeners.delete(own);
    },
    close() {
      isClosed = true;
      stopMessages();
      stopStatus();
      takeStatus('closed');
      giveUp(() => true);
      transport.close();
    },
  };
}
