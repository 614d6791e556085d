/** @file Setting up the real program, from nothing to the first mirrors, over the same calls as the window. */
import { mkdir, readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readTips } from '../playground/repositories/index.ts';
import { type Installation, Stage } from '../support/stage.ts';
import { ProgramClient } from '../support/program-client.ts';
import { Served } from '../support/served.ts';
import { waitUntil } from '../support/wait.ts';

const nothingSet = {
  EPICSTAR_GITHUB_TOKEN: null,
  EPICSTAR_ONEDEV_URL: null,
  EPICSTAR_ONEDEV_TOKEN: null,
};
const clientId = 'Ov23liPlaygroundClient';
const isInvalid = { error: { code: 'config-invalid' } };

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.start(3);
  stage.github.deviceFlow.configure({ intervalSeconds: 1 });
});

afterAll(() => stage.close());

async function begin(change: Record<string, string | null> = {}) {
  const installation = await stage.install({ ...nothingSet, EPICSTAR_GITHUB_CLIENT_ID: clientId, ...change });
  const served = await Served.start(installation);
  const window = await ProgramClient.connect(served);
  return { installation, served, window };
}

function onedevCandidate(installation: Installation, change: Record<string, unknown> = {}) {
  return {
    kind: 'onedev' as const,
    url: installation.onedev.url,
    token: installation.onedev.adminToken,
    root: 'github',
    caFile: null,
    allowInsecure: false,
    ...change,
  };
}

