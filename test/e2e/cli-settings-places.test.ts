/** @file What the settings of places change in the running program: servers, paths, names, the log. */
import { existsSync } from 'node:fs';
import { request } from 'node:http';
import { mkdir, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { settingNames } from '../../src-main/engine/adapters/system/settings.ts';
import { startGithub } from '../playground/github/index.ts';
import { readTips } from '../playground/repositories/index.ts';
import { frontCertificatePath, startFront } from '../support/front.ts';
import { Served } from '../support/served.ts';
import { type EnvironmentChange, type Installation, Stage } from '../support/stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.start(1);
});
afterAll(() => stage.close());

async function expectMirrored(installation: Installation, root = 'github'): Promise<void> {
  const { fullName, bareDir } = stage.star(0);
  expect(await installation.mirrorTips(fullName, root)).toEqual(await readTips(bareDir));
}

/** Status of a request under another name than that of the address. */
function statusUnder(host: string, { url, token }: Served): Promise<number | undefined> {
  const headers = { host, authorization: `Bearer ${token}` };
  return new Promise((resolve, reject) => {
    request(new URL('metrics', url), { headers }, (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    })
      .once('error', reject)
      .end();
  });
}

describe('settings of places', () => {
  it('target and folder, from settings.json as from the environment; the environment wins', async () => {
    const { fullName, bareDir } = stage.star(0);
    const syncInto = async (change: EnvironmentChange, expected: string, other: string): Promise<void> => {
      const installation = await stage.install();
      await mkdir(installation.dataDir, { recursive: true });
      const text = JSON.stringify({ target: 'folder', folder: join(stage.dir, 'by-file') });
      await writeFile(join(installation.dataDir, 'settings.json'), text);
      expect(await installation.run(['sync'], change)).toMatchObject({ exitCode: 0, stderr: '' });
      expect(await readTips(join(stage.dir, expected, `${fullName}.git`))).toEqual(await readTips(bareDir));
      expect(existsSync(join(stage.dir, other))).toBe(false);
      expect(installation.onedev.log.entries).toHaveLength(0);
    };
    await syncInto({ EPICSTAR_FOLDER: join(stage.dir, 'by-environment') }, 'by-environment', 'by-file');
    await rm(join(stage.dir, 'by-environment'), { recursive: true });
    await syncInto({}, 'by-file', 'by-environment');
  });

  it('githubApiUrl and onedevUrl: another server is asked', async () => {
    const other = await startGithub({ user: { login: 'other' } });
    try {
      const id = other.world.addRepository({ ...stage.star(0), fullName: 'else/where' });
      other.world.star(id);
      const [one, two] = [await stage.install(), await stage.install()];
      const change = {
        EPICSTAR_GITHUB_API_URL: other.apiUrl,
        EPICSTAR_GITHUB_TOKEN: other.addToken(),
        EPICSTAR_ONEDEV_URL: two.onedev.url,
        EPICSTAR_ONEDEV_TOKEN: two.onedev.adminToken,
      };
      expect(await one.run(['sync'], change)).toMatchObject({ exitCode: 0 });
      expect(one.onedev.log.entries).toHaveLength(0);
      expect(await two.mirrorTips('else/where')).toEqual(await readTips(stage.star(0).bareDir));
      expect((await one.run(['doctor'], change)).stdout).toContain(`signed in to ${new URL(other.url).host} as other`);
    } finally {
      await other.close();
    }
  });

  it('onedevRoot: mirrors go below it, its parents are made', async () => {
    const installation = await stage.install({ EPICSTAR_ONEDEV_ROOT: 'team/mirrors' });
    expect(await installation.run(['sync'])).toMatchObject({ exitCode: 0 });
    await expectMirrored(installation, 'team/mirrors');
    expect(installation.onedev.world.findByPath('github')).toBeUndefined();
  });

  it('databaseUrl: the database is there and not in the data directory', async () => {
    const installation = await stage.install();
    const path = join(installation.dir, 'elsewhere', 'stars.db');
    const change = { EPICSTAR_DATABASE_URL: `sqlite:${path}` };
    expect(await installation.run(['sync'], change)).toMatchObject({ exitCode: 0 });
    expect(existsSync(path)).toBe(true);
    expect(await readdir(installation.dataDir)).not.toContain('epicstar.db');
    expect((await installation.run(['status'], change)).stdout).toMatch(/^1 star, 1 mirrored, /m);
  });

  it('caFile: certificates of that authority are accepted, by the program and by git', async () => {
    const installation = await stage.install();
    const behind = [stage.github.url, installation.onedev.url] as const;
    const fronts = await Promise.all(behind.map((behindUrl) => startFront({ behindUrl, tls: true })));
    try {
      const [github = '', onedev = ''] = fronts.map(({ url }) => url);
      const change = { EPICSTAR_GITHUB_API_URL: `${github}/api/v3`, EPICSTAR_ONEDEV_URL: onedev };
      const refused = await installation.run(['doctor'], change);
      expect(refused.exitCode).toBe(1);
      expect(refused.stdout).toMatch(/^FAILED {3}github, token: .*certificate/m);
      expect(refused.stdout).toMatch(/^FAILED {3}target, reached: .*certificate/m);
      const ended = await installation.run(['sync'], { ...change, EPICSTAR_CA_FILE: frontCertificatePath });
      expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
      await expectMirrored(installation);
    } finally {
      await Promise.all(fronts.map((front) => front.close()));
    }
  });

  it('allowInsecure: plain http to the named host is not refused any more', async () => {
    const installation = await stage.install({ EPICSTAR_ONEDEV_URL: 'http://nobody.invalid' });
    const refused = await installation.run(['doctor']);
    expect(refused).toMatchObject({ exitCode: 2, stdout: '' });
    expect(refused.stderr).toContain('name the host in EPICSTAR_ALLOW_INSECURE');
    const allowed = await installation.run(['doctor'], { EPICSTAR_ALLOW_INSECURE: 'nas.invalid,nobody.invalid' });
    expect(allowed.exitCode).toBe(1);
    expect(allowed.stdout).toMatch(/^FAILED {3}target, reached: The mirror server does not answer\./m);

    const byNumber = {
      EPICSTAR_ONEDEV_URL: 'http://[fd00::1]:6610',
      EPICSTAR_GITHUB_API_URL: 'http://[fd00::2]/api/v3',
    };
    expect(await installation.run(['status'], byNumber)).toMatchObject({ exitCode: 2 });
    const both = { ...byNumber, EPICSTAR_ALLOW_INSECURE: '[fd00::1], fd00::2' };
    expect(await installation.run(['status'], both)).toMatchObject({ exitCode: 0, stderr: '' });
  });

  it('webHosts: the window answers under the named hosts, and may listen wider', async () => {
    const usual = await Served.start(await stage.install());
    expect(await statusUnder('stars.example.org', usual)).toBe(421);
    const named = await Served.start(await stage.install({ EPICSTAR_WEB_HOSTS: 'stars.example.org' }));
    expect(await statusUnder('stars.example.org', named)).toBe(200);
    expect(await statusUnder('other.example.org', named)).toBe(421);
    await Promise.all([usual.program.stop(), named.program.stop()]);
    const wide = await (await stage.install()).run(['serve', '--port', '0', '--host', '0.0.0.0']);
    expect(wide).toMatchObject({ exitCode: 2, stdout: '' });
  });

  it('logLevel and logFormat: how much is logged, and how', async () => {
    const linesOf = async (level: string, format: string): Promise<readonly string[]> => {
      const installation = await stage.install({ EPICSTAR_LOG_LEVEL: level, EPICSTAR_LOG_FORMAT: format });
      expect((await installation.run(['sync', '--json'])).exitCode).toBe(0);
      return (await installation.logText()).split('\n').filter((line) => line !== '');
    };
    const [quiet, usual, chatty] = await Promise.all([
      linesOf('error', 'text'),
      linesOf('info', 'text'),
      linesOf('debug', 'json'),
    ]);
    expect(quiet).toEqual([]);
    expect(usual.length).toBeGreaterThan(2);
    for (const line of usual) expect(line).toMatch(/^\S+Z (INFO|WARN) /);
    const levels = new Set(chatty.map((line): unknown => JSON.parse(line).level));
    expect(levels).toContain('debug');
    expect(chatty.length).toBeGreaterThan(usual.length);
  });
});

