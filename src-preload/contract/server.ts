/**
 * @file The server's side of the contract: parse, call the handler, answer in an envelope. Transport, delivery and the
 * engine are the caller's business.
 */
import {
  CallError,
  type ClientMessage,
  clientMessage,
  maxClientMessageChars,
  parseJson,
  type ServerMessage,
  type WireError,
} from './messages.ts';
import {
  type CallAnswer,
  type CallArgument,
  type CallName,
  calls,
  isCallName,
  isTopicName,
  type TopicName,
  type TopicValue,
} from './schema.ts';

/** One handler for each call of those names; a call without one does not compile. */
export type Handlers<Context, Names extends CallName> = {
  readonly [C in Names]: (argument: CallArgument<C>, context: Context) => Promise<CallAnswer<C>>;
};

export interface TopicSource<V> {
  /** The present value; null for topics without a snapshot. */
  readonly snapshot: (() => Promise<V>) | null;
  readonly subscribe: (listener: (value: V) => void) => () => void;
}

/** One source for each topic of those names; a topic without one does not compile. */
export type TopicSources<Names extends TopicName> = { readonly [T in Names]: TopicSource<TopicValue<T>> };

/** The other end, as a session sees it. */
export interface Peer<Context> {
  /** What handlers are given for calls of this client. */
  readonly context: Context;
  /** Has to arrive. */
  answer(message: ServerMessage): void;
  /** May be held back and replaced by a later one of the same topic. */
  update<T extends TopicName>(topic: T, value: TopicValue<T>): void;
  /** Nothing more of this topic is wanted. */
  forget(topic: TopicName): void;
}

export interface ServerSession {
  /** Takes one message of the client. Never throws; whatever is wrong is answered. */
  receive(text: string): void;
  /** Ends all subscriptions. Calls under way are finished, their answers dropped. */
  close(): void;
}

export interface ServerOptions<Context> {
  /** A call without a handler is as unknown as one that is not in the table. */
  readonly handlers: Partial<Handlers<Context, CallName>>;
  readonly topics: Partial<TopicSources<TopicName>>;
  /** Makes an error of a handler fit for the wire; null: it is not one to be shown. */
  readonly describeError: (thrown: unknown) => WireError | null;
  /** Something inside is broken: for the log. */
  readonly onFault: (where: string, thrown: unknown) => void;
  /** Calls of one client at once; more are refused. */
  readonly maxCallsAtOnce?: number;
}

const defaultMaxCallsAtOnce = 32;

function wireErrorOf(error: CallError): WireError {
  return { name: error.name, message: error.message, error: error.error };
}

function unknownCall(): CallError {
  return new CallError('unknown-call', 'There is no such call.');
}

function unknownTopic(): CallError {
  return new CallError('unknown-topic', 'There is no such topic.');
}

function refuse(message: string, name: CallError['name']): ServerMessage {
  return { type: 'refused', error: { name, message, error: null } };
}

