/** @file What a contract server refuses. No wrong message reaches a handler, and none is answered with silence. */
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CallError, maxClientMessageChars, type ServerMessage } from '../../../src-preload/contract/messages.ts';
import { type CallName, calls, isCallName, type TopicName, topics } from '../../../src-preload/contract/schema.ts';
import { type Handlers, openSession, type TopicSources } from '../../../src-preload/contract/server.ts';
import { createBridge } from '../../../src-main/bridge/bridge.ts';
import { HandTimers } from '../../support/hand-timers.ts';
import { ScriptedEngine } from '../../support/scripted-engine.ts';
import { ScriptedSetup } from '../../support/scripted-setup.ts';

const callNames = Object.keys(calls).filter(isCallName);
const topicNames = Object.keys(topics) as TopicName[];

/** Handlers that write down who was called and answer with an error of their own. */
function makeBench(maxCallsAtOnce = 1_000) {
  const called: CallName[] = [];
  const faults: string[] = [];
  const sent: ServerMessage[] = [];
  let release: () => void = () => undefined;
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const handlers = Object.fromEntries(
    callNames.map((name) => [
      name,
      async () => {
        called.push(name);
        await gate;
        throw new CallError('internal', 'reached');
      },
    ]),
  ) as unknown as Handlers<null, CallName>;
  const sources = Object.fromEntries(
    topicNames.map((name) => [name, { snapshot: null, subscribe: () => () => undefined }]),
  ) as unknown as TopicSources<TopicName>;
  const session = openSession<null>(
    { handlers, topics: sources, describeError: () => null, onFault: (where) => faults.push(where), maxCallsAtOnce },
    { context: null, answer: (message) => sent.push(message), update: () => undefined, forget: () => undefined },
  );
  return { called, faults, sent, session, release };
}

const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('wrong arguments', () => {
  test.each(callNames)('of %s are refused by name and do not reach the handler', async (name) => {
    const parser = calls[name].argument;
    const wrong = fc
      .oneof(
        fc.jsonValue(),
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.record(
          {
            jobId: fc.jsonValue(),
            githubId: fc.jsonValue(),
            githubIds: fc.jsonValue(),
            states: fc.jsonValue(),
            offset: fc.jsonValue(),
            limit: fc.jsonValue(),
            text: fc.jsonValue(),
            until: fc.jsonValue(),
            visible: fc.jsonValue(),
            full: fc.jsonValue(),
            ['__proto__']: fc.jsonValue(),
          },
          { requiredKeys: [] },
        ),
      )
      .filter((value) => !parser.safeParse(value).success);
    await fc.assert(
      fc.asyncProperty(wrong, async (argument) => {
        const { called, sent, session } = makeBench();
        session.receive(JSON.stringify({ type: 'call', id: 1, call: name, argument }));
        await settled();
        expect(called).toEqual([]);
        expect(sent).toMatchObject([
          { type: 'result', id: 1, result: { type: 'error', error: { name: 'wrong-argument' } } },
        ]);
      }),
      { numRuns: 60 },
    );
  });

  test('that are right do reach it, so the test above can fail', async () => {
    const { called, sent, session, release } = makeBench();
    release();
    session.receive(JSON.stringify({ type: 'call', id: 1, call: 'jobs.cancel', argument: { jobId: 7 } }));
    await settled();
    expect(called).toEqual(['jobs.cancel']);
    expect(sent).toMatchObject([{ result: { type: 'error', error: { name: 'internal', message: 'reached' } } }]);
  });
});

describe('messages', () => {
  test('of any shape are answered, and reach no handler unless they are a call of the table', async () => {
    const message = fc.oneof(
      fc.string(),
      fc.json(),
      fc
        .record({
          type: fc.constantFrom('call', 'listen', 'unlisten', 'result', 'constructor'),
          id: fc.oneof(fc.nat(), fc.jsonValue()),
          call: fc.oneof(fc.string(), fc.constantFrom('__proto__', 'toString', 'hasOwnProperty', 'work.get ')),
          topic: fc.oneof(fc.string(), fc.constantFrom('__proto__', 'toString')),
          argument: fc.jsonValue(),
        })
        .map((value) => JSON.stringify(value)),
    );
    await fc.assert(
      fc.asyncProperty(message, async (text) => {
        const { called, sent, session, faults } = makeBench();
        session.receive(text);
        await settled();
        expect(called).toEqual([]);
        expect(faults).toEqual([]);
        expect(sent).toHaveLength(1);
      }),
      { numRuns: 300 },
    );
  });

  test('that are too long are refused before they are read', () => {
    const { sent, session } = makeBench();
    session.receive(`"${'x'.repeat(maxClientMessageChars)}"`);
    expect(sent).toMatchObject([{ type: 'refused', error: { name: 'message-too-large' } }]);
  });

  test('of a client that asks too much at once are refused', async () => {
    const { called, sent, session, release } = makeBench(2);
    for (let id = 1; id <= 3; id += 1) {
      session.receive(JSON.stringify({ type: 'call', id, call: 'work.get', argument: {} }));
    }
    await settled();
    expect(called).toHaveLength(2);
    expect(sent).toMatchObject([{ id: 3, result: { error: { name: 'too-many-calls' } } }]);
    release();
    await settled();
    session.receive(JSON.stringify({ type: 'call', id: 4, call: 'work.get', argument: {} }));
    await settled();
    expect(called).toHaveLength(3);
  });

  test('after the end are not answered', async () => {
    const { called, sent, session } = makeBench();
    session.close();
    session.receive(JSON.stringify({ type: 'call', id: 1, call: 'work.get', argument: {} }));
    await settled();
    expect([called, sent]).toEqual([[], []]);
  });
});

describe('over the bridge', () => {
  test('an inner failure is not told in words, and is logged', async () => {
    const engine = new ScriptedEngine();
    const timers = new HandTimers();
    const logged: unknown[] = [];
    const sent: string[] = [];
    const bridge = createBridge({
      engine,
      setup: new ScriptedSetup(),
      links: () => ({ githubWebUrl: 'https://github.com', targetUrl: null }),
      version: '0',
      clock: { now: () => 0, monotonicMs: () => timers.nowMs, setTimer: timers.setTimer },
      log: { error: (_message, fields) => logged.push(fields) },
    });
    const session = bridge.connect({ send: (text) => sent.push(text), isReady: () => true });
    engine.failNext(new Error('password=hunter2'));
    session.receive(JSON.stringify({ type: 'call', id: 1, call: 'look.now', argument: {} }));
    await settled();
    expect(sent.join('')).toContain('"name":"internal"');
    expect(sent.join('')).not.toContain('hunter2');
    expect(logged).toHaveLength(1);
  });
});
