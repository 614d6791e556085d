/** @file The desktop's link to an engine elsewhere, on a real web host behind a real TLS server. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer as createHttpServer, type ServerResponse } from 'node:http';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { createServer, type Server } from 'node:tls';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { type Client, type ConnectionStatus, createClient } from '../../../src-preload/contract/client.ts';
import { createRedactor } from '../../../src-main/engine/adapters/system/redactor.ts';
import { openAttached } from '../../../src-main/open-attached.ts';
import { createTransport } from '../../../src-main/shell/link-client.ts';
import type { OpenedEngine } from '../../../src-main/shell/opened-engine.ts';
import { frontCertificatePath } from '../../support/front.ts';
import { createKeptLog } from '../../support/kept-log.ts';
import { realClock } from '../../support/real-clock.ts';
import { waitUntil } from '../../support/wait.ts';
import { benchToken, WebBench } from '../../support/web-bench.ts';

const keyPath = fileURLToPath(new URL('../onedev/fixtures/test-server-key.pem', import.meta.url));

/** A desktop without a key store. */
const electron: Parameters<typeof openAttached>[0]['electron'] = {
  safeStorage: {
    isEncryptionAvailable: () => false,
    getSelectedStorageBackend: () => 'basic_text',
    encryptString: () => Buffer.alloc(0),
    decryptString: () => '',
  },
};

