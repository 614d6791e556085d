/** @file The derived client: answers, refusals, timeouts, subscriptions and connections that come and go. */
import { describe, expect, test } from 'vitest';
import { type ConnectionStatus, createClient, type Transport } from '../../../src-preload/contract/client.ts';
import {
  type ClientMessage,
  clientMessage,
  parseJson,
  type ServerMessage,
} from '../../../src-preload/contract/messages.ts';
import { HandTimers } from '../../support/hand-timers.ts';

/** A transport whose other end is the test. */
class HandTransport implements Transport {
  readonly sent: ClientMessage[] = [];
  #message: (text: string) => void = () => undefined;
  #status: (status: ConnectionStatus) => void = () => undefined;
  isClosed = false;
  reachesDesktop = false;

  send(text: string): void {
    this.sent.push(clientMessage.parse(parseJson(text)));
  }

  onMessage(listener: (text: string) => void): () => void {
    this.#message = listener;
    return () => {
      this.#message = () => undefined;
    };
  }

  onStatus(listener: (status: ConnectionStatus) => void): () => void {
    this.#status = listener;
    listener('connecting');
    return () => {
      this.#status = () => undefined;
    };
  }

  close(): void {
    this.isClosed = true;
  }

  become(status: ConnectionStatus): void {
    this.#status(status);
  }

  say(message: ServerMessage | string): void {
    this.#message(typeof message === 'string' ? message : JSON.stringify(message));
  }

  succeed(id: number, value: unknown): void {
    this.say({ type: 'result', id, result: { type: 'success', value } });
  }
}

function makeBench(status: ConnectionStatus = 'open', reachesDesktop = false) {
  const timers = new HandTimers();
  const transport = new HandTransport();
  transport.reachesDesktop = reachesDesktop;
  const faults: string[] = [];
  const client = createClient(transport, { setTimer: timers.setTimer, onFault: (what) => faults.push(what) });
  transport.become(status);
  return { client, transport, timers, faults };
}

const work = (bytesReceived: number) => [
  {
    jobId: 1,
    githubId: 2,
    fullName: 'a/b',
    githubPage: null,
    cause: 'user',
    attempt: 1,
    startedAt: 0,
    phase: 'fetch',
    git: null,
    part: null,
    sizeKb: 1,
    bytesReceived,
    bytesSent: 0,
  },
];

describe('calls', () => {
  test('are matched to their answers, in any order', async () => {
    const { client, transport, timers } = makeBench();
    const first = client.call('jobs.cancel', { jobId: 1 });
    const second = client.call('jobs.cancel', { jobId: 2 });
    transport.succeed(2, { cancelled: false });
    transport.succeed(1, { cancelled: true });
    expect(await first).toEqual({ cancelled: true });
    expect(await second).toEqual({ cancelled: false });
    expect(timers.count).toBe(0);
  });

  test('carry the name of the refusal', async () => {
    const { client, transport } = makeBench();
    const outcome = client.call('pause.resume');
    transport.say({
      type: 'result',
      id: 1,
      result: { type: 'error', error: { name: 'wrong-argument', message: 'no', error: null } },
    });
    await expect(outcome).rejects.toMatchObject({ name: 'wrong-argument', message: 'no' });
  });

  test('whose answer does not fit are refused here', async () => {
    const { client, transport } = makeBench();
    const outcome = client.call('jobs.cancel', { jobId: 1 });
    transport.succeed(1, { cancelled: 'yes' });
    await expect(outcome).rejects.toMatchObject({ name: 'wrong-answer' });
  });

  test('give up after their time, and a late answer changes nothing', async () => {
    const { client, transport, timers, faults } = makeBench();
    const outcome = client.call('work.get');
    timers.advance(30_000);
    await expect(outcome).rejects.toMatchObject({ name: 'timed-out' });
    transport.succeed(1, []);
    expect(faults).toEqual([]);
  });

  test('without a connection are refused at once, those under way when it breaks', async () => {
    const { client, transport, timers } = makeBench('connecting');
    await expect(client.call('work.get')).rejects.toMatchObject({ name: 'disconnected' });
    transport.become('open');
    const outcome = client.call('work.get');
    transport.become('closed');
    await expect(outcome).rejects.toMatchObject({ name: 'disconnected' });
    expect(timers.count).toBe(0);
  });
});