describe('every setting', () => {
  it('is shown to have an effect by a test', () => {
    const shown = {
      'cli-settings-work.test.ts': ['concurrency', 'pushConcurrency', 'smallPushMb', 'stallMinutes', 'cacheLimit'],
      'cli-settings-time.test.ts': ['pollSeconds', 'fullWalkHours', 'sweepDays', 'historyDays', 'quietHours'],
      'servers and paths, above': ['githubApiUrl', 'onedevUrl', 'onedevRoot', 'target', 'folder', 'databaseUrl'],
      'cli-login.test.ts': ['githubClientId'],
      'verdicts.test.ts': ['unstarred'],
      'drills.test.ts': ['drillDays'],
      'clashes.test.ts': ['clash'],
      'losses.test.ts': ['holdLossPercent'],
      'kept-tips.test.ts': ['keptDays'],
      'lists-places.test.ts': ['lists'],
      'build-definitions.test.ts': ['buildSpecs'],
      'wikis.test.ts': ['wikis'],
      'long-histories.test.ts': ['sliceMb', 'sliceSeconds', 'deepenMb'],
      'trust and log, above': ['caFile', 'allowInsecure', 'webHosts', 'logLevel', 'logFormat'],
    };
    expect([...settingNames].sort()).toEqual(Object.values(shown).flat().sort());
  });
});
