/** @file The stand-in for smee: bytes on the wire, every limit, and how it is told to misbehave. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Smee, startSmee } from '../playground/smee/index.ts';
import { openWire, type Wire } from './smee-wire.ts';

const GUID = '72d3162e-cc78-11e3-81ab-4c9367dc0958';
const SIGNATURE = `sha256=${'0a'.repeat(32)}`;
const NOW_MS = 1_700_000_000_000;

describe('the smee stand-in', () => {
  let smee: Smee;
  const wires: Wire[] = [];

  const listen = async (url: string, headers?: string): Promise<Wire> => {
    const wire = openWire(url, headers);
    wires.push(wire);
    await wire.waitFor('event: ready');
    return wire;
  };

  const post = async (
    url: string,
    body: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<{ readonly status: number; readonly text: string }> => {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
    return { status: response.status, text: await response.text() };
  };

  beforeEach(async () => {
    smee = await startSmee({ clock: { now: () => NOW_MS }, blockedChannels: ['shut'] });
  });

  afterEach(async () => {
    for (const { socket } of wires.splice(0)) socket.destroy();
    await smee.close();
  });

  it.each(['HEAD', 'GET'])('sends %s /new to a new id each time, and keeps nothing', async (method) => {
    const seen = new Set<string>();
    for (let index = 0; index < 3; index++) {
      const response = await fetch(`${smee.url}/new`, { method, redirect: 'manual' });
      expect([response.status, await response.text()]).toEqual([307, '']);
      const location = response.headers.get('location') ?? '';
      expect(location).toMatch(new RegExp(`^${smee.url}/[A-Za-z0-9_-]{16}$`));
      seen.add(location);
    }
    expect(seen.size).toBe(3);
    expect(smee.log.count({ kind: 'new', method, status: 307 })).toBe(3);
  });

  it('writes exactly these bytes', async () => {
    const channel = smee.channelUrl('some-channel_1');
    const wire = await listen(channel);
    smee.ping();
    const sent = await post(`${channel}?a=1&a=2&b=%C3%A9`, '{"action": "created", "n": 1.0, "text": "\\u00e9\\/"}', {
      'x-github-event': 'star',
      'x-github-delivery': GUID,
      'x-hub-signature-256': SIGNATURE,
      Body: 'overridden',
      'User-Agent': 'GitHub-Hookshot/0000000',
    });
    expect(sent).toEqual({ status: 200, text: '' });
    await wire.waitFor('created');
    const [head = ''] = wire.text().split('\r\n\r\n');
    expect(head.replace(/^Date: .* GMT$/m, 'Date: now')).toBe(
      [
        'HTTP/1.1 200 OK',
        'Content-Type: text/event-stream',
        'Cache-Control: no-cache',
        'Connection: keep-alive',
        'x-no-compression: 1',
        'Date: now',
        'Transfer-Encoding: chunked',
      ].join('\r\n'),
    );
    const [ready, ping, message, rest] = wire.body().split(/(?<=\n\n)/);
    expect([ready, ping, rest]).toEqual([
      'id: 0\nevent: ready\ndata: {}\n\n',
      'id: 1\nevent: ping\ndata: {}\n\n',
      undefined,
    ]);
    expect(message).toMatch(/^id: 2\ndata: \{"host":"127\.0\.0\.1:\d+",[^\n]*\}\n\n$/);
    expect(message?.trimEnd()).toMatch(/,"query":\{"a":\["1","2"\],"b":"é"\},"timestamp":1700000000000\}$/);
    expect(message).toContain('"body":{"action":"created","n":1,"text":"é/"}');
    const data = JSON.parse(message?.split('data: ')[1] ?? '') as Readonly<Record<string, unknown>>;
    expect(data).toMatchObject({
      'x-github-event': 'star',
      'x-github-delivery': GUID,
      'x-hub-signature-256': SIGNATURE,
      'content-type': 'application/json',
      'user-agent': 'GitHub-Hookshot/0000000',
      connection: 'keep-alive',
    });
    expect(Object.keys(data).filter((key) => key !== key.toLowerCase())).toEqual([]);
    expect(wire.text()).not.toContain('retry:');
  });

  it('pings by itself, at the interval it is given', async () => {
    await smee.close();
    smee = await startSmee({ pingIntervalMs: 20 });
    const wire = await listen(smee.channelUrl());
    await wire.waitFor('id: 2\nevent: ping\ndata: {}\n\n');
    expect(wire.body()).toContain('id: 1\nevent: ping\ndata: {}\n\n');
  });

  it('counts ids per connection, replays nothing, and tells every listener of that channel alone', async () => {
    const channel = smee.channelUrl();
    expect(await post(channel, '{"n":"early"}')).toEqual({ status: 200, text: '' });
    const first = await listen(channel);
    const other = await listen(smee.channelUrl());
    await post(channel, '{"n":"middle"}');
    await first.waitFor('middle');
    const second = await listen(channel, 'Accept: text/event-stream\r\nLast-Event-ID: 0\r\n');
    await post(channel, '{"n":"late"}');
    await first.waitFor('id: 2\ndata: ');
    await second.waitFor('id: 1\ndata: ');
    expect(first.body()).not.toContain('early');
    expect(second.body()).not.toMatch(/early|middle/);
    expect(other.body()).toBe('id: 0\nevent: ready\ndata: {}\n\n');
    expect(smee.log.entries.find(({ lastEventId }) => lastEventId !== null)).toMatchObject({ kind: 'subscribe' });
  });

  it.each(['text/event-stream, */*', 'text/event-stream;q=1', 'TEXT/EVENT-STREAM', '*/*'])(
    'shows a web page to Accept: %s',
    async (accept) => {
      const response = await fetch(smee.channelUrl('abc'), { headers: { accept } });
      expect(response.headers.get('content-type')).toBe('text/html; charset=utf-8');
      expect(await response.text()).toContain('<!doctype html>');
      expect(smee.listeners()).toBe(0);
    },
  );

  it.each([
    ['a form', 415, 'payload=%7B%7D', { 'content-type': 'application/x-www-form-urlencoded' }],
    ['plain text', 400, '{}', { 'content-type': 'text/plain' }],
    ['a list', 400, '[{}]', {}],
    ['a string', 400, '"text"', {}],
    ['null', 400, 'null', {}],
    ['half a JSON', 400, '{"a":', {}],
    ['nothing', 400, '', {}],
    ['a GUID that is none', 400, '{}', { 'x-github-delivery': '12345' }],
    ['a signature in capitals', 400, '{}', { 'x-hub-signature-256': SIGNATURE.toUpperCase() }],
    ['a short signature', 400, '{}', { 'x-hub-signature-256': SIGNATURE.slice(0, -1) }],
    ['1 MiB and a byte', 413, `{"a":"${'x'.repeat(1024 * 1024 - 7)}"}`, {}],
    ['1 MiB', 200, `{"a":"${'x'.repeat(1024 * 1024 - 8)}"}`, {}],
    ['a signature and a GUID', 200, '{}', { 'x-hub-signature-256': SIGNATURE, 'x-github-delivery': GUID }],
  ])('answers %s with %i', async (_what, status, body, headers) => {
    const channel = smee.channelUrl();
    const wire = await listen(channel);
    expect((await post(channel, body, headers)).status).toBe(status);
    await post(channel, '{"last":true}');
    await wire.waitFor('{"last":true}');
    expect(wire.body().match(/^data: \{"/gm)).toHaveLength(status === 200 ? 2 : 1);
    expect(smee.log.count({ kind: 'deliver', status })).toBe(status === 200 ? 2 : 1);
  });

  it('takes any fitting id for a channel', async () => {
    for (const [id, status] of [
      ['a', 200],
      ['A-z_9'.repeat(20), 200],
      ['a.b', 400],
      ['a%20b', 400],
    ] as const) {
      expect([id, (await post(smee.channelUrl(id), '{}')).status]).toEqual([id, status]);
      expect([id, (await fetch(smee.channelUrl(id))).status]).toEqual([id, status]);
    }
    expect((await fetch(smee.channelUrl('a'.repeat(129)))).status).toBeGreaterThanOrEqual(400);
  });

  it('blocks channels, to read and to write', async () => {
    smee.block('late');
    for (const id of ['shut', 'late']) {
      expect((await post(smee.channelUrl(id), '{}')).status).toBe(403);
      const response = await fetch(smee.channelUrl(id), { headers: { accept: 'text/event-stream' } });
      expect([response.status, await response.text()]).toEqual([
        403,
        'Channel has been disabled due to too many connections.',
      ]);
    }
    smee.unblock('late');
    expect((await post(smee.channelUrl('late'), '{}')).status).toBe(200);
  });

  it('accepts a redelivery and tells nobody', async () => {
    const channel = smee.channelUrl();
    const wire = await listen(channel);
    expect(await post(`${channel}/redeliver`, '{"body":{"again":true}}')).toEqual({ status: 200, text: '' });
    smee.ping();
    await wire.waitFor('event: ping');
    expect(wire.body()).not.toContain('again');
  });

  it('has spells of 502 for those it is told to', async () => {
    const fault = smee.faults.add({ kind: 'status', status: 502, on: 'subscribe', skip: 1, times: 2 });
    const channel = smee.channelUrl();
    const statuses: number[] = [];
    for (let index = 0; index < 4; index++) {
      const response = await fetch(channel, { headers: { accept: 'text/event-stream' } });
      statuses.push(response.status);
      await response.body?.cancel();
    }
    expect(statuses).toEqual([200, 502, 502, 200]);
    expect(fault.hits).toBe(2);
    expect((await post(channel, '{}')).status).toBe(200);
    expect(smee.log.count({ kind: 'subscribe', status: 502 })).toBe(2);
  });

  it('cuts a connection before its status line', async () => {
    smee.faults.add({ kind: 'cut', times: 1 });
    await expect(post(smee.channelUrl(), '{}')).rejects.toThrow('fetch failed');
    expect(smee.log.entries).toMatchObject([{ kind: 'deliver', status: 0 }]);
  });

  it('never answers when it stalls', async () => {
    smee.faults.add({ kind: 'stall', times: 1 });
    const wire = openWire(smee.channelUrl());
    wires.push(wire);
    await smee.log.waitFor({ kind: 'subscribe', status: 0 });
    expect([wire.text(), wire.isOpen()]).toEqual(['', true]);
  });

  it('goes silent without closing, for a while or from the start', async () => {
    const channel = smee.channelUrl();
    const silenced = await listen(channel);
    smee.silence(channel);
    smee.faults.add({ kind: 'half-open', on: 'subscribe', times: 1 });
    const halfOpen = await listen(channel);
    const sound = await listen(channel);
    smee.ping();
    expect((await post(channel, '{"n":1}')).status).toBe(200);
    await sound.waitFor('{"n":1}');
    for (const wire of [silenced, halfOpen]) {
      expect([wire.body(), wire.isOpen()]).toEqual(['id: 0\nevent: ready\ndata: {}\n\n', true]);
    }
    expect(smee.listeners(channel)).toBe(3);
  });

  it('breaks streams, ends them in order, and writes what it is told', async () => {
    const channel = smee.channelUrl();
    const broken = await listen(channel);
    smee.write(channel, ': a comment\nda');
    await broken.waitFor(': a comment\nda');
    smee.cut(channel);
    await broken.closed;
    expect(broken.text()).not.toMatch(/\r\n0\r\n\r\n$/);
    const ended = await listen(channel);
    smee.end(channel);
    await ended.waitFor('\r\n0\r\n\r\n');
    await smee.waitForListeners(channel, 0);
  });

  it('restarts on the same port and remembers nobody', async () => {
    const channel = smee.channelUrl();
    const wire = await listen(channel);
    await smee.stop();
    await wire.closed;
    await expect(post(channel, '{}')).rejects.toThrow('fetch failed');
    await smee.start();
    expect(smee.listeners()).toBe(0);
    await listen(channel);
    await smee.restart();
    expect((await post(channel, '{}')).status).toBe(200);
  });
});
