/** @file The way through a proxy: which one the environment names, and a real one between here and a real server. */
import { readFileSync } from 'node:fs';
import { createServer as createTlsServer } from 'node:https';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { fetch, WebSocket } from 'undici';
import { afterEach, describe, expect, test } from 'vitest';
import { WebSocketServer } from 'ws';
import { epicstarErrorIn } from '../../../src-main/engine/domain/errors.ts';
import { createAgent } from '../../../src-main/engine/adapters/system/http-agent.ts';
import {
  directToLoopback,
  proxiesOfEnvironment,
  secretsOfProxies,
} from '../../../src-main/engine/adapters/system/proxies.ts';
import { ConnectProxy, type ConnectProxyOptions } from '../../support/connect-proxy.ts';
import { certificateFile, keyFile } from '../onedev/raw-server.ts';

const closing: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0).toReversed()) await close();
});

async function listen(server: Server): Promise<number> {
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  closing.push(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  return (server.address() as AddressInfo).port;
}

async function startProxy(options: ConnectProxyOptions = {}): Promise<ConnectProxy> {
  const proxy = await ConnectProxy.start(options);
  closing.push(() => proxy.close());
  return proxy;
}

function agentThrough(proxy: string | null, caFile: string | null = null): ReturnType<typeof createAgent> {
  const agent = createAgent({ caFile, proxyFor: () => Promise.resolve(proxy), connectTimeoutMs: 2_000 });
  closing.push(() => agent.destroy());
  return agent;
}

const hello = (): Server => createServer((_request, response) => response.end('hello'));

describe('a proxy', () => {
  test('passes TLS on to a server that it alone finds, whose certificate is checked for its own name', async () => {
    const tls = createTlsServer(
      { key: readFileSync(keyFile), cert: readFileSync(certificateFile) },
      (_request, response) => response.end('secret hello'),
    );
    const port = await listen(tls);
    const proxy = await startProxy({ ports: { localhost: port, 'elsewhere.test': port } });
    const dispatcher = agentThrough(proxy.url, fileURLToPath(certificateFile));
    const answers = await Promise.all([1, 2].map(() => fetch('https://localhost/', { dispatcher })));
    expect(await Promise.all(answers.map((answer) => answer.text()))).toEqual(['secret hello', 'secret hello']);
    expect(new Set(proxy.requests.map(({ method, target }) => `${method} ${target}`))).toEqual(
      new Set(['CONNECT localhost:443']),
    );
    await expect(fetch('https://elsewhere.test/', { dispatcher })).rejects.toMatchObject({
      cause: { code: 'ERR_TLS_CERT_ALTNAME_INVALID' },
    });
    await expect(fetch('https://localhost/', { dispatcher: agentThrough(proxy.url) })).rejects.toMatchObject({
      cause: { code: expect.stringMatching(/SELF_SIGNED|UNABLE_TO/) },
    });
  });

  test('is used for plain addresses and sockets too, and connections through it are kept', async () => {
    const server = hello();
    const sockets = new WebSocketServer({ server });
    sockets.on('connection', (socket) => socket.send('over the socket'));
    const proxy = await startProxy({ ports: { 'engine.test': await listen(server) } });
    const dispatcher = agentThrough(proxy.url);
    for (let turn = 0; turn < 10; turn += 1) {
      expect(await (await fetch('http://engine.test:6610/', { dispatcher })).text()).toBe('hello');
    }
    expect(new Set(proxy.requests.map(({ target }) => target))).toEqual(new Set(['engine.test:6610']));
    // The second begins before the first is known to be free.
    expect(proxy.requests.length).toBeLessThanOrEqual(3);
    const before = proxy.requests.length;
    const socket = new WebSocket('ws://engine.test:6610/api/socket', { dispatcher: agentThrough(proxy.url) });
    const said = await new Promise((resolve, reject) => {
      socket.addEventListener('message', ({ data }) => resolve(data));
      socket.addEventListener('error', reject);
    });
    expect(said).toBe('over the socket');
    expect(proxy.requests).toHaveLength(before + 1);
    socket.close();
    sockets.close();
  });

  test('is told user and password, and nobody else is', async () => {
    const seen: unknown[] = [];
    const server = createServer((request, response) => {
      seen.push(request.headers);
      response.end('hello');
    });
    const proxy = await startProxy({
      ports: { 'a.test': await listen(server) },
      credentials: { user: 'ada', password: 'p@ss:word' },
    });
    const named = proxy.url.replace('//', '//ada:p%40ss%3Aword@');
    expect((await fetch('http://a.test/', { dispatcher: agentThrough(named) })).status).toBe(200);
    expect(JSON.stringify(seen)).not.toContain('proxy');
    const refused = await fetch('http://a.test/', { dispatcher: agentThrough(proxy.url) }).catch(epicstarErrorIn);
    expect(refused).toMatchObject({ code: 'proxy-unusable', detail: expect.stringContaining('(407)') });
  });

  test('that refuses, or is not there, is named without its password', async () => {
    const refusing = await startProxy({ refusal: 403 });
    const gone = await ConnectProxy.start();
    const goneUrl = gone.url;
    await gone.close();
    const errorThrough = (proxy: string): Promise<unknown> =>
      fetch('https://api.github.test/', { dispatcher: agentThrough(proxy.replace('//', '//ada:hush-hush@')) }).catch(
        epicstarErrorIn,
      );
    expect(await errorThrough(refusing.url)).toMatchObject({
      code: 'proxy-unusable',
      detail: `127.0.0.1:${refusing.port} refuses to connect to api.github.test:443 (403).`,
    });
    const error = await errorThrough(goneUrl);
    expect(error).toMatchObject({ code: 'proxy-unusable', detail: expect.stringContaining('(ECONNREFUSED)') });
    expect(JSON.stringify(error)).not.toContain('hush');
  });
});

describe('the environment', () => {
  const find = (env: Record<string, string>, url: string): Promise<string | null> | undefined =>
    proxiesOfEnvironment(env)?.(url);

  test('names none', () => {
    expect(proxiesOfEnvironment({ NO_PROXY: '*', https_proxy: '' })).toBeNull();
  });

  test.each([
    [{ HTTPS_PROXY: 'http://proxy:3128' }, 'https://a.test/', 'http://proxy:3128'],
    [{ HTTPS_PROXY: 'http://proxy:3128' }, 'http://a.test/', null],
    [{ HTTPS_PROXY: 'http://upper:1', https_proxy: 'lower:2' }, 'https://a.test/', 'http://lower:2'],
    [{ ALL_PROXY: 'https://me:a%40b@proxy' }, 'http://a.test/', 'https://me:a%40b@proxy'],
    [{ http_proxy: 'http://proxy:3128/path?x' }, 'ws://a.test/', 'http://proxy:3128'],
    [{ https_proxy: 'http://proxy:3128', no_proxy: 'b.test, .a.test' }, 'https://deep.a.test/', null],
    [{ https_proxy: 'http://proxy:3128', no_proxy: 'a.test' }, 'https://nota.test/', 'http://proxy:3128'],
    [{ https_proxy: 'http://proxy:3128', no_proxy: 'a.test:8443' }, 'https://a.test:8443/', null],
    [{ https_proxy: 'http://proxy:3128', no_proxy: 'a.test:8443' }, 'https://a.test/', 'http://proxy:3128'],
    [{ https_proxy: 'http://proxy:3128', NO_PROXY: '10.0.0.0/8' }, 'https://10.1.2.3/', null],
    [{ https_proxy: 'http://proxy:3128', NO_PROXY: '10.0.0.0/8' }, 'https://11.1.2.3/', 'http://proxy:3128'],
    [{ https_proxy: 'http://proxy:3128', NO_PROXY: 'fd00::/8' }, 'https://[fd00::1]/', null],
    [{ https_proxy: 'http://proxy:3128', NO_PROXY: '*' }, 'https://a.test/', null],
  ])('%j: %s goes through %s', async (env, url, proxy) => {
    expect(await find(env as Record<string, string>, url)).toBe(proxy);
  });

  test.each(['socks5://proxy:1080', 'socks5h://me:hush@proxy:1080', 'http://', 'pac+http://x/'])(
    'refuses %s, without its password',
    async (value) => {
      const error = await find({ HTTPS_PROXY: value }, 'https://a.test/')?.catch((reason: unknown) => reason);
      expect(error).toMatchObject({ code: 'proxy-unusable', message: expect.stringContaining('HTTPS_PROXY') });
      expect(String(error)).not.toContain('hush');
    },
  );

  test.each(['http://127.0.0.1:6610/', 'https://localhost/', 'http://a.localhost/', 'http://[::1]:1/'])(
    'never leads from here to here: %s',
    async (url) => {
      expect(await directToLoopback(() => Promise.resolve('http://proxy:3128'))(url)).toBeNull();
    },
  );

  test('gives away its passwords in all forms, to be taken out of what is logged', () => {
    const secrets = secretsOfProxies({ HTTPS_PROXY: 'http://ada:p%40ss@proxy:3128', http_proxy: 'http://proxy' });
    expect(secrets).toEqual(['p%40ss', 'p@ss', Buffer.from('ada:p@ss').toString('base64')]);
  });

  test('that take a token in the place of a user are redacted, too', () => {
    const secrets = secretsOfProxies({ https_proxy: 'http://tok%2Den@proxy:3128' });
    expect(secrets).toEqual(['tok%2Den', 'tok-en', Buffer.from('tok-en:').toString('base64')]);
  });

  test.each([
    ['100%sure', '100%sure'],
    ['50%25%', '50%%'],
    ['%ff%20x', '\ufffd x'],
  ])('whose password is typed %s is asked with %s', (typed, meant) => {
    const secrets = secretsOfProxies({ HTTPS_PROXY: `http://ada:${typed}@proxy.test:3128` });
    expect(secrets).toEqual([typed, meant, Buffer.from(`ada:${meant}`).toString('base64')]);
  });
});
