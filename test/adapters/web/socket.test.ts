/** @file The contract over real WebSockets: who may connect, what is refused, how updates come. */
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { WebSocket } from 'ws';
import { createClient, type Transport } from '../../../src-preload/contract/client.ts';
import { maxClientMessageChars } from '../../../src-preload/contract/messages.ts';
import { maxFrameBytes } from '../../../src-main/web/sockets.ts';
import { collectMessages, resultOf } from '../../support/contract-messages.ts';
import { realClock } from '../../support/real-clock.ts';
import { makeOverview, makeRun, makeWorkItem } from '../../support/scripted-facts.ts';
import { benchToken, WebBench } from '../../support/web-bench.ts';

let bench: WebBench;

beforeEach(async () => {
  bench = new WebBench();
  await bench.start();
});

afterEach(() => bench.end());

/** Status that an upgrade was refused with; rejects when it was granted. */
async function refusedStatus(socket: WebSocket): Promise<number | undefined> {
  const refused = once(socket, 'unexpected-response');
  const granted = once(socket, 'open').then(() => Promise.reject(new Error('the socket was opened')));
  const [, response] = (await Promise.race([refused, granted])) as [unknown, IncomingMessage];
  return response.statusCode;
}

/** One connection for a contract client; it does not come back by itself. */
function transportOver(socket: WebSocket): Transport {
  return {
    send: (text) => socket.send(text),
    onMessage(listener) {
      const own = (data: Buffer): void => listener(data.toString('utf8'));
      socket.on('message', own);
      return () => socket.off('message', own);
    },
    onStatus(listener) {
      listener(socket.readyState === socket.OPEN ? 'open' : 'connecting');
      const open = (): void => listener('open');
      const close = (): void => listener('closed');
      socket.on('open', open).on('close', close);
      return () => socket.off('open', open).off('close', close);
    },
    close: () => socket.close(),
  };
}

describe('who may connect', () => {
  test('nobody without cookie or token', async () => {
    const origin = new URL(bench.host.url).origin;
    expect(await refusedStatus(bench.socket({ origin }))).toBe(401);
    expect(await refusedStatus(bench.socket({ origin, cookie: `epicstar-${bench.port}=forged` }))).toBe(401);
  });

  test('no page of another origin, even with the cookie', async () => {
    const cookie = await bench.signIn();
    for (const origin of ['https://evil.example', 'null', `http://127.0.0.1:${bench.port + 1}`]) {
      expect(await refusedStatus(bench.socket({ cookie, origin })), origin).toBe(403);
    }
    expect(await refusedStatus(bench.socket({ cookie }))).toBe(403);
  });

  test('nobody under a name that is not ours', async () => {
    const cookie = await bench.signIn();
    const headers = { cookie, host: 'evil.example', origin: 'http://evil.example' };
    expect(await refusedStatus(bench.socket(headers))).toBe(421);
  });

  test('a program without an origin, by the token', async () => {
    const socket = bench.socket({ authorization: `Bearer ${benchToken}` });
    await once(socket, 'open');
    expect(socket.readyState).toBe(socket.OPEN);
  });

  test('more clients than allowed are sent away', async () => {
    const crowded = new WebBench();
    await crowded.start({ maxClients: 1 });
    try {
      await crowded.openSocket();
      const second = await crowded.openSocket();
      expect(await once(second, 'close')).toContain(1013);
    } finally {
      await crowded.end();
    }
  });
});