describe('what the desktop program answers itself', () => {
  test('is asked for without a connection, and outlives the loss of one', async () => {
    const { client, transport } = makeBench('connecting', true);
    client.listen('desktop', () => undefined);
    const before = client.call('desktop.allowPlain');
    transport.become('open');
    const work = client.call('work.get');
    transport.become('closed');
    await expect(work).rejects.toMatchObject({ name: 'disconnected' });
    transport.become('open');
    expect(transport.sent.map(({ type }) => type)).toEqual(['listen', 'call', 'call']);
    transport.succeed(2, {});
    await expect(before).resolves.toEqual({});
  });

  test('ends with the client', async () => {
    const { client } = makeBench('closed', true);
    const call = client.call('desktop.restart');
    client.close();
    await expect(call).rejects.toMatchObject({ name: 'disconnected' });
    await expect(client.call('desktop.restart')).rejects.toMatchObject({ name: 'disconnected' });
  });

  test('needs a connection where a server is at the other end', async () => {
    const { client, transport } = makeBench('closed');
    await expect(client.call('desktop.restart')).rejects.toMatchObject({ name: 'disconnected' });
    expect(transport.sent).toEqual([]);
  });
});

describe('subscriptions', () => {
  test('ask once for any number of listeners, and late ones get the latest at once', () => {
    const { client, transport } = makeBench();
    const seen: string[] = [];
    client.listen('work', ([item]) => seen.push(`first ${item?.bytesReceived}`));
    transport.say({ type: 'update', topic: 'work', value: work(1) });
    client.listen('work', ([item]) => seen.push(`second ${item?.bytesReceived}`));
    transport.say({ type: 'update', topic: 'work', value: work(2) });
    expect(seen).toEqual(['first 1', 'second 1', 'first 2', 'second 2']);
    expect(transport.sent.map(({ type }) => type)).toEqual(['listen']);
  });

  test('end with the last listener, and nothing comes after', () => {
    const { client, transport } = makeBench();
    const seen: unknown[] = [];
    const stopFirst = client.listen('work', (value) => seen.push(value));
    const stopSecond = client.listen('work', (value) => seen.push(value));
    stopFirst();
    stopFirst();
    expect(transport.sent).toHaveLength(1);
    stopSecond();
    transport.say({ type: 'update', topic: 'work', value: work(1) });
    expect(seen).toEqual([]);
    expect(transport.sent.map(({ type }) => type)).toEqual(['listen', 'unlisten']);
  });

  test('are asked for again after a reconnect', () => {
    const { client, transport } = makeBench('connecting');
    const seen: number[] = [];
    client.listen('work', ([item]) => seen.push(item?.bytesReceived ?? 0));
    client.listen('run', () => undefined);
    client.listen('overview', () => undefined)();
    expect(transport.sent).toEqual([]);
    transport.become('open');
    transport.say({ type: 'update', topic: 'work', value: work(1) });
    transport.become('closed');
    transport.become('open');
    transport.say({ type: 'update', topic: 'work', value: work(9) });
    expect(seen).toEqual([1, 9]);
    expect(transport.sent.map((message) => ('topic' in message ? message.topic : null))).toEqual([
      'work',
      'run',
      'work',
      'run',
    ]);
  });

  test('do not keep events for late listeners', () => {
    const { client, transport } = makeBench();
    const seen: unknown[] = [];
    client.listen('repositories', () => undefined);
    transport.say({ type: 'update', topic: 'repositories', value: { githubIds: [1] } });
    client.listen('repositories', (value) => seen.push(value));
    expect(seen).toEqual([]);
  });
});

test('what does not fit the contract is dropped and told', () => {
  const { client, transport, faults } = makeBench();
  const seen: unknown[] = [];
  client.listen('work', (value) => seen.push(value));
  transport.say('not json');
  transport.say({ type: 'update', topic: 'work', value: [{ jobId: 'one' }] });
  transport.say({ type: 'update', topic: '__proto__', value: [] });
  transport.say({ type: 'refused', error: { name: 'malformed-message', message: 'what?', error: null } });
  transport.say({ type: 'beat' });
  expect(seen).toEqual([]);
  expect(faults).toHaveLength(4);
});

test('status is told at once and on each change, until the end', () => {
  const { client, transport } = makeBench('connecting');
  const seen: ConnectionStatus[] = [];
  client.onStatus((status) => seen.push(status));
  transport.become('open');
  transport.become('open');
  client.close();
  transport.become('open');
  expect(seen).toEqual(['connecting', 'open', 'closed']);
  expect(transport.isClosed).toBe(true);
});
