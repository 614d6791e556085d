/** @file What the GitHub stand-in tells webhooks: when, in which form, signed how, and what it keeps of it. */
import { execFileSync } from 'node:child_process';
import { createHmac } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Github, startGithub } from '../playground/github/index.ts';
import { exampleOf, examplesOf, FOREIGN_FIELDS } from '../playground/github/webhook-examples.ts';
import { signatureOf, toGithubJson } from '../playground/github/webhook-sender.ts';
import { HOOK_EVENTS, type HookEventName, type JsonObject } from '../playground/github/webhook-types.ts';
import { type HookReceiver, startHookReceiver } from './hook-receiver.ts';

const SECRET = 'a-secret-that-nobody-shows';

/** Keys of the payload, of its repository and of its sender. */
function keysOf(payload: JsonObject): readonly (readonly string[])[] {
  const own = Object.keys(payload).filter((key) => !FOREIGN_FIELDS.includes(key));
  return [payload, payload['repository'], payload['sender']].map((value, index) =>
    index === 0 ? own.sort() : Object.keys(value as object).sort(),
  );
}

describe('webhooks of the GitHub stand-in', () => {
  let github: Github;
  let receiver: HookReceiver;
  let id: number;

  beforeEach(async () => {
    github = await startGithub();
    receiver = await startHookReceiver();
    id = github.world.addRepository({ fullName: 'stella/engine', description: 'first' });
  });

  afterEach(async () => {
    await github.close();
    await receiver.close();
  });

  const bodies = (): Array<{ readonly event: string; readonly payload: JsonObject }> =>
    receiver.received.map(({ headers, body }) => ({
      event: String(headers['x-github-event']),
      payload: JSON.parse(body.toString('utf8')) as JsonObject,
    }));

  const told = async (act: () => void): Promise<string[]> => {
    await github.webhooks.settled();
    const before = receiver.received.length;
    act();
    await github.webhooks.settled();
    return bodies()
      .slice(before)
      .map(({ event, payload }) => [event, payload['action'] ?? payload['ref']].filter(Boolean).join(' '));
  };

  it('signs as in the published example', () => {
    expect(signatureOf('sha256', "It's a Secret to Everybody", 'Hello, World!')).toBe(
      'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17',
    );
  });

  it('writes escapes in upper-case hex and leaves everything else as it is', () => {
    const payload = { message: 'esc \u001B é 😀 \\u001b / <' };
    const json = toGithubJson(payload);
    expect(json).toBe(String.raw`{"message":"esc \u001B é 😀 \\u001b / <"}`);
    expect(JSON.parse(json)).toEqual(payload);
  });

  it('sends the headers of GitHub and signatures over the raw bytes', async () => {
    const hook = github.webhooks.add(id, { url: receiver.url, secret: SECRET });
    await github.webhooks.settled();
    const [ping] = receiver.received;
    const mac = (algorithm: string): string =>
      createHmac(algorithm, SECRET)
        .update(ping?.body ?? '')
        .digest('hex');
    expect(ping?.headers).toMatchObject({
      accept: '*/*',
      'content-type': 'application/json',
      'user-agent': expect.stringMatching(/^GitHub-Hookshot\/[0-9a-f]{7}$/),
      'x-github-event': 'ping',
      'x-github-delivery': expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
      'x-github-hook-id': String(hook),
      'x-github-hook-installation-target-id': String(id),
      'x-github-hook-installation-target-type': 'repository',
      'x-hub-signature': `sha1=${mac('sha1')}`,
      'x-hub-signature-256': `sha256=${mac('sha256')}`,
    });
    expect(ping?.rawHeaders).toEqual(expect.arrayContaining(['X-GitHub-Hook-ID', 'X-Hub-Signature-256']));
  });

  it('sends no signature without a secret', async () => {
    github.webhooks.add(id, { url: receiver.url });
    await github.webhooks.settled();
    expect(Object.keys(receiver.received[0]?.headers ?? {}).filter((name) => name.startsWith('x-hub'))).toEqual([]);
  });

  it('wraps the JSON in a form and signs the form', async () => {
    github.webhooks.add(id, { url: receiver.url, secret: SECRET, contentType: 'form' });
    await github.webhooks.settled();
    const [ping] = receiver.received;
    const text = ping?.body.toString('utf8') ?? '';
    expect(ping?.headers['content-type']).toBe('application/x-www-form-urlencoded');
    expect(ping?.headers['x-hub-signature-256']).toBe(signatureOf('sha256', SECRET, text));
    expect(JSON.parse(new URLSearchParams(text).get('payload') ?? '')).toMatchObject({ repository: { id } });
  });

  it('has published examples of every event it knows', () => {
    for (const name of HOOK_EVENTS) expect([name, examplesOf(name).length > 0]).toEqual([name, true]);
  });

  it.each<[HookEventName, string | null, JsonObject]>([
    ['star', 'created', {}],
    ['star', 'deleted', {}],
    ['watch', 'started', {}],
    ['push', null, { ref: 'refs/heads/main' }],
    ['push', null, { ref: 'refs/tags/v1' }],
    ['create', null, {}],
    ['delete', null, {}],
    ['repository', 'renamed', { changes: { repository: { name: { from: 'old' } } } }],
    ['repository', 'transferred', {}],
    ['repository', 'edited', {}],
    ['repository', 'publicized', {}],
    ['repository', 'privatized', {}],
    ['public', null, {}],
    ['release', 'published', {}],
    ['ping', null, {}],
  ])('gives %s %s the keys of its published example, filled with our repository', async (name, action, fields) => {
    github.webhooks.add(id, { url: receiver.url, events: [name] });
    github.webhooks.trigger(id, { name, action, fields });
    await github.webhooks.settled();
    const { payload } = bodies().at(-1) ?? { payload: {} };
    const folderOf = (of: JsonObject): string => JSON.stringify(of['ref'] ?? '').replace(/[^/]+$/, '');
    const example = exampleOf(name, (candidate) =>
      action === null ? name !== 'push' || folderOf(candidate) === folderOf(fields) : candidate['action'] === action,
    );
    expect(keysOf(payload)).toEqual(keysOf(example));
    expect(payload).toMatchObject({
      repository: { id, full_name: 'stella/engine', owner: { login: 'stella', id: github.world.viewer.id } },
      sender: { login: 'stella', id: github.world.viewer.id },
    });
    expect(JSON.stringify(payload)).not.toMatch(/Codertocat|Hello-World|api\.github\.com/);
  });

  it('tells of what happens in the world, from whoever does it', async () => {
    const friend = github.world.addUser({ login: 'mary' });
    github.webhooks.add(id, { url: receiver.url });
    const { world } = github;
    expect(await told(() => world.star(id, Date.UTC(2026, 0, 1), 'mary'))).toEqual(['star created', 'watch started']);
    expect(bodies().at(-1)?.payload).toMatchObject({ sender: { id: friend.id }, repository: { stargazers_count: 1 } });
    expect(bodies().at(-2)?.payload).toMatchObject({ starred_at: '2026-01-01T00:00:00Z' });
    expect(await told(() => world.star(id, undefined, 'mary'))).toEqual([]);
    expect(await told(() => world.unstar(id, 'mary'))).toEqual(['star deleted']);
    expect(bodies().at(-1)?.payload).toMatchObject({ starred_at: null });
    expect(await told(() => world.touch(id))).toEqual(['push refs/heads/main']);
    expect(await told(() => world.rename(id, 'stella/motor'))).toEqual(['repository renamed']);
    expect(bodies().at(-1)?.payload).toMatchObject({
      changes: { repository: { name: { from: 'engine' } } },
      repository: { name: 'motor' },
    });
    expect(await told(() => world.hide(id))).toEqual(['repository privatized']);
    expect(await told(() => world.reveal(id))).toEqual(['repository publicized', 'public']);
    expect(await told(() => world.edit(id, { archived: true }))).toEqual(['repository archived']);
    expect(await told(() => world.edit(id, { description: 'second' }))).toEqual(['repository edited']);
    expect(bodies().at(-1)?.payload).toMatchObject({ changes: { description: { from: 'first' } } });
    expect(await told(() => world.transfer(id, 'mary'))).toEqual(['repository transferred']);
    expect(bodies().at(-1)?.payload).toMatchObject({ changes: { owner: { from: { user: { login: 'stella' } } } } });
    expect(await told(() => world.remove(id))).toEqual([]);
    expect(github.webhooks.hooksOf(id)).toEqual([]);
  });

  it('says of a push which refs moved, and nothing of more than three tags at once', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'pushed-'));
    const git = (...args: readonly string[]): string =>
      execFileSync('git', ['-C', dir, '-c', 'user.name=s', '-c', 'user.email=s@localhost', ...args], {
        encoding: 'utf8',
      }).trim();
    try {
      git('init', '--quiet', '--bare', '--initial-branch=main');
      const tree = git('hash-object', '-w', '-t', 'tree', '/dev/null');
      const [first, second] = ['one', 'two'].map((message) => git('commit-tree', tree, '-m', message));
      const third = git('commit-tree', tree, '-p', first ?? '', '-m', 'three');
      git('update-ref', 'refs/heads/main', first ?? '');
      const pushed = github.world.addRepository({ fullName: 'stella/pushed', bareDir: dir });
      github.webhooks.add(pushed, { url: receiver.url });
      const push = async (...refs: ReadonlyArray<readonly [ref: string, id: string]>): Promise<string[]> =>
        await told(() => {
          for (const [ref, commit] of refs) git('update-ref', ...(commit === '' ? ['-d', ref] : [ref, commit]));
          git('pack-refs', '--all');
          github.world.pushed(pushed);
        });
      const last = (): JsonObject => bodies().at(-1)?.payload ?? {};
      expect(await push(['refs/heads/main', third])).toEqual(['push refs/heads/main']);
      expect(last()).toMatchObject({ before: first, after: third, forced: false, head_commit: { id: third } });
      expect(await push(['refs/heads/main', second ?? ''])).toEqual(['push refs/heads/main']);
      expect(last()).toMatchObject({ before: third, after: second, forced: true, created: false, deleted: false });
      expect(await push(['refs/heads/new', third])).toEqual(['create new', 'push refs/heads/new']);
      expect(last()).toMatchObject({ before: '0'.repeat(40), created: true });
      expect(await push(['refs/heads/new', ''])).toEqual(['delete new', 'push refs/heads/new']);
      expect(last()).toMatchObject({ after: '0'.repeat(40), deleted: true, head_commit: null });
      expect(await push(['refs/tags/v1', third])).toEqual(['create v1', 'push refs/tags/v1']);
      const four = ['a', 'b', 'c', 'd'].map((name) => [`refs/tags/${name}`, third] as const);
      expect(await push(...four)).toEqual([]);
    } finally {
      rmSync(dir, { recursive: true, force: true });
    }
  });

  it('delivers nothing for a repository without a hook, whoever has one elsewhere', async () => {
    github.webhooks.add(id, { url: receiver.url });
    const other = github.world.addRepository({ fullName: 'ada/other' });
    expect(await told(() => github.world.star(other))).toEqual([]);
    expect(github.webhooks.deliveries()).toHaveLength(1);
  });

  it('tells only what a hook listens to, and a resting hook nothing', async () => {
    github.webhooks.add(id, { url: receiver.url, events: ['watch'] });
    const resting = github.webhooks.add(id, { url: `${receiver.url}?resting`, active: false });
    expect(await told(() => github.world.star(id))).toEqual(['watch started']);
    expect(github.webhooks.deliveries(resting).map(({ event }) => event)).toEqual(['ping']);
  });

  it('gives one event one GUID for all hooks, and a redelivery the same', async () => {
    const hook = github.webhooks.add(id, { url: receiver.url, events: ['watch'], secret: SECRET });
    github.webhooks.add(id, { url: `${receiver.url}?second`, events: ['watch'] });
    github.world.star(id);
    await github.webhooks.settled();
    const watches = github.webhooks.deliveries().filter(({ event }) => event === 'watch');
    expect(new Set(watches.map(({ guid }) => guid)).size).toBe(1);
    const delivery = github.webhooks.deliveries(hook)[0];
    expect(github.webhooks.redeliver(hook, delivery?.id ?? 0)).toBe(true);
    await github.webhooks.settled();
    const again = github.webhooks.deliveries(hook)[0];
    expect(again).toMatchObject({ guid: delivery?.guid, redelivery: true, statusCode: 200 });
    expect(again?.id).not.toBe(delivery?.id);
    const [first, , second] = receiver.received.filter(({ headers }) => headers['x-github-event'] === 'watch');
    expect(second?.body.equals(first?.body ?? Buffer.alloc(0))).toBe(true);
    expect(second?.headers['x-hub-signature-256']).toBe(first?.headers['x-hub-signature-256']);
    expect(github.webhooks.redeliver(hook, 1)).toBe(false);
  });

  it('keeps what became of each attempt and tries none again', async () => {
    await github.close();
    github = await startGithub({ webhookTimeoutMs: 1000 });
    id = github.world.addRepository({ fullName: 'stella/engine' });
    const hook = github.webhooks.add(id, { url: receiver.url, events: ['watch'] });
    await github.webhooks.settled();
    for (const status of [503, 302, null]) {
      receiver.status = status;
      github.webhooks.trigger(id, { name: 'watch', action: 'started' });
      await github.webhooks.settled();
    }
    await receiver.close();
    github.webhooks.trigger(id, { name: 'watch', action: 'started' });
    await github.webhooks.settled();
    expect(github.webhooks.deliveries(hook).map(({ statusCode, status }) => [statusCode, status])).toEqual([
      [502, 'failed to connect'],
      [504, 'timed out'],
      [302, 'Invalid HTTP Response: 302'],
      [503, 'Invalid HTTP Response: 503'],
      [200, 'OK'],
    ]);
    expect(receiver.received).toHaveLength(4);
    expect(github.webhooks.hook(hook).lastResponse).toMatchObject({ code: 502 });
  });
});
