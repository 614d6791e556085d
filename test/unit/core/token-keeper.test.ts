/** @file GitHub's token over its life: real files, and real refreshes against the GitHub stand-in. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createEnvSecrets } from '../../../src-main/engine/adapters/system/env-secrets.ts';
import { createRedactor } from '../../../src-main/engine/adapters/system/redactor.ts';
import { TokenKeeper } from '../../../src-main/engine/core/token-keeper.ts';
import type { Secrets } from '../../../src-main/engine/ports/secrets.ts';
import type { GithubGrant } from '../../../src-main/engine/ports/sign-in.ts';
import { openSignInBench, type SignInBench } from '../../adapters/github/sign-in-bench.ts';
import { GITHUB_APP_CLIENT_ID, type Github, startGithub } from '../../playground/github/index.ts';
import { createKeptLog, type KeptLog } from '../../support/kept-log.ts';

const tokenPath = '/login/oauth/access_token';
const lifeMs = 28_800_000;
const earlyMs = 5 * 60_000;

let dataDir: string;
let bench: SignInBench;
let github: Github;
let log: KeptLog;
let keeper: TokenKeeper;

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'epicstar-token-'));
  bench = openSignInBench();
  const { clock } = bench;
  github = await startGithub({ clock: { now: () => clock.now() } });
  log = createKeptLog();
  keeper = openKeeper();
});
afterEach(async () => {
  await github.close();
  await bench.close();
  await rm(dataDir, { recursive: true });
});

function secretsOf(env: Readonly<Record<string, string>> = {}): Secrets {
  return createEnvSecrets({ env, dataDir, redactor: createRedactor(), platform: process.platform });
}

/** As a start of the program does. */
function openKeeper(secrets: Secrets = secretsOf()): TokenKeeper {
  const { clock, signIn } = bench;
  return new TokenKeeper({ secrets, signIn, clock, log, redactor: createRedactor() });
}

const from = () => ({ apiUrl: github.apiUrl, clientId: GITHUB_APP_CLIENT_ID });
const refreshes = (): number => github.log.count({ path: tokenPath });
const isAlive = (token: string | null): boolean => token !== null && github.tokens.find(token) !== null;

/** A sign-in of a GitHub App, whose token lives for eight hours. */
async function grantOf(): Promise<GithubGrant> {
  const flow = bench.start(github.apiUrl, { clientId: GITHUB_APP_CLIENT_ID });
  github.deviceFlow.approve((await flow.code()).userCode);
  await bench.clock.advance(5_000);
  const end = await flow.end;
  if (end.kind !== 'granted') throw new Error('not granted');
  github.log.clear();
  return end.grant;
}

/** Signs in, and lets time pass until so much is left of the token's life. */
async function signInAndWait(leftMs: number): Promise<GithubGrant> {
  const grant = await grantOf();
  await keeper.keep(grant, from());
  await bench.clock.advance((grant.expiresAt ?? 0) - bench.clock.now() - leftMs);
  return grant;
}

