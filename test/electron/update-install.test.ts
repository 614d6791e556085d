/** @file A program that updates itself on a real Electron: over Chromium's network, to a real file that is started. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { findElectron9 } from '../../scripts/electron9.mjs';
import { appImage } from '../support/app-image.ts';
import { UpdateServer } from '../support/update-server.ts';
import { waitUntil } from '../support/wait.ts';
import { buildProgram, oldNode } from './compat/build.ts';
import { VirtualDesktop } from './virtual-desktop.ts';

const found = findElectron9();

describe('a program that updates itself', () => {
  let builtDir: string;
  let screen: VirtualDesktop;
  let dir: string;
  let server: UpdateServer;

  beforeAll(async () => {
    if (!found.isAvailable) return;
    builtDir = await mkdtemp(join(tmpdir(), 'epicstar-update-program-'));
    await buildProgram(join(import.meta.dirname, 'compat', 'update-main.ts'), builtDir, 'main.cjs', [oldNode]);
    screen = await VirtualDesktop.start(builtDir);
  });
  afterAll(async () => {
    await screen?.close();
    if (builtDir !== undefined) await rm(builtDir, { recursive: true, force: true });
  });
  beforeEach(async ({ skip }) => {
    if (!found.isAvailable) skip(found.reason);
    dir = await mkdtemp(join(tmpdir(), 'epicstar-update-'));
    server = await UpdateServer.start();
    await mkdir(join(dir, 'programs'));
    await writeFile(imagePath(), appImage('old'));
    await chmod(imagePath(), 0o755);
  });
  afterEach(async () => {
    await server?.close();
    if (dir !== undefined) await rm(dir, { recursive: true, force: true });
  });

  const imagePath = () => join(dir, 'programs', 'epicstar.AppImage');

  /** @returns what it said, once it has ended by itself */
  async function run(url: string, env: Readonly<Record<string, string>> = {}): Promise<readonly string[]> {
    if (!found.isAvailable) throw new Error(found.reason);
    const config = join(dir, 'app-update.yml');
    await writeFile(config, `provider: generic\nurl: ${url}\nupdaterCacheDirName: epicstar-updater\n`);
    const child = spawn(found.executablePath, [...found.args, join(builtDir, 'main.cjs')], {
      env: {
        PATH: process.env['PATH'] ?? '',
        HOME: dir,
        ...screen.env,
        EPICSTAR_DATA_DIR: join(dir, 'data'),
        EPICSTAR_TEST_UPDATE_CONFIG: config,
        EPICSTAR_TEST_RESOURCES_DIR: dir,
        APPIMAGE: imagePath(),
        // Where the AppImage is unpacked to while it runs.
        APPDIR: join(found.executablePath, '..'),
        ...env,
      },
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (part: string) => (said += part));
    const limit = setTimeout(() => child.kill('SIGKILL'), 40_000);
    const [code] = await once(child, 'close');
    clearTimeout(limit);
    return [...said.split('\n').filter((line) => line !== '' && !line.startsWith('warning: ')), `exit ${code}`];
  }

  test('downloads, ends and starts again as the newer version', async () => {
    server.publish('latest-linux.yml', { version: '99.0.0', file: appImage('new') });
    expect(await run(server.url)).toEqual(['looking', 'available', 'downloading', 'ready', 'closed', 'quit', 'exit 0']);
    expect(await readFile(imagePath(), 'utf8')).toBe(appImage('new'));
    const startedPath = join(dir, 'programs', 'started');
    expect(await waitUntil('its start', () => readFile(startedPath, 'utf8').catch(() => null))).toBe('new');
    const told = server.requests.map(({ headers }) => [headers['x-user-staging-id'], headers.cookie]);
    expect(new Set(told.flat())).toEqual(new Set(['-', undefined]));
  });

  test('stays what it is where something else arrives than was published', async () => {
    server.publish('latest-linux.yml', { version: '99.0.0', file: appImage('new'), sha512: 'AAAA' });
    const said = await run(server.url);
    expect(said.join('\n')).toMatch(/downloading\n.*not what was published.*\nclosed\nquit\nexit 0$/);
    expect(await readFile(imagePath(), 'utf8')).toBe(appImage('old'));
  });

  test('says that the proxy wants a sign-in, instead of waiting', async () => {
    const proxy = createServer((_request, response) => {
      response.writeHead(407, { 'proxy-authenticate': 'Basic realm="proxy"' }).end();
    });
    proxy.listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const address = `127.0.0.1:${(proxy.address() as AddressInfo).port}`;
    const said = await run('http://updates.example.com/epicstar', { EPICSTAR_TEST_PROXY: address });
    proxy.close();
    proxy.closeAllConnections();
    expect(said.join('\n')).toMatch(/^looking\n.*The proxy did not let epicstar through.*\nclosed\nquit\nexit 0$/);
  });

  test('leaves the AppImage of another program alone', async () => {
    server.publish('latest-linux.yml', { version: '99.0.0', file: appImage('new') });
    const said = await run(server.url, { APPDIR: '/tmp/.mount_other' });
    expect(said.join('\n')).toMatch(/^\{"kind":"unsupported".*only the AppImage.*\nclosed\nquit\nexit 0$/);
    expect([server.requests, await readFile(imagePath(), 'utf8')]).toEqual([[], appImage('old')]);
  });
});