describe('from nothing to the first mirrors', () => {
  test('by device flow, a token of OneDev and rules; a restart in the middle of each step goes on there', async () => {
    const { installation, served, window } = await begin();
    const first = await window.setup('nothing is set', ({ step }) => step === 'github');
    expect(first).toMatchObject({
      isFirstRun: true,
      target: null,
      github: { state: 'signed-out', canUseDeviceFlow: true },
    });
    expect((await window.call('overview.get', {})).target).toBeNull();

    await window.call('setup.beginDeviceFlow', { apiUrl: stage.github.apiUrl, withPrivate: false });
    const { github } = await window.setup('the code', (setup) => setup.github.state === 'waiting');
    const userCode = github.code?.userCode ?? '';
    expect(github.code?.page).toBe(`${stage.github.url}/login/device`);
    window.close();
    await served.program.stop();

    const again = await Served.start(installation);
    const reopened = await ProgramClient.connect(again);
    const resumed = await reopened.setup('the same code', (setup) => setup.github.state === 'waiting');
    expect(resumed.github.code?.userCode).toBe(userCode);
    expect(stage.github.deviceFlow.approve(userCode)).toBe(true);
    const signedIn = await reopened.setup('signed in', (setup) => setup.github.state === 'signed-in');
    expect(signedIn.step).toBe('target');
    expect(signedIn.github.account?.limits).toHaveLength(1);

    const candidate = onedevCandidate(installation);
    const seen: number[] = [];
    const hurry = installation.onedev.faults.add({ fault: { delayMs: 250 } });
    const stop = reopened.client.listen('setup', ({ test: check }) => seen.push(check?.items.length ?? 0));
    const { items } = await reopened.call('setup.testTarget', { candidate });
    stop();
    hurry();
    expect(items.filter(({ state }) => state === 'failed')).toEqual([]);
    // One by one, as they are found.
    expect(new Set(seen).size).toBeGreaterThan(2);
    await reopened.setup(
      'the whole test',
      ({ test: check }) => check?.isRunning === false && check.items.length === items.length,
    );
    expect((await reopened.setup('nothing stored', () => true)).target).toBeNull();
    expect((await reopened.call('setup.saveTarget', { candidate })).saved).toBe(true);
    await reopened.setup('the rules', ({ step }) => step === 'selection');
    reopened.close();
    await again.program.stop();

    const third = await Served.start(installation);
    const last = await ProgramClient.connect(third);
    await last.setup('still the rules', ({ step, isFirstRun }) => step === 'selection' && isFirstRun);
    await waitUntil('all stars read', async () => (await last.call('overview.get', {})).totals.starred === 3);
    expect((await last.call('overview.get', {})).state.press).toBe('set-up');
    const rules = await last.call('selection.get', {});
    const owner = stage.star(0).fullName.split('/')[0] ?? '';
    const preview = await last.call('selection.preview', { rules });
    expect(preview).toMatchObject({ repositories: 3, mirror: { count: 3 }, skip: { count: 0 } });
    const some = { ...rules, namePatterns: { only: [], never: [stage.star(2).fullName] } };
    expect((await last.call('selection.preview', { rules: some })).mirror.count).toBe(2);
    expect(preview.owners.map(({ value }) => value)).toContain(owner);
    // Nothing was mirrored before a person has said what.
    expect(await third.metric('repositories_mirrored')).toBe(0);
    expect((await last.call('selection.save', { rules: some })).mirror.count).toBe(2);
    await last.setup('done', ({ step, isFirstRun }) => step === 'done' && !isFirstRun);
    await third.mirrored(2);
    expect(await installation.mirrorTips(stage.star(0).fullName)).toEqual(await readTips(stage.star(0).bareDir));
    const { items: leftOut } = await last.call('repositories.list', { state: 'excluded' });
    expect(leftOut.map(({ fullName }) => fullName)).toEqual([stage.star(2).fullName]);
    expect(await last.call('repositories.choose', { githubIds: [stage.star(2).id], choice: 'include' })).toEqual({
      changed: 1,
    });
    await third.mirrored(3);
    last.close();
    await third.program.stop();
  });

  test('a set-up that was begun and not finished holds `sync` up, too, and says so', async () => {
    const { installation, served, window } = await begin();
    await window.call('setup.useGithubToken', { apiUrl: stage.github.apiUrl, token: stage.githubToken });
    await window.call('setup.saveTarget', { candidate: onedevCandidate(installation) });
    window.close();
    await served.program.stop();
    const refused = await installation.run(['sync']);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain('epicstar serve --open');
    expect(installation.onedev.world.findByPath('github')).toBeUndefined();
  });

  test('into a folder, by a token', async () => {
    const { installation, served, window } = await begin({ EPICSTAR_GITHUB_CLIENT_ID: null });
    await expect(
      window.call('setup.beginDeviceFlow', { apiUrl: stage.github.apiUrl, withPrivate: false }),
    ).rejects.toMatchObject({ error: { code: 'config-invalid' } });
    await expect(
      window.call('setup.useGithubToken', {
        apiUrl: stage.github.apiUrl,
        token: 'ghp_thisTokenIsNotKnownToAnybody000000',
      }),
    ).rejects.toMatchObject({ error: { code: 'github-signed-out' } });
    expect((await window.setup('not signed in', () => true)).github.state).toBe('signed-out');
    const account = await window.call('setup.useGithubToken', {
      apiUrl: stage.github.apiUrl,
      token: stage.githubToken,
    });
    expect(account.login).not.toBe('');
    const folder = join(installation.dir, 'mirrors');
    const missing = { kind: 'folder' as const, folder: join(folder, 'deep', 'deeper') };
    expect((await window.call('setup.saveTarget', { candidate: missing })).saved).toBe(false);
    expect((await window.setup('no target', () => true)).target).toBeNull();
    await mkdir(folder);
    expect((await window.call('setup.saveTarget', { candidate: { kind: 'folder', folder } })).saved).toBe(true);
    const rules = await window.call('selection.get', {});
    await window.call('selection.save', { rules });
    await served.mirrored(3);
    expect((await readdir(folder)).length).toBeGreaterThan(0);
    window.close();
    await served.program.stop();
  });

  test('by an administrator of OneDev once; the password is nowhere', async () => {
    const { installation, served, window } = await begin();
    await window.call('setup.useGithubToken', { apiUrl: stage.github.apiUrl, token: stage.githubToken });
    const options = { url: installation.onedev.url, user: 'admin', root: 'stars', caFile: null, allowInsecure: false };
    await expect(window.call('setup.bootstrapTarget', { ...options, password: 'not this one' })).rejects.toMatchObject({
      error: { code: 'target-signed-out' },
    });
    const answer = await window.call('setup.bootstrapTarget', { ...options, password: 'admin' });
    expect(answer.saved).toBe(true);
    expect(answer.made.length).toBeGreaterThan(1);
    const { target } = await window.setup('the target', (setup) => setup.target !== null);
    expect(target).toEqual({ kind: 'onedev', address: installation.onedev.url, root: 'stars', hasToken: true });
    await window.call('selection.save', { rules: await window.call('selection.get', {}) });
    await served.mirrored(3);
    expect(await installation.mirrorTips(stage.star(1).fullName, 'stars')).toEqual(
      await readTips(stage.star(1).bareDir),
    );
    window.close();
    await served.program.stop();
    const secretsDir = join(installation.dataDir, 'secrets');
    for (const name of await readdir(secretsDir)) expect((await stat(join(secretsDir, name))).mode & 0o077).toBe(0);
    expect(await readFile(join(installation.dataDir, 'settings.json'), 'utf8')).not.toContain('admin');
  });
});

