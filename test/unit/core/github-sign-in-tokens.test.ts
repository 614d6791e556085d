/** @file Tokens that a person or the environment brings, and how things stand at the next start. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { EpicstarError } from '../../../src-main/engine/domain/errors.ts';
import { errorOf } from '../../adapters/github/surroundings.ts';
import { SignInStage } from '../../support/sign-in-stage.ts';

let stage: SignInStage;

beforeEach(async () => {
  stage = await SignInStage.start();
});
afterEach(() => stage.close());

describe('a token that a person brings', () => {
  it('is checked, stored, and told of', async () => {
    const token = stage.github.tokens.add({ login: 'stella', kind: 'personal', scopes: ['repo'] });
    const account = await stage.flow.useToken(stage.github.apiUrl, ` ${token}\n`);
    expect(account).toMatchObject({ login: 'stella', scopes: ['repo'], limits: [] });
    expect(stage.flow.state).toEqual({ kind: 'signed-in', account });
    expect(await stage.keeper.read('github-token')).toBe(token);
    expect(stage.told).toEqual([stage.github.apiUrl]);
  });

  it('ends a flow under way and replaces what a sign-in brought', async () => {
    await stage.begin();
    stage.github.deviceFlow.approve((await stage.shownCode()).userCode);
    await stage.pollUntil('signed-in');
    await stage.begin();
    await stage.shownCode();
    const token = stage.github.addToken(['repo']);
    await stage.flow.useToken(stage.github.apiUrl, token);
    expect(await stage.stored()).toEqual(['github-token']);
    expect(await stage.keeper.read('github-token')).toBe(token);
    expect(stage.flow.state.kind).toBe('signed-in');
  });

  it.each([
    { name: 'refused', token: 'ghp_0123456789', code: 'github-signed-out' },
    { name: 'empty', token: ' ', code: 'config-invalid' },
  ])('and that is $name is not stored, and leaves what was there', async ({ token, code }) => {
    const good = stage.github.addToken(['repo']);
    await stage.flow.useToken(stage.github.apiUrl, good);
    expect((await errorOf(stage.flow.useToken(stage.github.apiUrl, token))).code).toBe(code);
    expect(await stage.keeper.read('github-token')).toBe(good);
    expect(stage.flow.state.kind).toBe('signed-in');
    expect(stage.told).toHaveLength(1);
  });

  it('and that may not read the stars is not stored', async () => {
    stage.github.faults.add({ path: '/user/starred', kind: 'status', status: 403, body: { message: 'Forbidden' } });
    await errorOf(stage.flow.useToken(stage.github.apiUrl, stage.github.addToken()));
    expect(await stage.stored()).toEqual([]);
  });

  it('is not stored where GitHub does not answer: it can be brought again', async () => {
    stage.github.faults.add({ path: '/user', kind: 'status', status: 503 });
    expect((await errorOf(stage.flow.useToken(stage.github.apiUrl, stage.github.addToken()))).code).toBe(
      'github-unavailable',
    );
    expect(await stage.stored()).toEqual([]);
  });

  it('and that may not be used is not stored, nor is what a sign-in brought', async () => {
    const refuse = () => Promise.reject(new EpicstarError('config-invalid', 'It is decided elsewhere.'));
    stage.open({}, undefined, refuse);
    const token = stage.github.addToken(['repo']);
    expect((await errorOf(stage.flow.useToken(stage.github.apiUrl, token))).code).toBe('config-invalid');
    expect(stage.flow.state.kind).toBe('signed-out');
    await stage.begin();
    stage.github.deviceFlow.approve((await stage.shownCode()).userCode);
    expect((await stage.pollUntil('signed-out')).error?.code).toBe('config-invalid');
    expect(await stage.stored()).toEqual([]);
    expect(stage.told).toEqual([]);
  });
});

describe('a token of the environment', () => {
  it('is shown as such, and nothing here replaces it', async () => {
    const token = stage.github.addToken(['repo']);
    stage.open({ EPICSTAR_GITHUB_TOKEN: token });
    await stage.flow.load(stage.github.apiUrl);
    expect(stage.flow.state).toMatchObject({
      kind: 'signed-in',
      account: { login: 'stella', tokenFrom: 'environment variable EPICSTAR_GITHUB_TOKEN' },
    });
    for (const refused of [
      stage.begin(),
      stage.flow.useToken(stage.github.apiUrl, stage.github.addToken()),
      stage.flow.signOut(),
    ]) {
      const error = await errorOf(refused);
      expect(error.code).toBe('config-invalid');
      expect(error.message).toContain('EPICSTAR_GITHUB_TOKEN');
    }
    expect(stage.flow.state.kind).toBe('signed-in');
    expect(await stage.stored()).toEqual([]);
  });
});

describe('at the next start', () => {
  it('a stored token is checked, and shown as signed in meanwhile', async () => {
    await stage.flow.useToken(stage.github.apiUrl, stage.github.addToken(['repo']));
    stage.open();
    const arrived = Promise.withResolvers<void>();
    stage.github.faults.add({ path: '/user', kind: 'run', run: () => arrived.resolve() });
    stage.github.faults.add({ path: '/user', kind: 'delay', delayMs: 50 });
    const loading = stage.flow.load(stage.github.apiUrl);
    await arrived.promise;
    expect(stage.flow.state.kind).toBe('checking');
    expect(stage.flow.isSignedIn).toBe(true);
    await loading;
    expect(stage.flow.state).toMatchObject({ kind: 'signed-in', account: { login: 'stella' } });
  });

  it('a token that was revoked is told, one that cannot be checked is believed', async () => {
    const token = stage.github.addToken(['repo']);
    await stage.flow.useToken(stage.github.apiUrl, token);
    const fault = stage.github.faults.add({ path: '/user', kind: 'status', status: 503 });
    stage.open();
    await stage.flow.load(stage.github.apiUrl);
    expect(stage.flow.state).toMatchObject({ kind: 'signed-in', account: { login: 'unknown' } });
    fault.remove();
    stage.github.tokens.revoke(token);
    stage.open();
    await stage.flow.load(stage.github.apiUrl);
    expect(stage.flow.state).toMatchObject({ kind: 'signed-out', error: { code: 'github-signed-out' } });
    expect(stage.flow.isSignedIn).toBe(false);
  });

  it('whoever signs in or out while a stored token is checked is not forgotten over what that one comes to', async () => {
    const old = stage.github.addToken(['repo']);
    await stage.flow.useToken(stage.github.apiUrl, old);
    stage.github.tokens.revoke(old);
    const load = async (meanwhile: () => Promise<unknown>): Promise<void> => {
      stage.open();
      const arrived = Promise.withResolvers<void>();
      const told = stage.github.faults.add({ path: '/user', times: 1, kind: 'run', run: () => arrived.resolve() });
      const slow = stage.github.faults.add({ path: '/user', times: 1, kind: 'delay', delayMs: 500 });
      const loading = stage.flow.load(stage.github.apiUrl);
      await arrived.promise;
      await meanwhile();
      await loading;
      told.remove();
      slow.remove();
    };
    const fresh = stage.github.addToken(['repo']);
    await load(() => stage.flow.useToken(stage.github.apiUrl, fresh));
    expect(stage.flow.state).toMatchObject({ kind: 'signed-in', account: { login: 'stella' } });
    await load(() => stage.begin());
    expect((await stage.shownCode()).userCode).not.toBe('');
    await stage.flow.cancel();
    expect(stage.flow.state.kind).toBe('signed-in');
    await load(() => stage.flow.signOut());
    expect(stage.flow.state).toEqual({ kind: 'signed-out', error: null });
    expect(stage.flow.isSignedIn).toBe(false);
    expect(await stage.stored()).toEqual([]);
  });

  it('nothing is asked for where nobody signed in, or signed out', async () => {
    await stage.flow.useToken(stage.github.apiUrl, stage.github.addToken());
    await stage.flow.signOut();
    expect(stage.told).toEqual([stage.github.apiUrl, null]);
    expect(await stage.stored()).toEqual([]);
    stage.github.log.clear();
    stage.open();
    await stage.flow.load(stage.github.apiUrl);
    expect(stage.flow.state).toEqual({ kind: 'signed-out', error: null });
    expect(stage.github.log.entries).toEqual([]);
  });
});
