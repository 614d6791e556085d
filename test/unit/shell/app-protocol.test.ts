/** @file Files of the window over the program's own protocol: which are given, and with what rules for the page. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { serveWindow } from '../../../src-main/shell/app-protocol.ts';
import type { ElectronApi } from '../../../src-main/shell/electron-api.ts';

type Handle = (request: Request) => Promise<Response> | Response;

describe("the window's own protocol", () => {
  let dir: string;
  let handle: Handle;
  const asked: string[] = [];

  /** As Electron asks: a custom scheme makes no Request of its own here. */
  const ask = async (url: string, method = 'GET'): Promise<Response> => handle({ url, method } as Request);

  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'epicstar-protocol-'));
    await mkdir(join(dir, 'window', 'assets'), { recursive: true });
    await writeFile(join(dir, 'secret.html'), 'secret');
    await writeFile(join(dir, 'window', 'index.html'), '<title>epicstar</title>');
    await writeFile(join(dir, 'window', 'assets', 'index-1a2b.js'), 'export {};');
    await writeFile(join(dir, 'window', 'notes.txt'), 'a kind of file that the window has none of');
    const protocol: Pick<ElectronApi['protocol'], 'handle'> = {
      handle: (scheme: string, handler: Handle) => {
        expect(scheme).toBe('epicstar');
        handle = handler;
      },
    };
    serveWindow(protocol, join(dir, 'window'), async (id) => {
      asked.push(id);
      if (id === 'broken') throw new Error('the engine is away');
      if (id !== 'm1abc-2') return null;
      return {
        fileName: 'owner-name-20261124.bundle',
        bytes: 6,
        body: Readable.from([Buffer.from('bun'), Buffer.from('dle')]),
      };
    });
  });
  afterAll(() => rm(dir, { recursive: true, force: true }));

  test.each([
    ['epicstar://window/index.html#/history', 'text/html; charset=utf-8', '<title>epicstar</title>'],
    ['epicstar://window/', 'text/html; charset=utf-8', '<title>epicstar</title>'],
    ['epicstar://window/assets/index-1a2b.js', 'text/javascript; charset=utf-8', 'export {};'],
  ])('gives %s', async (url, type, text) => {
    const answer = await ask(url);
    expect([answer.status, answer.headers.get('content-type'), await answer.text()]).toEqual([200, type, text]);
  });

  test('streams a bundle of the engine as a file to save', async () => {
    const answer = await ask('epicstar://window/api/bundles/m1abc-2');
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-disposition')).toBe('attachment; filename="owner-name-20261124.bundle"');
    expect(answer.headers.get('content-length')).toBe('6');
    expect(answer.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await answer.text()).toBe('bundle');
  });

  test.each(['other', 'broken', '..%2f..%2fx', 'a/b', ''])('has no bundle %j', async (id) => {
    expect((await ask(`epicstar://window/api/bundles/${id}`)).status).toBe(404);
    expect(asked.every((one) => /^[a-z0-9-]+$/.test(one))).toBe(true);
  });

  test.each([
    'epicstar://window/nothing.html',
    'epicstar://window/assets',
    'epicstar://window/assets/',
    'epicstar://window/notes.txt',
    'epicstar://window/../secret.html',
    'epicstar://window/%2e%2e/secret.html',
    'epicstar://window/..%2fsecret.html',
    'epicstar://window/assets%2f..%2f..%2fsecret.html',
    'epicstar://window//etc/passwd',
    'epicstar://window/%00index.html',
    'epicstar://window/%',
    'epicstar://elsewhere/index.html',
    'epicstar://someone@window/index.html',
    'https://window/index.html',
  ])('knows nothing of %s', async (url) => {
    const answer = await ask(url);
    expect([answer.status, await answer.text()]).toEqual([404, 'There is nothing here.\n']);
  });

  test('only gives', async () => {
    expect((await ask('epicstar://window/index.html', 'POST')).status).toBe(404);
  });

  test.each(['epicstar://window/index.html', 'epicstar://window/nothing.html'])(
    'sends the content policy with %s',
    async (url) => {
      const { headers } = await ask(url);
      const policy = headers.get('content-security-policy') ?? '';
      expect(policy).toContain("default-src 'none'");
      expect(policy).not.toMatch(/unsafe|\*|https?:|data:/);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    },
  );
});