describe('what is refused', () => {
  test('a denied sign-in says so, and another can be begun', async () => {
    const { served, window } = await begin();
    await window.call('setup.beginDeviceFlow', { apiUrl: stage.github.apiUrl, withPrivate: true });
    const { github } = await window.setup('the code', (setup) => setup.github.state === 'waiting');
    stage.github.deviceFlow.deny(github.code?.userCode ?? '');
    const denied = await window.setup('denied', (setup) => setup.github.error !== null);
    expect(denied.github.error?.message).toContain('refused');
    await window.call('setup.beginDeviceFlow', { apiUrl: stage.github.apiUrl, withPrivate: false });
    await window.setup('another code', (setup) => setup.github.state === 'waiting');
    await window.call('setup.cancelDeviceFlow', {});
    const cancelled = await window.setup('cancelled', (setup) => setup.github.state === 'signed-out');
    expect(cancelled.github.error).toBeNull();
    window.close();
    await served.program.stop();
  });

  test('a wrong token of OneDev, plain http to elsewhere, and what the environment decides', async () => {
    const { installation, served, window } = await begin({ EPICSTAR_GITHUB_TOKEN: stage.githubToken });
    const fixed = await window.setup('signed in', (setup) => setup.github.state === 'signed-in');
    expect(fixed.fixed).toContain('github-token');
    expect(fixed.fixed).toContain('githubApiUrl');
    await expect(window.call('setup.signOutGithub', {})).rejects.toMatchObject({ error: { code: 'config-invalid' } });
    const wrong = await window.call('setup.saveTarget', {
      candidate: onedevCandidate(installation, { token: 'wrong-token-wrong-token' }),
    });
    expect(wrong.saved).toBe(false);
    expect(wrong.items.find(({ state }) => state === 'failed')?.name).toBe('token');
    await expect(
      window.call('setup.testTarget', {
        candidate: onedevCandidate(installation, { url: 'http://onedev.example.org' }),
      }),
    ).rejects.toMatchObject({ error: { code: 'insecure-address' } });
    await expect(
      window.call('settings.change', { change: { githubApiUrl: 'https://api.github.com' } }),
    ).rejects.toMatchObject({ error: { code: 'config-invalid' } });
    window.close();
    await served.program.stop();
  });

  test('a token of another GitHub than the one that the environment names', async () => {
    const { served, window } = await begin();
    const apiUrl = stage.github.apiUrl.replace('127.0.0.1', 'localhost');
    await expect(window.call('setup.useGithubToken', { apiUrl, token: stage.githubToken })).rejects.toMatchObject(
      isInvalid,
    );
    expect((await window.setup('not signed in', () => true)).github.state).toBe('signed-out');
    window.close();
    await served.program.stop();
  });

  test('an address that would get the token of another server', async () => {
    const { installation, served, window } = await begin({ EPICSTAR_GITHUB_API_URL: null });
    const elsewhere = 'https://git.example.org';
    await window.call('setup.useGithubToken', { apiUrl: stage.github.apiUrl, token: stage.githubToken });
    await window.call('setup.saveTarget', { candidate: onedevCandidate(installation) });
    const candidate = onedevCandidate(installation, { url: elsewhere, token: null });
    await expect(window.call('setup.testTarget', { candidate })).rejects.toMatchObject(isInvalid);
    await expect(window.call('setup.saveTarget', { candidate })).rejects.toMatchObject(isInvalid);
    const { text } = await window.call('settings.export', {});
    for (const change of [{ githubApiUrl: elsewhere }, { onedevUrl: elsewhere }]) {
      const refused = { ...isInvalid, message: expect.stringContaining('is stored, which is not sent elsewhere') };
      await expect(window.call('settings.change', { change })).rejects.toMatchObject(refused);
      await expect(window.call('settings.import', { text: JSON.stringify(change) })).rejects.toMatchObject(refused);
    }
    expect((await window.call('settings.export', {})).text).toBe(text);
    const same = onedevCandidate(installation, { token: null });
    expect((await window.call('setup.saveTarget', { candidate: same })).saved).toBe(true);
    await window.call('setup.signOutGithub', {});
    await window.call('settings.change', { change: { githubApiUrl: elsewhere } });
    window.close();
    await served.program.stop();
  });

  test('a folder in which epicstar keeps what it clears away', async () => {
    const { installation, served, window } = await begin();
    for (const folder of [installation.dataDir, join(installation.dataDir, 'cache', 'mirrors')]) {
      const candidate = { kind: 'folder' as const, folder };
      await expect(window.call('setup.saveTarget', { candidate })).rejects.toMatchObject(isInvalid);
      await expect(window.call('settings.change', { change: { target: 'folder', folder } })).rejects.toMatchObject(
        isInvalid,
      );
    }
    expect((await window.setup('no target', () => true)).target).toBeNull();
    window.close();
    await served.program.stop();
  });
});