describe('the link to an engine elsewhere', () => {
  let web: WebBench;
  let dataDir: string;
  let front: Server;
  let httpsUrl: string;
  const opened: OpenedEngine[] = [];
  const clients: Client[] = [];

  /** Hands on bytes by TLS, upgrades among them. */
  async function startFront(): Promise<void> {
    const { port: behindPort } = web;
    const keys = { cert: readFileSync(frontCertificatePath), key: readFileSync(keyPath) };
    front = createServer(keys, (socket) => {
      const behind = connect(behindPort, '127.0.0.1');
      socket.on('error', () => behind.destroy());
      behind.on('error', () => socket.destroy());
      socket.pipe(behind).pipe(socket);
    });
    front.listen(0, '127.0.0.1');
    await once(front, 'listening');
    const { port } = front.address() as AddressInfo;
    httpsUrl = `https://127.0.0.1:${port}`;
  }

  /** What the person entered earlier is for one address. */
  let givenFor: string | null;
  const preferences: Parameters<typeof openAttached>[0]['preferences'] = {
    get: (key) => (key === 'attachAddress' ? givenFor : false) as never,
    set: () => undefined,
  };

  async function open(address: string, env: Readonly<Record<string, string>> = {}): Promise<OpenedEngine> {
    const engine = await openAttached(
      {
        dataDir,
        env: { EPICSTAR_ATTACH_TOKEN: benchToken, ...env },
        electron,
        preferences,
        proxyFor: () => Promise.resolve(null),
        clock: realClock,
        redactor: createRedactor(),
        log: createKeptLog(),
      },
      address,
    );
    opened.push(engine);
    return engine;
  }

  function clientOf(engine: OpenedEngine): { readonly client: Client; readonly statuses: ConnectionStatus[] } {
    const client = createClient(createTransport(engine.link), { setTimer: realClock.setTimer });
    clients.push(client);
    const statuses: ConnectionStatus[] = [];
    client.onStatus((status) => statuses.push(status));
    return { client, statuses };
  }

  const becomes = (statuses: readonly ConnectionStatus[], wanted: ConnectionStatus): Promise<boolean> =>
    waitUntil(`the link to be ${wanted}`, () => statuses.at(-1) === wanted);

  beforeEach(async () => {
    web = new WebBench();
    await web.start();
    dataDir = await mkdtemp(join(tmpdir(), 'epicstar-attached-'));
    await startFront();
    givenFor = null;
  });
  afterEach(async () => {
    for (const client of clients.splice(0)) client.close();
    await Promise.all(opened.splice(0).map((engine) => engine.close()));
    front.close();
    await web.end();
    await rm(dataDir, { recursive: true, force: true });
  });

  test('streams a bundle that the engine made, with the token, and knows where there is none', async () => {
    const path = join(dataDir, 'made');
    await writeFile(path, 'a bundle');
    const file = { path, fileName: 'owner-name-20261124.bundle', bytes: 8 };
    web.engine.bundleFiles.set('m1', file);
    const engine = await open(httpsUrl, { EPICSTAR_CA_FILE: frontCertificatePath });
    expect(await engine.openBundle('m2')).toBeNull();
    const bundle = await engine.openBundle('m1');
    expect(bundle).toMatchObject({ fileName: file.fileName, bytes: 8 });
    expect(bundle === null ? null : await text(bundle.body)).toBe('a bundle');
    await waitUntil('it to be put away', () => !web.engine.bundleFiles.has('m1'));
    const stranger = await open(httpsUrl, {
      EPICSTAR_CA_FILE: frontCertificatePath,
      EPICSTAR_ATTACH_TOKEN: 'not-the-token',
    });
    web.engine.bundleFiles.set('m1', file);
    expect(await stranger.openBundle('m1')).toBeNull();
    expect(web.engine.bundleFiles.has('m1')).toBe(true);
  });

  test('speaks the contract over https with a certificate authority of the person', async () => {
    const { client, statuses } = clientOf(await open(httpsUrl, { EPICSTAR_CA_FILE: frontCertificatePath }));
    await becomes(statuses, 'open');
    const overview = await new Promise((resolve) => client.listen('overview', resolve));
    expect(overview).toMatchObject({ version: '1.2.3', totals: { starred: 1_204 } });
    expect(await client.call('overview.get')).toEqual(overview);
  });

  test('sends no token to whom no authority vouches for', async () => {
    const { client, statuses } = clientOf(await open(httpsUrl));
    await becomes(statuses, 'closed');
    await expect(client.call('overview.get')).rejects.toMatchObject({ name: 'disconnected' });
    expect(statuses).not.toContain('open');
    expect(web.log.filter(({ message }) => message === 'web request')).toEqual([]);
  });

  test('tells that the token is not taken', async () => {
    const { statuses } = clientOf(
      await open(web.host.url.replace(/\/$/, ''), { EPICSTAR_ATTACH_TOKEN: 'wrong-0123456789' }),
    );
    await becomes(statuses, 'signed-out');
    expect(statuses).not.toContain('open');
  });

  test('comes back when the engine does, sooner when told to', async () => {
    const engine = await open(httpsUrl, { EPICSTAR_CA_FILE: frontCertificatePath });
    const { statuses } = clientOf(engine);
    await becomes(statuses, 'open');
    const { port } = web;
    await web.stop();
    await becomes(statuses, 'closed');
    await web.start({ port });
    engine.woke();
    expect(await becomes(statuses, 'open')).toBe(true);
  });

  test('gives each client a connection of its own', async () => {
    const engine = await open(web.host.url.replace(/\/$/, ''));
    const [first, second] = [clientOf(engine), clientOf(engine)];
    await Promise.all([becomes(first.statuses, 'open'), becomes(second.statuses, 'open')]);
    first.client.close();
    expect(await second.client.call('overview.get')).toMatchObject({ version: '1.2.3' });
  });

  test('lets pages of GitHub and of what the engine mirrors to be opened, and no others', async () => {
    const engine = await open(web.host.url.replace(/\/$/, ''));
    const { client, statuses } = clientOf(engine);
    await becomes(statuses, 'open');
    const overview = await client.call('overview.get');
    expect(engine.hosts(null)).toEqual(['https://github.com']);
    expect(engine.hosts(overview)).toEqual(['https://github.com', 'https://onedev.example.org']);
  });

  test.each([
    [
      'plain http to another computer',
      'http://engine.example.org',
      null,
      /not on this computer|EPICSTAR_ALLOW_INSECURE/,
    ],
    ['no token', 'https://127.0.0.1:1', ['EPICSTAR_ATTACH_TOKEN', ''], /There is no token .*EPICSTAR_ATTACH_TOKEN/],
    ['a CA file that is none', 'https://127.0.0.1:1', ['EPICSTAR_CA_FILE', keyPath], /./],
  ])('with %s stays closed and says why, so that a window can set it right', async (_what, address, variable, why) => {
    const engine = await open(address, variable === null ? {} : Object.fromEntries([variable]));
    expect(engine.failure).toMatch(why);
    const { client, statuses } = clientOf(engine);
    expect(statuses).toEqual(['closed']);
    await expect(client.call('overview.get')).rejects.toMatchObject({ name: 'disconnected' });
  });

  test('sends a token that is stored to the address it was given for, and to no other', async () => {
    await mkdir(join(dataDir, 'secrets'));
    await writeFile(join(dataDir, 'secrets', 'attach-token'), benchToken, { mode: 0o600 });
    const address = web.host.url.replace(/\/$/, '');
    givenFor = address;
    const { statuses } = clientOf(await open(address, { EPICSTAR_ATTACH_TOKEN: '' }));
    expect(await becomes(statuses, 'open')).toBe(true);
    givenFor = 'https://nas.example.org';
    expect((await open(address, { EPICSTAR_ATTACH_TOKEN: '' })).failure).toMatch(/There is no token .* under Engine/);
    const { failure } = await open(address, { EPICSTAR_ATTACH_TOKEN: '', EPICSTAR_ATTACH_URL: address });
    expect(failure).toContain(`There is no token for the engine at ${address}: set EPICSTAR_ATTACH_TOKEN.`);
  });

  test('follows nobody elsewhere with the token', async () => {
    const asked: string[] = [];
    const listen = async (answer: (response: ServerResponse) => void): Promise<string> => {
      const server = createHttpServer((request, response) => {
        asked.push(`${request.headers.host} ${request.headers.authorization}`);
        answer(response);
      });
      server.listen(0, '127.0.0.1');
      await once(server, 'listening');
      onTestFinished(() => server.closeAllConnections());
      onTestFinished(() => void server.close());
      return `127.0.0.1:${(server.address() as AddressInfo).port}`;
    };
    const elsewhere = await listen((response) => response.end());
    const here = await listen((response) => response.writeHead(307, { location: `http://${elsewhere}/` }).end());
    const { statuses } = clientOf(await open(`http://${here}`));
    await becomes(statuses, 'closed');
    await waitUntil('both ways to be tried', () => asked.length >= 3);
    expect(new Set(asked)).toEqual(new Set([`${here} Bearer ${benchToken}`]));
  });

  test.each(['wt_\u2013dash-0123456789', 'wt_\ud83d\ude00-0123456789'])(
    'says that no header carries the token %j, and does not say it',
    async (token) => {
      const { failure } = await open('https://127.0.0.1:1', { EPICSTAR_ATTACH_TOKEN: token });
      expect(failure).toMatch(/no header can carry/);
      expect(failure).not.toContain('0123456789');
    },
  );

  test('is no failure where the address only does not answer', async () => {
    expect((await open('https://127.0.0.1:1')).failure).toBeNull();
  });
});