describe('calls', () => {
  test('are answered in an envelope', async () => {
    const socket = await bench.openSocket();
    const inbox = collectMessages(socket);
    socket.send(JSON.stringify({ type: 'call', id: 7, call: 'look.now', argument: { full: true } }));
    expect(await resultOf(inbox, 7)).toMatchObject({
      result: { type: 'success', value: { kind: 'full', newStars: 2 } },
    });
    expect(bench.engine.commands).toEqual([{ name: 'lookNow', argument: true }]);
  });

  test.each([
    ['unknown-call', { type: 'call', id: 1, call: 'engine.destroy', argument: {} }],
    ['unknown-call', { type: 'call', id: 1, call: 'constructor', argument: {} }],
    ['wrong-argument', { type: 'call', id: 1, call: 'jobs.cancel', argument: { jobId: '1; drop table' } }],
    ['wrong-argument', { type: 'call', id: 1, call: 'pause.set', argument: { until: 1 } }],
    ['unknown-topic', { type: 'listen', id: 1, topic: 'secrets' }],
  ])('are refused by name: %s', async (name, message) => {
    const socket = await bench.openSocket();
    const inbox = collectMessages(socket);
    socket.send(JSON.stringify(message));
    expect(await resultOf(inbox, 1)).toMatchObject({ result: { type: 'error', error: { name } } });
    expect(bench.engine.commands).toEqual([]);
  });

  test.each([
    ['malformed-message', 'not json'],
    ['malformed-message', '{"type":"call"}'],
    ['malformed-message', '[]'],
    [
      'message-too-large',
      JSON.stringify({ type: 'call', id: 1, call: 'look.now', argument: 'x'.repeat(maxClientMessageChars) }),
    ],
  ])('that cannot be read are refused by name: %s', async (name, text) => {
    const socket = await bench.openSocket();
    const inbox = collectMessages(socket);
    socket.send(text);
    expect(await inbox.next(({ type }) => type === 'refused')).toMatchObject({ error: { name } });
  });

  test('an oversized frame and a binary one end the connection, and the host lives on', async () => {
    const large = await bench.openSocket();
    large.send('x'.repeat(maxFrameBytes + 1));
    expect((await once(large, 'close'))[0]).toBe(1009);
    const binary = await bench.openSocket();
    binary.send(Buffer.from('{}'));
    expect((await once(binary, 'close'))[0]).toBe(1003);
    expect((await bench.ask('/healthz')).status).toBe(200);
  });
});

