/** @file The real smee-client at the smee stand-in: what it brings home, what it spoils, and what ends it. */
import { SmeeClient } from 'smee-client';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Github, startGithub } from '../playground/github/index.ts';
import { signatureOf } from '../playground/github/webhook-sender.ts';
import { type Smee, startSmee } from '../playground/smee/index.ts';
import { type HookReceiver, startHookReceiver } from './hook-receiver.ts';

const SECRET = 'a-secret-that-nobody-shows';
const CLOSED = 2;
const OPEN = 1;

describe('smee-client at the smee stand-in', () => {
  let github: Github;
  let smee: Smee;
  let receiver: HookReceiver;
  let channel: string;
  let client: SmeeClient;
  let id: number;

  beforeEach(async () => {
    [github, smee, receiver] = await Promise.all([startGithub(), startSmee(), startHookReceiver()]);
    channel = await SmeeClient.createChannel({ newChannelUrl: `${smee.url}/new` });
    client = new SmeeClient({ source: channel, target: receiver.url, logger: { info: () => {}, error: () => {} } });
    id = github.world.addRepository({ fullName: 'stella/engine' });
  });

  afterEach(async () => {
    await client.stop();
    await Promise.all([github.close(), smee.close(), receiver.close()]);
  });

  it('gets its channel by HEAD', () => {
    expect(channel.startsWith(`${smee.url}/`)).toBe(true);
    expect(smee.log.count({ kind: 'new', method: 'HEAD', status: 307 })).toBe(1);
  });

  it('brings a delivery home with its headers, and plain bodies with a signature that still fits', async () => {
    await client.start();
    const hook = github.webhooks.add(id, { url: channel, secret: SECRET, events: ['watch'] });
    github.world.star(id);
    await receiver.waitFor(2);
    const [ping, watch] = receiver.received;
    expect(ping?.headers['x-github-event']).toBe('ping');
    const [delivery] = github.webhooks.deliveries(hook);
    expect(watch?.headers).toMatchObject({
      'x-github-event': 'watch',
      'x-github-delivery': delivery?.guid,
      'x-hub-signature-256': signatureOf('sha256', SECRET, watch?.body ?? ''),
      timestamp: expect.stringMatching(/^\d{13}$/),
    });
    expect(JSON.parse(watch?.body.toString('utf8') ?? '')).toEqual(delivery?.request.payload);
    expect(delivery).toMatchObject({ statusCode: 200, response: { payload: '' } });
  });

  it('spoils the signature of control characters, which fits again with hex digits in capitals', async () => {
    await client.start();
    github.world.edit(id, { description: 'rings the bell: \u001B' });
    github.webhooks.add(id, { url: channel, secret: SECRET });
    await receiver.waitFor(1);
    const [ping] = receiver.received;
    const text = ping?.body.toString('utf8') ?? '';
    const signature = ping?.headers['x-hub-signature-256'];
    expect(text).toContain(String.raw`\u001b`);
    expect(signatureOf('sha256', SECRET, text)).not.toBe(signature);
    expect(signatureOf('sha256', SECRET, text.replaceAll(String.raw`\u001b`, String.raw`\u001B`))).toBe(signature);
  });

  it('never sees what was sent while it was away, or as a form; GitHub believes the first delivered', async () => {
    const early = github.webhooks.add(id, { url: channel });
    const form = github.webhooks.add(id, { url: `${channel}?form`, contentType: 'form' });
    await github.webhooks.settled();
    await client.start();
    expect(github.webhooks.deliveries(early)).toMatchObject([{ statusCode: 200, status: 'OK' }]);
    expect(github.webhooks.deliveries(form)).toMatchObject([{ statusCode: 415 }]);
    github.webhooks.ping(form);
    github.webhooks.ping(early);
    await receiver.waitFor(1);
    await github.webhooks.settled();
    expect(receiver.received.map(({ query }) => query)).toEqual(['']);
  });

  it('comes back after a broken connection', async () => {
    await client.start();
    // The service itself never sends a retry time; without one the client would wait three seconds here.
    smee.write(channel, 'retry: 10\n\n');
    smee.write(channel, 'data: {"body":{"marker":1}}\n\n');
    await receiver.waitFor(1);
    smee.cut(channel);
    await smee.waitForListeners(channel, 0);
    await smee.waitForListeners(channel, 1);
    expect(smee.log.count({ kind: 'subscribe', status: 200 })).toBe(2);
  });

  it.each([502, 503, 204])('is ended for good by one %i, at the start or when it comes back', async (status) => {
    const source = await client.start();
    smee.write(channel, 'retry: 10\n\n');
    smee.write(channel, 'data: {"body":{"marker":1}}\n\n');
    await receiver.waitFor(1);
    const fault = smee.faults.add({ kind: 'status', status, on: 'subscribe', times: 1 });
    const ended = new Promise((resolve) => {
      source.addEventListener('error', () => source.readyState === CLOSED && resolve(undefined));
    });
    smee.cut(channel);
    await ended;
    expect([fault.hits, smee.listeners(), source.readyState]).toEqual([1, 0, CLOSED]);
    expect(smee.log.count({ kind: 'subscribe' })).toBe(2);

    smee.faults.add({ kind: 'status', status, on: 'subscribe', times: 1 });
    const second = new SmeeClient({
      source: channel,
      target: receiver.url,
      logger: { info: () => {}, error: () => {} },
    });
    await expect(second.start()).rejects.toMatchObject({ type: 'error' });
    expect(smee.listeners()).toBe(0);
    await second.stop();
  });

  it('does not notice a connection that has gone silent', async () => {
    const source = await client.start();
    smee.silence(channel);
    smee.ping();
    const hook = github.webhooks.add(id, { url: channel });
    await github.webhooks.settled();
    expect(github.webhooks.deliveries(hook)).toMatchObject([{ event: 'ping', statusCode: 200 }]);
    expect([source.readyState, receiver.received.length, smee.log.count({ kind: 'subscribe' })]).toEqual([OPEN, 0, 1]);
  });
});