describe('settings', () => {
  test('take effect at once, and what no engine can be built with is put back', async () => {
    const { served, window } = await begin({ EPICSTAR_GITHUB_TOKEN: stage.githubToken });
    const pollSeconds = async () => (await window.call('settings.list', {})).find(({ name }) => name === 'pollSeconds');
    expect(await pollSeconds()).toMatchObject({ text: '60', origin: 'default', variable: 'EPICSTAR_POLL_SECONDS' });
    await window.call('settings.change', { change: { pollSeconds: '600' } });
    expect(await pollSeconds()).toMatchObject({ text: '600', origin: 'file' });
    await waitUntil('a look by the new setting', async () => {
      const { watcher } = await window.call('overview.get', {});
      return watcher.nextLookAt !== null && watcher.nextLookAt - Date.now() > 300_000;
    });
    await expect(window.call('settings.change', { change: { pollSeconds: '1' } })).rejects.toMatchObject({
      error: { code: 'config-invalid' },
    });
    await expect(window.call('settings.change', { change: { caFile: '/nowhere/at/all.pem' } })).rejects.toMatchObject({
      error: { code: 'config-invalid' },
    });
    expect(await pollSeconds()).toMatchObject({ text: '600', origin: 'file' });
    const { text } = await window.call('settings.export', {});
    expect(JSON.parse(text).settings).toEqual({ pollSeconds: '600' });
    await window.call('settings.import', { text: '{"pollSeconds": 120}' });
    expect(await pollSeconds()).toMatchObject({ text: '120' });
    await expect(window.call('settings.import', { text: '{' })).rejects.toMatchObject({
      error: { code: 'config-invalid' },
    });
    expect((await window.call('overview.get', {})).watcher.error).toBeNull();
    window.close();
    await served.program.stop();
  });

  test('do not wait for a server that was asked something and does not answer', async () => {
    const { installation, served, window } = await begin({ EPICSTAR_GITHUB_TOKEN: stage.githubToken });
    await window.call('setup.saveTarget', { candidate: onedevCandidate(installation) });
    await window.call('selection.save', { rules: await window.call('selection.get', {}) });
    await served.mirrored(3);
    const path = `/repositories/${stage.star(0).id}`;
    const arrived = Promise.withResolvers<void>();
    const told = stage.github.faults.add({ path, kind: 'run', run: () => arrived.resolve() });
    const stall = stage.github.faults.add({ path, kind: 'stall' });
    const verified = window.call('repositories.verify', { githubId: stage.star(0).id });
    await arrived.promise;
    await window.call('settings.change', { change: { pollSeconds: '600' } });
    expect(await verified).toMatchObject({ state: 'failed', message: expect.stringContaining('cancelled') });
    told.remove();
    stall.remove();
    expect((await window.call('repositories.verify', { githubId: stage.star(0).id })).state).toBe('same');
    window.close();
    await served.program.stop();
  });

  test('that name another database ask again what to mirror before anything is', async () => {
    const { installation, served, window } = await begin({ EPICSTAR_GITHUB_TOKEN: stage.githubToken });
    await window.call('setup.saveTarget', { candidate: onedevCandidate(installation) });
    const rules = await window.call('selection.get', {});
    const some = { ...rules, namePatterns: { only: [], never: [stage.star(2).fullName] } };
    await window.call('selection.save', { rules: some });
    await served.mirrored(2);
    await window.call('settings.change', { change: { databaseUrl: `sqlite:${join(installation.dir, 'other.db')}` } });
    await window.setup('the rules', ({ step }) => step === 'selection');
    await waitUntil('all stars read', async () => (await window.call('overview.get', {})).totals.starred === 3);
    expect((await window.call('overview.get', {})).state.press).toBe('set-up');
    await window.call('selection.save', { rules: some });
    await served.mirrored(2);
    expect(installation.onedev.world.findByPath(`github/${stage.star(2).fullName}`)).toBeUndefined();
    await window.call('settings.change', { change: { databaseUrl: null } });
    expect((await window.setup('as before', () => true)).step).toBe('done');
    expect((await window.call('selection.get', {})).namePatterns).toEqual(some.namePatterns);
    window.close();
    await served.program.stop();
  });
});