describe('updates', () => {
  test('start with a snapshot and go on until they are not wanted any more', async () => {
    const socket = await bench.openSocket();
    const client = createClient(transportOver(socket), { setTimer: realClock.setTimer });
    const seen: string[] = [];
    let tell: () => void = () => undefined;
    const stop = client.listen('overview', ({ state }) => {
      seen.push(state.tone);
      tell();
    });
    const reached = (count: number): Promise<void> =>
      new Promise((resolve) => {
        tell = () => {
          if (seen.length >= count) resolve();
        };
        tell();
      });
    await reached(1);
    bench.engine.set({ overview: { isOnline: false } });
    await reached(2);
    expect(seen).toEqual(['idle', 'offline']);
    stop();
    // Answered in order, so the subscription is over by then.
    await client.call('work.get');
    expect(bench.engine.listenerCount).toBe(0);
    client.close();
  });

  test('come at most five times a second, and the last one always', async () => {
    const socket = await bench.openSocket();
    const inbox = collectMessages(socket);
    socket.send(JSON.stringify({ type: 'listen', id: 1, topic: 'work' }));
    await resultOf(inbox, 1);
    const startedMs = performance.now();
    for (let bytesReceived = 1; bytesReceived <= 200; bytesReceived += 1) {
      bench.engine.set({ work: [makeWorkItem({ bytesReceived })] });
    }
    await inbox.next((message) => message.type === 'update' && JSON.stringify(message).includes('"bytesReceived":200'));
    const updates = inbox.all.filter(({ type }) => type === 'update').length;
    expect(updates).toBeLessThanOrEqual(2 + Math.ceil((performance.now() - startedMs) / 200));
  });

  test('are not sent to a hidden client, which gets the latest when it is shown again', async () => {
    const socket = await bench.openSocket();
    const inbox = collectMessages(socket);
    socket.send(JSON.stringify({ type: 'call', id: 1, call: 'visibility.set', argument: { visible: false } }));
    socket.send(JSON.stringify({ type: 'listen', id: 2, topic: 'overview' }));
    socket.send(JSON.stringify({ type: 'listen', id: 3, topic: 'run' }));
    await Promise.all([1, 2, 3].map((id) => resultOf(inbox, id)));
    bench.engine.set({ overview: makeOverview({ isOnline: false }) });
    bench.engine.endRun(makeRun({ id: 1 }));
    bench.engine.endRun(makeRun({ id: 2 }));
    socket.send(JSON.stringify({ type: 'call', id: 4, call: 'work.get', argument: {} }));
    await resultOf(inbox, 4);
    expect(inbox.all.filter(({ type }) => type === 'update')).toEqual([]);
    socket.send(JSON.stringify({ type: 'call', id: 5, call: 'visibility.set', argument: { visible: true } }));
    const run = await inbox.next((message) => message.type === 'update' && message.topic === 'run');
    expect(run).toMatchObject({ value: { skipped: 1, run: { id: 2 } } });
    expect(inbox.all.filter((message) => message.type === 'update' && message.topic === 'overview')).toHaveLength(1);
  });

  test('to a client that reads nothing pile up as the latest state alone', async () => {
    const socket = await bench.openSocket();
    const inbox = collectMessages(socket);
    socket.send(JSON.stringify({ type: 'listen', id: 1, topic: 'work' }));
    await resultOf(inbox, 1);
    socket.pause();
    const many = (round: number) =>
      Array.from({ length: 200 }, (_, index) =>
        makeWorkItem({ jobId: index, bytesReceived: round, fullName: 'o/'.padEnd(290, 'x') }),
      );
    // Each message has about 100 kB; more of them than any buffer on the way holds.
    for (let round = 1; round <= 20; round += 1) {
      bench.engine.set({ work: many(round) });
      await new Promise((resolve) => realClock.setTimer(10, () => resolve(undefined)));
    }
    socket.resume();
    await inbox.next((message) => message.type === 'update' && JSON.stringify(message).includes('"bytesReceived":20,'));
    expect(inbox.all.filter(({ type }) => type === 'update').length).toBeLessThan(10);
  });
});

describe('an end', () => {
  test('of the host reaches every client as "going away", and pending calls are rejected by name', async () => {
    const socket = await bench.openSocket();
    const client = createClient(transportOver(socket), { setTimer: realClock.setTimer });
    const closed = once(socket, 'close');
    const look = bench.engine.nextCommand('lookNow');
    const outcome = client.call('look.now').then(
      () => 'answered',
      (error: Error) => error.name,
    );
    await look;
    await bench.stop();
    expect((await closed)[0]).toBe(1001);
    expect(['answered', 'disconnected']).toContain(await outcome);
    await expect(client.call('work.get')).rejects.toMatchObject({ name: 'disconnected' });
  });

  test('of a client ends what it listened to', async () => {
    const socket = await bench.openSocket();
    const inbox = collectMessages(socket);
    for (const [id, topic] of ['overview', 'work', 'run', 'repositories'].entries()) {
      socket.send(JSON.stringify({ type: 'listen', id, topic }));
      await resultOf(inbox, id);
    }
    expect(bench.engine.listenerCount).toBeGreaterThan(0);
    socket.terminate();
    await expect.poll(() => bench.engine.listenerCount, { timeout: 5_000, interval: 20 }).toBe(0);
  });

  test('and a new start on the same port let the same cookie in again', async () => {
    const { port } = bench;
    const cookie = await bench.signIn();
    await bench.stop();
    await bench.start({ port });
    const socket = bench.socket({ cookie, origin: `http://127.0.0.1:${port}` });
    await once(socket, 'open');
    const inbox = collectMessages(socket);
    socket.send(JSON.stringify({ type: 'listen', id: 1, topic: 'overview' }));
    expect(await inbox.next(({ type }) => type === 'update')).toMatchObject({ value: { state: { tone: 'idle' } } });
  });
});