describe('a token that expires', () => {
  it('is used as it is until it has five minutes to live', async () => {
    const grant = await signInAndWait(earlyMs + 1);
    expect(await keeper.expiresAt()).toBe(grant.expiresAt);
    expect(await keeper.read('github-token')).toBe(grant.token);
    expect(refreshes()).toBe(0);
    await bench.clock.advance(1);
    const fresh = await keeper.read('github-token');
    expect(fresh).not.toBe(grant.token);
    expect([isAlive(fresh), isAlive(grant.token)]).toEqual([true, false]);
    expect(await keeper.read('github-token')).toBe(fresh);
    expect(refreshes()).toBe(1);
    expect(await keeper.expiresAt()).toBe(bench.clock.now() + lifeMs);
  });

  it('is refreshed after it is dead too, time and again', async () => {
    let last = (await signInAndWait(-3_600_000)).token;
    for (let round = 1; round <= 3; round += 1) {
      const fresh = await keeper.read('github-token');
      expect(fresh).not.toBe(last);
      expect(isAlive(fresh)).toBe(true);
      expect(refreshes()).toBe(round);
      last = fresh ?? '';
      await bench.clock.advance(2 * lifeMs);
    }
  });

  it('is refreshed once, however many ask at once and while that is under way', async () => {
    await signInAndWait(0);
    const arrived = Promise.withResolvers<void>();
    github.faults.add({ path: tokenPath, kind: 'run', run: () => arrived.resolve() });
    const first = Array.from({ length: 20 }, () => keeper.read('github-token'));
    await arrived.promise;
    const later = Array.from({ length: 20 }, () => keeper.read('github-token'));
    const tokens = await Promise.all([...first, ...later]);
    tokens.push(await keeper.read('github-token'));
    expect(new Set(tokens).size).toBe(1);
    expect(isAlive(tokens[0] ?? null)).toBe(true);
    expect(refreshes()).toBe(1);
  });

  it('is not refreshed again by one who read the old one before and comes late', async () => {
    await signInAndWait(0);
    const secrets = secretsOf();
    const [hasRead, mayGoOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
    let isFirst = true;
    const slow: Secrets = {
      read: async (name) => {
        const isHeld = isFirst && name === 'github-grant';
        if (isHeld) isFirst = false;
        const value = await secrets.read(name);
        if (isHeld) {
          hasRead.resolve();
          await mayGoOn.promise;
        }
        return value;
      },
      write: (name, value) => secrets.write(name, value),
      isFixed: (name) => secrets.isFixed(name),
      origin: (name) => secrets.origin(name),
    };
    const own = openKeeper(slow);
    const late = own.read('github-token');
    await hasRead.promise;
    const fresh = await own.read('github-token');
    mayGoOn.resolve();
    expect(await late).toBe(fresh);
    expect(isAlive(fresh)).toBe(true);
    expect(refreshes()).toBe(1);
  });

  it('is stored before anybody gets it, in one file with what refreshes it', async () => {
    await signInAndWait(0);
    const fresh = await keeper.read('github-token');
    const stored: unknown = JSON.parse(await readFile(join(dataDir, 'secrets', 'github-grant'), 'utf8'));
    expect(stored).toMatchObject({ token: fresh, apiUrl: github.apiUrl, clientId: GITHUB_APP_CLIENT_ID });
    expect(await readdir(join(dataDir, 'secrets'))).toEqual(['github-grant']);
    const again = openKeeper();
    expect(await again.read('github-token')).toBe(fresh);
    await bench.clock.advance(lifeMs);
    expect(isAlive(await again.read('github-token'))).toBe(true);
  });

  it('is not handed out where it could not be stored', async () => {
    const secrets = secretsOf();
    const { token } = await signInAndWait(earlyMs);
    const full: Secrets = {
      read: (name) => secrets.read(name),
      isFixed: (name) => secrets.isFixed(name),
      origin: (name) => secrets.origin(name),
      write: () => Promise.reject(new Error('no space is left')),
    };
    expect(await openKeeper(full).read('github-token')).toBe(token);
    expect(log.lines).toMatchObject([{ level: 'warn', message: 'the GitHub token could not be refreshed' }]);
  });
});

describe('a refresh that fails', () => {
  it('leaves the token as it is, and is tried again by the next reader', async () => {
    const { token } = await signInAndWait(earlyMs);
    github.faults.add({ path: tokenPath, kind: 'status', status: 503, times: 1 });
    expect(await keeper.read('github-token')).toBe(token);
    expect(isAlive(token)).toBe(true);
    expect(log.lines).toMatchObject([{ level: 'warn', fields: { code: 'github-unavailable' } }]);
    const fresh = await keeper.read('github-token');
    expect([fresh === token, isAlive(fresh)]).toEqual([false, true]);
  });

  it('for being too slow is given up after half a minute', async () => {
    const { token } = await signInAndWait(earlyMs);
    const arrived = Promise.withResolvers<void>();
    github.faults.add({ path: tokenPath, kind: 'run', run: () => arrived.resolve() });
    github.faults.add({ path: tokenPath, kind: 'stall', times: 1 });
    const reading = keeper.read('github-token');
    await arrived.promise;
    await bench.clock.advance(30_000);
    expect(await reading).toBe(token);
    expect(isAlive(await keeper.read('github-token'))).toBe(true);
    expect(bench.clock.pending).toBe(0);
  });

  it('since GitHub does not take its token any more is not repeated until somebody signs in', async () => {
    const grant = await signInAndWait(earlyMs);
    await bench.refresh(github.apiUrl, GITHUB_APP_CLIENT_ID, grant.refreshToken ?? '');
    github.log.clear();
    for (let time = 0; time < 3; time += 1) expect(await keeper.read('github-token')).toBe(grant.token);
    expect(refreshes()).toBe(1);
    await signInAndWait(earlyMs);
    expect(isAlive(await keeper.read('github-token'))).toBe(true);
  });

  it('is overtaken by a person who signs out or in anew', async () => {
    for (const replacement of [null, 'ghp_of_a_person']) {
      await signInAndWait(earlyMs);
      const arrived = Promise.withResolvers<void>();
      const fault = github.faults.add({ path: tokenPath, kind: 'run', run: () => arrived.resolve() });
      const slow = github.faults.add({ path: tokenPath, kind: 'delay', delayMs: 100 });
      const reading = keeper.read('github-token');
      await arrived.promise;
      await keeper.replace(replacement);
      expect(await reading).toBe(replacement);
      expect(await keeper.read('github-token')).toBe(replacement);
      expect(await openKeeper().read('github-token')).toBe(replacement);
      expect(await keeper.expiresAt()).toBeNull();
      fault.remove();
      slow.remove();
    }
  });
});

describe('where the token comes from', () => {
  it('is the environment before all else, which is never refreshed', async () => {
    await signInAndWait(0);
    const fixed = openKeeper(secretsOf({ EPICSTAR_GITHUB_TOKEN: 'ghp_of_the_operator' }));
    expect(await fixed.read('github-token')).toBe('ghp_of_the_operator');
    expect(await fixed.isFixed('github-token')).toBe(true);
    expect(await fixed.origin('github-token')).toContain('EPICSTAR_GITHUB_TOKEN');
    expect(await fixed.expiresAt()).toBeNull();
    expect(refreshes()).toBe(0);
  });

  it('is what came last of a sign-in and a person', async () => {
    await keeper.replace('ghp_of_a_person');
    expect(await keeper.read('github-token')).toBe('ghp_of_a_person');
    const grant = await signInAndWait(lifeMs);
    expect(await keeper.read('github-token')).toBe(grant.token);
    expect(await keeper.origin('github-token')).toBeNull();
    await keeper.replace('ghp_of_another');
    expect(await keeper.read('github-token')).toBe('ghp_of_another');
    await keeper.replace(null);
    expect(await keeper.read('github-token')).toBeNull();
    expect(await readdir(join(dataDir, 'secrets'))).toEqual([]);
  });

  it('is still usable after a crash at any point of a change', async () => {
    const grant = await signInAndWait(lifeMs);
    const secrets = secretsOf();
    // The token of a person was stored, the grant not yet removed: the sign-in still stands.
    await secrets.write('github-token', 'ghp_of_a_person');
    expect(await openKeeper().read('github-token')).toBe(grant.token);
    // The grant was removed: the person's token stands.
    await secrets.write('github-grant', null);
    expect(await openKeeper().read('github-token')).toBe('ghp_of_a_person');
  });

  it('may be an OAuth app, whose tokens do not expire', async () => {
    const endless = {
      token: 'gho_endless',
      scopes: ['repo'],
      expiresAt: null,
      refreshToken: null,
      refreshExpiresAt: null,
    };
    await keeper.keep(endless, from());
    await bench.clock.advance(100 * lifeMs);
    expect(await keeper.read('github-token')).toBe('gho_endless');
    expect(refreshes()).toBe(0);
  });

  it.each(['', '{', 'null', '7', '{}', '{"token":"x"}', '{"token":7,"apiUrl":"a","clientId":"b"}'])(
    'is not a grant that reads %s',
    async (text) => {
      await keeper.replace('ghp_of_a_person');
      await writeFile(join(dataDir, 'secrets', 'github-grant'), text, { mode: 0o600 });
      expect(await keeper.read('github-token')).toBe('ghp_of_a_person');
      expect(await keeper.expiresAt()).toBeNull();
    },
  );

  it('does not concern other secrets', async () => {
    await keeper.write('onedev-token', 'od_token');
    expect(await keeper.read('onedev-token')).toBe('od_token');
    expect(await secretsOf().read('onedev-token')).toBe('od_token');
  });
});