/** Opens a session for one client over a set of handlers that all clients share. */
export function openSession<Context>(options: ServerOptions<Context>, peer: Peer<Context>): ServerSession {
  const subscriptions = new Map<TopicName, () => void>();
  const maxCallsAtOnce = options.maxCallsAtOnce ?? defaultMaxCallsAtOnce;
  let callsUnderWay = 0;
  let isClosed = false;

  const answer = (message: ServerMessage): void => {
    if (!isClosed) peer.answer(message);
  };
  const succeed = (id: number, value: unknown): void =>
    answer({ type: 'result', id, result: { type: 'success', value } });
  const fail = (id: number, error: WireError): void => answer({ type: 'result', id, result: { type: 'error', error } });

  function describe(where: string, thrown: unknown): WireError {
    if (thrown instanceof CallError) return wireErrorOf(thrown);
    const described = options.describeError(thrown);
    if (described !== null) return described;
    options.onFault(where, thrown);
    return { name: 'internal', message: 'Something inside epicstar failed. The log says more.', error: null };
  }

  async function answerCall<C extends CallName>(
    name: C,
    rawArgument: unknown,
    handlers: Partial<Handlers<Context, C>>,
  ): Promise<CallAnswer<C>> {
    const handle = handlers[name];
    if (handle === undefined) throw unknownCall();
    const parsed = calls[name].argument.safeParse(rawArgument);
    if (!parsed.success) throw new CallError('wrong-argument', describeIssues(name, parsed.error.issues));
    const value = await handle(parsed.data, peer.context);
    // Parsing the answer too keeps what no view names from leaving.
    const checked = calls[name].answer.safeParse(value);
    if (!checked.success) throw new Error(describeIssues(name, checked.error.issues));
    return checked.data;
  }

  async function takeCall(message: ClientMessage & { readonly type: 'call' }): Promise<void> {
    if (!isCallName(message.call)) {
      fail(message.id, wireErrorOf(unknownCall()));
      return;
    }
    if (callsUnderWay >= maxCallsAtOnce) {
      fail(message.id, { name: 'too-many-calls', message: 'Too many calls at once.', error: null });
      return;
    }
    callsUnderWay += 1;
    try {
      succeed(message.id, await answerCall(message.call, message.argument, options.handlers));
    } catch (thrown) {
      fail(message.id, describe(message.call, thrown));
    } finally {
      callsUnderWay -= 1;
    }
  }

  async function startListening<T extends TopicName>(topic: T, sources: Partial<TopicSources<T>>): Promise<void> {
    const source = sources[topic];
    if (source === undefined) throw unknownTopic();
    subscriptions.get(topic)?.();
    let isUpdated = false;
    let isEnded = false;
    const stop = source.subscribe((value) => {
      isUpdated = true;
      if (!isEnded) peer.update(topic, value);
    });
    subscriptions.set(topic, () => {
      isEnded = true;
      stop();
    });
    if (source.snapshot === null) return;
    const value = await source.snapshot();
    // An update that came meanwhile is newer than the snapshot.
    if (!isUpdated && !isEnded) peer.update(topic, value);
  }

  async function takeListen(message: ClientMessage & { readonly type: 'listen' }): Promise<void> {
    if (!isTopicName(message.topic)) {
      fail(message.id, wireErrorOf(unknownTopic()));
      return;
    }
    try {
      await startListening(message.topic, options.topics);
      succeed(message.id, null);
    } catch (thrown) {
      fail(message.id, describe(message.topic, thrown));
    }
  }

  function takeUnlisten(topic: string): void {
    if (!isTopicName(topic) || options.topics[topic] === undefined) {
      answer({ type: 'refused', error: wireErrorOf(unknownTopic()) });
      return;
    }
    subscriptions.get(topic)?.();
    subscriptions.delete(topic);
    peer.forget(topic);
  }

  function receive(text: string): void {
    if (isClosed) return;
    if (text.length > maxClientMessageChars) {
      answer(refuse(`A message may have ${maxClientMessageChars} characters.`, 'message-too-large'));
      return;
    }
    const parsed = clientMessage.safeParse(parseJson(text));
    if (!parsed.success) {
      answer(refuse('This is not a message of the contract.', 'malformed-message'));
      return;
    }
    const message = parsed.data;
    switch (message.type) {
      case 'call':
        void takeCall(message);
        return;
      case 'listen':
        void takeListen(message);
        return;
      case 'unlisten':
        takeUnlisten(message.topic);
    }
  }

  function close(): void {
    isClosed = true;
    for (const stop of subscriptions.values()) stop();
    subscriptions.clear();
  }

  return { receive, close };
}

function describeIssues(
  name: CallName,
  issues: readonly { readonly path: readonly PropertyKey[]; readonly message: string }[],
): string {
  const shown = issues.slice(0, 5).map(({ path, message }) => {
    const where = path.length === 0 ? '' : `${path.map(String).join('.').slice(0, 100)}: `;
    return `${where}${message.slice(0, 200)}`;
  });
  return `${name}: ${shown.join('; ')}`;
}
