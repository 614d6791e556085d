/** @file The program on a computer that reaches GitHub and OneDev through a proxy alone, which counts what passes. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readTips } from '../playground/repositories/index.ts';
import { ConnectProxy } from '../support/connect-proxy.ts';
import { type Installation, Stage } from '../support/stage.ts';

const password = 'hush-hush-proxy';

function portOf(url: string): number {
  return Number(new URL(url).port);
}

describe('behind a proxy', () => {
  let stage: Stage;
  let installation: Installation;
  let proxy: ConnectProxy;
  /** Names that no resolver knows. */
  let names: Record<string, string>;

  beforeAll(async () => {
    stage = await Stage.start(2);
    installation = await stage.install();
    const { onedev } = installation;
    proxy = await ConnectProxy.start({
      ports: { 'github.test': portOf(stage.github.apiUrl), 'onedev.test': portOf(onedev.url) },
      credentials: { user: 'ada', password },
    });
    names = {
      EPICSTAR_GITHUB_API_URL: stage.github.apiUrl.replace('127.0.0.1', 'github.test'),
      EPICSTAR_ONEDEV_URL: onedev.url.replace('127.0.0.1', 'onedev.test'),
      EPICSTAR_ALLOW_INSECURE: 'github.test,onedev.test',
      EPICSTAR_LOG_LEVEL: 'debug',
    };
  });
  afterAll(async () => {
    await stage?.close();
    await proxy?.close();
  });

  test('mirrors through it, git too, and keeps its password to itself', async () => {
    const proxied = { ...names, HTTP_PROXY: proxy.url.replace('//', `//ada:${password}@`) };
    const { exitCode, stdout, stderr } = await installation.run(['sync', '--json'], proxied);
    expect(stderr).not.toContain(password);
    expect(exitCode, stdout).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ starsSeen: 2, mirrored: 2, failed: [] });
    for (const { fullName, bareDir } of stage.stars) {
      expect(await installation.mirrorTips(fullName)).toEqual(await readTips(bareDir));
    }
    const passed = (pattern: RegExp, host: string): number =>
      proxy.requests.filter(({ userAgent, target }) => pattern.test(userAgent) && target.includes(host)).length;
    for (const host of ['github.test', 'onedev.test']) {
      expect(passed(/^git\//, host)).toBeGreaterThan(0);
      expect(proxy.requests.filter(({ method, target }) => method === 'CONNECT' && target.includes(host))).not.toEqual(
        [],
      );
    }
    expect(await installation.logText()).not.toContain(password);
  });

  test('says what is wrong with it', async () => {
    const without = { ...names, HTTP_PROXY: proxy.url };
    const { exitCode, stdout } = await installation.run(['doctor', '--json'], without);
    expect(exitCode).not.toBe(0);
    expect(stdout).toContain('wants a user and a password (407)');
    const socks = await installation.run(['sync', '--json'], { ...names, HTTP_PROXY: 'socks5://127.0.0.1:1' });
    expect(socks.exitCode).not.toBe(0);
    expect(`${socks.stdout}${socks.stderr}`).toContain('HTTP_PROXY names a socks5 proxy at 127.0.0.1:1');
  });

  test('leaves it alone for what is on this computer', async () => {
    const { exitCode } = await installation.run(['doctor'], { HTTP_PROXY: 'http://127.0.0.1:1' });
    expect(exitCode).toBe(0);
  });
});
