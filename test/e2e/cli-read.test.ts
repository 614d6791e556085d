/** @file `status`, `history`, `verify`, `doctor` and `serve`, alone and beside each other on one data directory. */
import { chmod, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { runGit } from '../playground/repositories/index.ts';
import { Served } from '../support/served.ts';
import { type Installation, Stage } from '../support/stage.ts';

let stage: Stage;
/** Everything was mirrored once. */
let synced: Installation;

beforeAll(async () => {
  stage = await Stage.start(3);
  synced = await stage.install();
  expect((await synced.run(['sync'])).exitCode).toBe(0);
});
afterEach(() => stage.github.faults.clear());
afterAll(() => stage.close());

describe('commands that only look', () => {
  it('status', async () => {
    const plain = await synced.run(['status']);
    expect(plain).toMatchObject({ exitCode: 0, stderr: '' });
    expect(plain.stdout).toMatch(
      /^All 3 stars are safe\n3 stars, 3 mirrored, 0 queued, 0 in work, 0 waiting, 0 failed, /,
    );
    expect(plain.stdout).toContain(`Mirrors are kept in ${synced.onedev.url}.\n`);
    const json = await synced.run(['status', '--json']);
    expect(json.exitCode).toBe(0);
    expect(JSON.parse(json.stdout)).toMatchObject({
      target: { kind: 'onedev', address: synced.onedev.url },
      totals: { starred: 3, mirrored: 3, failed: 0 },
      troubles: [],
    });
  });

  it('status before anything was done', async () => {
    const installation = await stage.install();
    const { exitCode, stdout } = await installation.run(['status']);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('The starred list was never looked at.\n');
  });

  it('status, history and doctor where no place for mirrors is set', async () => {
    const installation = await stage.install({ EPICSTAR_ONEDEV_URL: null });
    const told = await installation.run(['status']);
    expect(told).toMatchObject({ exitCode: 0, stderr: '' });
    expect(told.stdout).toContain('No place for mirrors is set yet.\n');
    expect(await installation.run(['history'])).toMatchObject({ exitCode: 0, stdout: 'No runs yet.\n' });
    const doctor = await installation.run(['doctor']);
    expect(doctor.exitCode).toBe(1);
    expect(doctor.stdout).toMatch(/^FAILED {3}target, target: It was not chosen yet where mirrors go\. Choose OneDev/m);
    expect(doctor.stdout).toMatch(/^ok {7}github, token: /m);
    expect(await installation.run(['verify'])).toMatchObject({ exitCode: 2 });
  });

  it('history', async () => {
    const name = stage.star(1).fullName;
    const plain = await synced.run(['history']);
    expect(plain).toMatchObject({ exitCode: 0, stderr: '' });
    expect(plain.stdout).toMatch(
      new RegExp(`^20\\d\\d-[\\d-]+ [\\d:]+ {2}mirrored {2}${name}: .* \\(new-star\\)$`, 'm'),
    );
    const one = await synced.run(['history', '--json', '--repository', name, '--limit', '1', '--outcome', 'done']);
    expect(JSON.parse(one.stdout)).toMatchObject([{ fullName: name, outcome: 'done', cause: 'new-star', attempt: 1 }]);
    expect((await synced.run(['history', '--outcome', 'failed'])).stdout).toBe('No runs yet.\n');
    expect(await synced.run(['history', '--repository', 'nobody/nothing'])).toMatchObject({ exitCode: 2 });
  });

  it('verify', async () => {
    const plain = await synced.run(['verify']);
    expect(plain).toMatchObject({ exitCode: 0, stderr: '' });
    expect(plain.stdout.match(/^same {10}owner-0\/small-\d: \d refs?$/gm)).toHaveLength(3);
    expect(plain.stdout).toMatch(/^3 of 3 mirrors equal GitHub\.$/m);
    const json = await synced.run(['verify', stage.star(0).fullName, stage.star(2).fullName, '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject([
      { fullName: stage.star(0).fullName, state: 'same', error: null },
      { fullName: stage.star(2).fullName, state: 'same', error: null },
    ]);
    expect(await synced.run(['verify', 'nobody/nothing'])).toMatchObject({ exitCode: 2 });
  });

  it('verify notices a mirror that somebody else changed, and changes nothing itself', async () => {
    const { fullName } = stage.star(1);
    const dir = synced.mirrorDir(fullName);
    const { 'refs/heads/main': tip = '' } = await synced.mirrorTips(fullName);
    await runGit(dir, ['update-ref', 'refs/heads/main', `${tip}~1`]);
    const tampered = await synced.mirrorTips(fullName);
    const plain = await synced.run(['verify']);
    expect(plain.exitCode).toBe(1);
    expect(plain.stdout).toMatch(new RegExp(`^DIFFERS {7}${fullName}: .*refs/heads/main`, 'm'));
    expect(plain.stdout).toContain('2 of 3 mirrors equal GitHub.\n');
    const json = await synced.run(['verify', fullName, '--json']);
    expect(json.exitCode).toBe(1);
    expect(JSON.parse(json.stdout)).toMatchObject([
      { fullName, state: 'differs', differences: [expect.stringContaining('refs/heads/main')] },
    ]);
    expect(await synced.mirrorTips(fullName)).toEqual(tampered);
    await runGit(dir, ['update-ref', 'refs/heads/main', tip]);
    expect(await synced.run(['verify', fullName])).toMatchObject({ exitCode: 0 });
  });

  it('kept lists old tips, and makes a branch of one', async () => {
    const { fullName } = stage.star(2);
    expect(await synced.run(['kept', fullName])).toMatchObject({
      exitCode: 0,
      stdout: 'Nothing was rewritten or deleted upstream.\n',
    });
    const { 'refs/heads/main': tip = '' } = await synced.mirrorTips(fullName);
    const keptRef = 'refs/epicstar/kept/20260102T030405000Z/heads/gone';
    await runGit(synced.mirrorDir(fullName), ['update-ref', keptRef, tip]);
    const plain = await synced.run(['kept', fullName]);
    expect(plain).toMatchObject({
      exitCode: 0,
      stdout: `${tip.slice(0, 12)}  ${keptRef}\nWhat they cost is not known: the cache here does not hold them.\n`,
    });
    const restored = await synced.run(['kept', fullName, '--restore', keptRef]);
    const branch = 'epicstar-restored/20260102T030405000Z/heads/gone';
    expect(restored).toMatchObject({ exitCode: 0, stdout: `The branch ${branch} is in the mirror now.\n` });
    expect((await synced.mirrorTips(fullName))[`refs/heads/${branch}`]).toBe(tip);
    const again = await synced.run(['kept', fullName, '--restore', keptRef, '--json']);
    expect(JSON.parse(again.stdout)).toEqual({ ref: `refs/heads/${branch}`, sha: tip, isNew: false });
    const wrong = await synced.run(['kept', fullName, '--restore', 'refs/heads/main']);
    expect(wrong.exitCode).toBe(2);
    expect(wrong.stderr).toContain(`The mirror of ${fullName} keeps no refs/heads/main.`);
  });
});

describe('doctor', () => {
  const expectLine = async (args: Parameters<Installation['run']>, exitCode: number, line: RegExp): Promise<void> => {
    const ended = await synced.run(...args);
    expect(ended.stdout).toMatch(line);
    expect(ended).toMatchObject({ exitCode, stderr: '' });
  };

  it('all well', async () => {
    const plain = await synced.run(['doctor']);
    expect(plain).toMatchObject({ exitCode: 0, stderr: '' });
    expect(plain.stdout).not.toContain('FAILED');
    const parts = ['git, version', 'github, token', 'github, stars', 'github, rate limit', 'clock, time'];
    const targetParts = ['reached', 'token', 'version', 'root', 'manage project', 'create projects', 'push'];
    const others = ['target, server address', 'data-directory, writable', 'disk, space'];
    for (const part of [...parts, ...targetParts.map((name) => `target, ${name}`), ...others]) {
      expect(plain.stdout).toMatch(new RegExp(`^ok {7}${part}: \\S`, 'm'));
    }
    const json = await synced.run(['doctor', '--json']);
    const items: readonly { readonly state: string }[] = JSON.parse(json.stdout);
    expect(items.length).toBeGreaterThanOrEqual(16);
    expect(items.filter(({ state }) => state === 'failed')).toEqual([]);
    // The scratch project is gone again.
    expect([...synced.onedev.world.projects.values()].filter(({ name }) => name.startsWith('epicstar-check'))).toEqual(
      [],
    );
  });

  it('a token that GitHub refuses', () =>
    expectLine(
      [['doctor'], { EPICSTAR_GITHUB_TOKEN: `ghp_${'0'.repeat(36)}` }],
      1,
      /^FAILED {3}github, token: GitHub does not accept the token\. .* Sign in to GitHub again\.$/m,
    ));

  it('a token that OneDev refuses', () =>
    expectLine(
      [['doctor'], { EPICSTAR_ONEDEV_TOKEN: 'x'.repeat(40) }],
      1,
      /^FAILED {3}target, token: The mirror server does not accept the token\. .* Enter a valid access token for it\.$/m,
    ));

  it("GitHub's rate limit is used up, or nearly", async () => {
    const { rates } = stage.github;
    try {
      rates.setRemaining('stella', 100);
      await expectLine(
        [['doctor']],
        0,
        /^warning {2}github, rate limit: \d\d of 5000 requests left, .* Wait, or end other/m,
      );
      rates.setRemaining('stella', 0);
      await expectLine(
        [['doctor']],
        1,
        /^FAILED {3}github, .*: GitHub's rate limit is used up\. .* Wait until the time/m,
      );
    } finally {
      rates.setRemaining('stella', 5000);
    }
  });

  it('OneDev is restarting', async () => {
    try {
      await synced.onedev.enterPhase('missing');
      await expectLine(
        [['doctor']],
        1,
        /^FAILED {3}target, reached: \S+ is starting or stopping\. Wait a minute and look/m,
      );
      await synced.onedev.enterPhase('refused');
      await expectLine([['doctor']], 1, /^FAILED {3}target, reached: .* nothing listens there .* Check that it runs/m);
    } finally {
      await synced.onedev.enterPhase('ready');
    }
  });
});

describe('serve', () => {
  it('mirrors, shows its window to whoever has the token, and leaves the data directory readable', async () => {
    const installation = await stage.install();
    const served = await Served.start(installation);
    const { program, url, token } = served;
    expect(await (await fetch(new URL('healthz', url))).json()).toMatchObject({ ok: true });
    expect((await fetch(new URL('readyz', url))).status).toBe(200);
    expect((await fetch(url)).status).toBe(401);
    expect((await fetch(new URL('?token=nonsense-nonsense-nonsense', url))).status).toBe(401);
    const entry = await fetch(new URL(`?token=${token}`, url), { redirect: 'manual' });
    expect(entry.status).toBe(303);
    const cookie = entry.headers.get('set-cookie')?.split(';')[0] ?? '';
    const session = await fetch(new URL('api/session', url), { headers: { cookie } });
    expect(session.status).toBe(204);

    await served.mirrored(3);
    const status = await installation.run(['status', '--json']);
    expect(JSON.parse(status.stdout).totals).toMatchObject({ starred: 3, mirrored: 3 });
    const metrics = await fetch(new URL('metrics', url), { headers: { cookie } });
    expect(await metrics.text()).toMatch(/^epicstar_\w+.* 3$/m);
    expect((await installation.run(['verify'])).stdout).toContain('3 of 3 mirrors equal GitHub.\n');
    expect((await installation.run(['history'])).stdout.trimEnd().split('\n')).toHaveLength(3);
    expect(await installation.run(['doctor'])).toMatchObject({ exitCode: 0 });
    expect((await installation.run(['sync', '--dry-run'])).stdout).toContain('0 mirror runs would be made.\n');

    const askedMs = performance.now();
    expect((await program.stop()).exitCode).toBe(0);
    expect(performance.now() - askedMs).toBeLessThan(10_000);
    // The token survives, so that a bookmark goes on working; only this user can read it.
    expect((await stat(join(installation.dataDir, 'secrets', 'web-token'))).mode & 0o077).toBe(0);
    const again = await Served.start(installation);
    expect(again.token).toBe(token);
    await again.program.stop();
  });

  it('refuses a port that is taken', async () => {
    const port = new URL(synced.onedev.url).port;
    const ended = await synced.run(['serve', '--port', port]);
    expect(ended).toMatchObject({ exitCode: 2, stdout: '' });
    expect(ended.stderr).toContain(`Port ${port} of 127.0.0.1 is in use by another program.`);
  });
});

describe('tokens in files', () => {
  it('are taken from EPICSTAR_GITHUB_TOKEN_FILE and EPICSTAR_ONEDEV_TOKEN_FILE, if others cannot read them', async () => {
    const installation = await stage.install({ EPICSTAR_GITHUB_TOKEN: null, EPICSTAR_ONEDEV_TOKEN: null });
    const files = { github: join(installation.dir, 'github'), onedev: join(installation.dir, 'onedev-token') };
    await writeFile(files.github, `${stage.githubToken}\n`, { mode: 0o600 });
    await writeFile(files.onedev, `${installation.onedev.adminToken}\n`, { mode: 0o600 });
    const change = { EPICSTAR_GITHUB_TOKEN_FILE: files.github, EPICSTAR_ONEDEV_TOKEN_FILE: files.onedev };
    const ended = await installation.run(['sync'], change);
    expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
    expect(ended.stdout).toContain('3 stars: 3 mirrored, 0 unchanged.\n');

    await chmod(files.github, 0o644);
    const open = await installation.run(['sync'], change);
    expect(open).toMatchObject({ exitCode: 2, stdout: '' });
    expect(open.stderr).toContain(`Run: chmod 600 ${files.github}`);
  });
});
