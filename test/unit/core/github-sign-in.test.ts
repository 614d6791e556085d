/** @file Signing in to the GitHub stand-in by device flow: what is stored, what is told, and when. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { GITHUB_APP_CLIENT_ID, OAUTH_APP_CLIENT_ID } from '../../playground/github/index.ts';
import { SignInStage } from '../../support/sign-in-stage.ts';
import { waitUntil } from '../../support/wait.ts';

const tokenPath = '/login/oauth/access_token';
const codePath = '/login/device/code';

let stage: SignInStage;

beforeEach(async () => {
  stage = await SignInStage.start();
});
afterEach(() => stage.close());

describe('the device flow', () => {
  it('shows a code, notices that it was entered, and stores what it brought', async () => {
    await stage.begin();
    const code = await stage.shownCode();
    expect(code.verificationUri).toBe(`${stage.github.url}/login/device`);
    expect(code.expiresAt).toBe(stage.bench.clock.now() + 900_000);
    expect(stage.flow.isSignedIn).toBe(false);
    expect(await stage.keeper.read('github-token')).toBeNull();
    stage.github.deviceFlow.approve(code.userCode);
    const { account } = await stage.pollUntil('signed-in');
    expect(account).toEqual({
      login: 'stella',
      host: new URL(stage.github.url).host,
      tokenFrom: 'the sign-in here',
      scopes: ['repo'],
      expiresAt: null,
      limits: [],
    });
    expect(stage.flow.isSignedIn).toBe(true);
    expect(await stage.stored()).toEqual(['github-grant']);
    await waitUntil('the program to be told', () => stage.told.length === 1);
    expect(stage.told).toEqual([stage.github.apiUrl]);
    expect(stage.github.tokens.find((await stage.keeper.read('github-token')) ?? '')).toMatchObject({
      login: 'stella',
    });
  });

  it('of a GitHub App tells when its token expires and what it may not do', async () => {
    await stage.begin(GITHUB_APP_CLIENT_ID);
    stage.github.deviceFlow.approve((await stage.shownCode()).userCode);
    const { account } = await stage.pollUntil('signed-in');
    expect(account).toMatchObject({ scopes: null, limits: [expect.stringContaining('Lists')] });
    expect(account.expiresAt).toBeGreaterThan(stage.bench.clock.now() + 28_000_000);
  });

  it('without private stars asks for no scope and says so', async () => {
    await stage.begin(OAUTH_APP_CLIENT_ID, false);
    stage.github.deviceFlow.approve((await stage.shownCode()).userCode);
    const { account } = await stage.pollUntil('signed-in');
    expect(account).toMatchObject({ scopes: [], limits: [expect.stringContaining('scope repo')] });
  });

  it.each([
    {
      name: 'refused on the page',
      end: (userCode: string) => stage.github.deviceFlow.deny(userCode),
      words: 'refused',
    },
    { name: 'not entered in time', end: () => stage.github.deviceFlow.expireAll(), words: 'in time' },
  ])('that is $name ends with nothing stored', async ({ end, words }) => {
    await stage.begin();
    end((await stage.shownCode()).userCode);
    const { error } = await stage.pollUntil('signed-out');
    expect(error).toMatchObject({ code: 'github-sign-in-ended', message: expect.stringContaining(words) });
    expect(await stage.stored()).toEqual([]);
    expect(stage.told).toEqual([]);
  });

  it('as somebody else that comes to nothing, or is cancelled, leaves whoever was signed in', async () => {
    await stage.begin();
    stage.github.deviceFlow.approve((await stage.shownCode()).userCode);
    const { account } = await stage.pollUntil('signed-in');
    await stage.begin();
    expect(stage.flow.isSignedIn).toBe(true);
    stage.github.deviceFlow.deny((await stage.shownCode()).userCode);
    const denied = await stage.pollUntil('signed-in');
    expect(denied).toMatchObject({ account, error: { code: 'github-sign-in-ended' } });
    await stage.begin();
    await stage.shownCode();
    expect(stage.flow.flowApiUrl).toBe(stage.github.apiUrl);
    await stage.flow.cancel();
    expect(stage.flow.state).toEqual({ kind: 'signed-in', account, error: null });
    expect(stage.flow.flowApiUrl).toBeNull();
    expect(await stage.stored()).toEqual(['github-grant']);
    await stage.flow.signOut();
    expect(stage.flow.isSignedIn).toBe(false);
  });

  it('ends by its own clock where GitHub says nothing', async () => {
    await stage.begin();
    await stage.shownCode();
    stage.github.faults.add({ path: tokenPath, kind: 'stall' });
    await stage.bench.clock.advance(901_000);
    expect((await stage.stateOf('signed-out')).error?.message).toContain('in time');
    expect(await stage.stored()).toEqual([]);
  });

  it('can be cancelled at any time, and its code does nothing any more', async () => {
    await stage.begin();
    const code = await stage.shownCode();
    await stage.flow.cancel();
    expect(stage.flow.state).toEqual({ kind: 'signed-out', error: null });
    expect(await stage.stored()).toEqual([]);
    stage.github.deviceFlow.approve(code.userCode);
    const polls = stage.github.log.count({ path: tokenPath });
    await stage.bench.clock.advance(60_000);
    expect(stage.github.log.count({ path: tokenPath })).toBe(polls);
    await stage.flow.cancel();
    expect(stage.told).toEqual([]);
  });

  it('leaves nothing behind where it is cancelled as soon as its code comes', async () => {
    for (let round = 0; round < 20; round += 1) {
      await stage.begin();
      await stage.stateOf('waiting');
      await stage.flow.cancel();
      expect(await stage.stored()).toEqual([]);
    }
  });

  it.each(['/user', '/graphql'])('cancelled while what it brought is checked (%s) stores nothing', async (path) => {
    const arrived = Promise.withResolvers<void>();
    stage.github.faults.add({ path, kind: 'run', run: () => arrived.resolve() });
    stage.github.faults.add({ path, kind: 'stall' });
    await stage.begin();
    stage.github.deviceFlow.approve((await stage.shownCode()).userCode);
    await stage.pollUntil('checking');
    await arrived.promise;
    await stage.flow.cancel();
    expect(stage.flow.state).toEqual({ kind: 'signed-out', error: null });
    expect(await stage.stored()).toEqual([]);
    expect(stage.told).toEqual([]);
  });

  it('that is begun twice runs once', async () => {
    await Promise.all([stage.begin(), stage.begin(), stage.begin()]);
    const code = await stage.shownCode();
    const codes = stage.github.deviceFlow.pending().map(({ userCode }) => userCode);
    expect(codes.at(-1)).toBe(code.userCode);
    for (const userCode of codes.slice(0, -1)) stage.github.deviceFlow.approve(userCode, 'somebody');
    const polls = stage.github.log.count({ path: tokenPath });
    await stage.bench.clock.advance(5_000);
    await stage.github.log.waitFor({ path: tokenPath });
    expect(stage.github.log.count({ path: tokenPath }) - polls).toBeLessThanOrEqual(1);
    stage.github.deviceFlow.approve(code.userCode);
    expect((await stage.pollUntil('signed-in')).account.login).toBe('stella');
  });

  it('goes on after a restart with the code that the person may be typing', async () => {
    await stage.begin();
    const code = await stage.shownCode();
    await stage.flow.stop();
    expect(await stage.stored()).toEqual(['github-device-flow']);
    stage.open();
    await stage.flow.load(stage.github.apiUrl);
    expect((await stage.stateOf('waiting')).code).toMatchObject(code);
    stage.github.deviceFlow.approve(code.userCode);
    expect((await stage.pollUntil('signed-in')).account.login).toBe('stella');
    expect(await stage.stored()).toEqual(['github-grant']);
    expect(stage.github.log.count({ path: codePath })).toBe(1);
  });

  it('that ended while nothing ran is forgotten at the next start', async () => {
    await stage.begin();
    await stage.shownCode();
    await stage.flow.stop();
    await stage.bench.clock.advance(900_000);
    stage.open();
    await stage.flow.load(stage.github.apiUrl);
    expect(stage.flow.state).toEqual({ kind: 'signed-out', error: null });
    expect(await stage.stored()).toEqual([]);
    await writeFile(join(stage.dataDir, 'secrets', 'github-device-flow'), '{"userCode":7}', { mode: 0o600 });
    await stage.flow.load(stage.github.apiUrl);
    expect(await stage.stored()).toEqual([]);
  });

  it('is not lost where epicstar ends while what it brought is checked', async () => {
    const arrived = Promise.withResolvers<void>();
    stage.github.faults.add({ path: '/user', kind: 'run', run: () => arrived.resolve() });
    const stall = stage.github.faults.add({ path: '/user', kind: 'stall' });
    await stage.begin();
    stage.github.deviceFlow.approve((await stage.shownCode()).userCode);
    await stage.pollUntil('checking');
    await arrived.promise;
    await stage.flow.stop();
    expect(await stage.stored()).toEqual(['github-grant']);
    // The address is kept, too: the next start would send the token elsewhere.
    expect(stage.told).toEqual([stage.github.apiUrl]);
    stall.remove();
    stage.open();
    await stage.flow.load(stage.github.apiUrl);
    expect(stage.flow.state).toMatchObject({ kind: 'signed-in', account: { login: 'stella' } });
  });

  it('goes on when the network is lost and comes back', async () => {
    await stage.begin();
    const code = await stage.shownCode();
    await stage.github.stop();
    await stage.bench.clock.advance(60_000);
    expect(stage.flow.state.kind).toBe('waiting');
    await stage.github.start();
    stage.github.deviceFlow.approve(code.userCode);
    expect((await stage.pollUntil('signed-in')).account.login).toBe('stella');
  });

  it('stands although the network is lost before what it brought could be checked', async () => {
    stage.github.faults.add({ path: '/user', kind: 'status', status: 503 });
    await stage.begin();
    stage.github.deviceFlow.approve((await stage.shownCode()).userCode);
    const { account } = await stage.pollUntil('signed-in');
    expect(account).toMatchObject({ login: 'unknown', limits: [expect.stringContaining('does not answer')] });
    expect(await stage.stored()).toEqual(['github-grant']);
    await waitUntil('the program to be told', () => stage.told.length === 1);
  });

  it('that brings what GitHub then refuses stores nothing', async () => {
    stage.github.faults.add({ path: '/user', kind: 'status', status: 401, body: { message: 'Bad credentials' } });
    await stage.begin();
    stage.github.deviceFlow.approve((await stage.shownCode()).userCode);
    expect((await stage.pollUntil('signed-out')).error).toMatchObject({ code: 'github-signed-out' });
    expect(await stage.stored()).toEqual([]);
    expect(stage.told).toEqual([]);
  });

  it.each([
    { name: 'an unknown app', prepare: () => undefined, clientId: 'nobody', code: 'config-invalid' },
    {
      name: 'an app without device flow',
      prepare: () => stage.github.deviceFlow.disable(OAUTH_APP_CLIENT_ID),
      clientId: OAUTH_APP_CLIENT_ID,
      code: 'config-invalid',
    },
  ])('of $name says what is wrong', async ({ prepare, clientId, code }) => {
    prepare();
    await stage.begin(clientId);
    expect((await stage.pollUntil('signed-out')).error).toMatchObject({ code });
    expect(await stage.stored()).toEqual([]);
  });

  it('is through although what follows it fails', async () => {
    stage.open({}, () => Promise.reject(new Error('the engine cannot be built')));
    await stage.begin();
    stage.github.deviceFlow.approve((await stage.shownCode()).userCode);
    await stage.pollUntil('signed-in');
    await stage.flow.cancel();
    expect(stage.flow.state.kind).toBe('signed-in');
    expect(await stage.stored()).toEqual(['github-grant']);
    expect(stage.log.lines).toContainEqual(expect.objectContaining({ message: 'what follows a sign-in was not done' }));
  });
});
