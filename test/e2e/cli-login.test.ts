/** @file Signing in from the terminal, against stand-ins of GitHub and OneDev. */
import { existsSync } from 'node:fs';
import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { GITHUB_APP_CLIENT_ID, OAUTH_APP_CLIENT_ID } from '../playground/github/index.ts';
import type { Program } from '../support/program.ts';
import { filesBelow, findSecrets } from '../support/secret-search.ts';
import { Served } from '../support/served.ts';
import { type EnvironmentChange, type Installation, Stage } from '../support/stage.ts';
import { waitUntil } from '../support/wait.ts';

/** A person who has signed in nowhere yet. */
const nobody: EnvironmentChange = {
  EPICSTAR_GITHUB_TOKEN: null,
  EPICSTAR_ONEDEV_URL: null,
  EPICSTAR_ONEDEV_TOKEN: null,
};
const withApp: EnvironmentChange = { ...nobody, EPICSTAR_GITHUB_CLIENT_ID: OAUTH_APP_CLIENT_ID };
const codeAlone = /^ {4}([A-Z0-9]{4}-[A-Z0-9]{4})$/m;

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.start(1);
  stage.github.deviceFlow.configure({ intervalSeconds: 1 });
});
afterEach(() => stage.github.faults.clear());
afterAll(() => stage.close());

async function beginFlow(
  change: EnvironmentChange,
  args: readonly string[] = [],
): Promise<{ readonly installation: Installation; readonly program: Program; readonly code: string }> {
  const installation = await stage.install(change);
  const program = installation.start(['login', 'github', ...args]);
  const [, code = ''] = await program.waitFor(codeAlone, args.includes('--json') ? 'stderr' : 'stdout');
  return { installation, program, code };
}

const storedSecret = (installation: Installation, name: string): string => join(installation.dataDir, 'secrets', name);

describe('login github', () => {
  it('shows a code and signs in once it is approved', async () => {
    const { installation, program, code } = await beginFlow(withApp);
    expect(program.stdout).toContain(`on ${stage.github.url}/login/device\n`);
    expect(stage.github.deviceFlow.pending()).toMatchObject([{ clientId: OAUTH_APP_CLIENT_ID, scopes: [] }]);
    stage.github.deviceFlow.approve(code);
    const { exitCode, stdout, stderr } = await program.ended;
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^Signed in to \S+ as stella \(.+\)\.$/m);
    expect(stdout).toContain('Private repositories that you starred cannot be read: that needs the scope repo.');
    expect(stdout.split('\n').length).toBeLessThan(12);
    const path = storedSecret(installation, 'github-grant');
    expect((await stat(path)).mode & 0o077).toBe(0);
    const { token } = JSON.parse(await readFile(path, 'utf8')) as { readonly token: string };
    expect(findSecrets([{ name: 'stdout', bytes: Buffer.from(stdout) }], [{ name: 'token', value: token }])).toEqual(
      [],
    );
    // It is what all else uses from now on.
    const doctor = await installation.run(['doctor'], { EPICSTAR_ONEDEV_URL: installation.onedev.url });
    expect(doctor.stdout).toMatch(
      /^ok +github, token: signed in to \S+ as stella, no scopes: public repositories only$/m,
    );
  });

  it('asks for private stars where it is told to, and answers in JSON', async () => {
    const { program, code } = await beginFlow(withApp, ['--private', '--json']);
    expect(stage.github.deviceFlow.pending().at(-1)).toMatchObject({ scopes: ['repo'] });
    stage.github.deviceFlow.approve(code);
    const { exitCode, stdout } = await program.ended;
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      account: { login: 'stella', scopes: ['repo'], limits: [], expiresAt: null },
    });
  });

  it('githubClientId: signs in as the app that it names', async () => {
    const { installation, program, code } = await beginFlow({
      ...nobody,
      EPICSTAR_GITHUB_CLIENT_ID: GITHUB_APP_CLIENT_ID,
    });
    expect(stage.github.deviceFlow.pending().at(-1)).toMatchObject({ clientId: GITHUB_APP_CLIENT_ID });
    stage.github.deviceFlow.approve(code);
    const { exitCode, stdout } = await program.ended;
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^The token is good until \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC; it is renewed before\.$/m);
    expect(stdout).toContain('This kind of token does not tell what it may do.');
    expect(JSON.parse(await readFile(storedSecret(installation, 'github-grant'), 'utf8'))).toMatchObject({
      clientId: GITHUB_APP_CLIENT_ID,
      refreshToken: expect.stringMatching(/^ghr_/),
    });
    const unknown = await installation.run(['login', 'github'], { EPICSTAR_GITHUB_CLIENT_ID: 'nobody-knows' });
    expect(unknown).toMatchObject({ exitCode: 2, stdout: '' });
  });

  it.each([
    ['refused', (code: string) => void stage.github.deviceFlow.deny(code), /refused/],
    ['late', () => stage.github.deviceFlow.expireAll(), /not entered in time/],
  ])('ends with exit code 3 where the code is %s', async (_how, end, words) => {
    const { installation, program, code } = await beginFlow(withApp);
    end(code);
    const { exitCode, stderr } = await program.ended;
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/^epicstar: .*\n.+\n$/);
    expect(stderr).toMatch(words);
    expect(await readdir(join(installation.dataDir, 'secrets'))).toEqual([]);
  });

  it('Ctrl+C ends it, and nothing goes on later', async () => {
    const { installation, program, code } = await beginFlow(withApp);
    program.signal('SIGINT');
    expect((await program.ended).exitCode).toBe(130);
    expect(existsSync(storedSecret(installation, 'github-device-flow'))).toBe(false);
    stage.github.deviceFlow.deny(code);
  });

  it('without a client id it says in three lines what can be done', async () => {
    const installation = await stage.install(nobody);
    const { exitCode, stdout, stderr } = await installation.run(['login', 'github']);
    expect({ exitCode, stdout }).toEqual({ exitCode: 2, stdout: '' });
    expect(stderr.trimEnd().split('\n')).toEqual([
      expect.stringContaining('No client id is set'),
      expect.stringContaining('EPICSTAR_GITHUB_CLIENT_ID'),
      expect.stringContaining('--with-token'),
    ]);
    const json = await installation.run(['login', 'github', '--json']);
    expect(json.exitCode).toBe(2);
    expect(JSON.parse(json.stdout)).toMatchObject({ error: { code: 'config-invalid' } });
  });

  it('takes a token from its standard input, and stores none that does not work', async () => {
    const installation = await stage.install(nobody);
    const wrong = `ghp_${'R3fusedByG1tHub'.repeat(3)}`.slice(0, 40);
    const refused = await installation.run(['login', 'github', '--with-token'], {}, `${wrong}\n`);
    expect(refused).toMatchObject({ exitCode: 3, stdout: '' });
    expect(existsSync(storedSecret(installation, 'github-token'))).toBe(false);
    const empty = await installation.run(['login', 'github', '--with-token'], {}, '');
    expect(empty).toMatchObject({ exitCode: 2, stdout: '' });

    const token = stage.github.addToken(['read:user']);
    const ended = await installation.run(['login', 'github', '--with-token'], {}, `${token}\n`);
    expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
    expect(ended.stdout).toMatch(/^Signed in to \S+ as stella/);
    expect(await readFile(storedSecret(installation, 'github-token'), 'utf8')).toBe(`${token}\n`);
    expect((await stat(storedSecret(installation, 'github-token'))).mode & 0o077).toBe(0);
    const printed = [refused, ended].map((one, at) => ({
      name: String(at),
      bytes: Buffer.from(one.stdout + one.stderr),
    }));
    const searched = [...printed, ...(await filesBelow(installation.dataDir))];
    expect(
      findSecrets(searched, [
        { name: 'wrong', value: wrong },
        { name: 'right', value: token },
      ]),
    ).toEqual([`${join('secrets', 'github-token')}: right`]);
  });

  it('is interrupted while it waits for a token', async () => {
    const installation = await stage.install(nobody);
    const program = installation.start(['login', 'github', '--with-token'], {}, null);
    // It listens to signals before it makes its folder.
    await waitUntil('its data directory', () => existsSync(installation.dataDir));
    program.signal('SIGINT');
    expect((await program.ended).exitCode).toBe(130);
  });

  it('keeps the address of another GitHub', async () => {
    const installation = await stage.install({ ...nobody, EPICSTAR_GITHUB_API_URL: null });
    const host = `${stage.github.url}/api/v3`;
    const ended = await installation.run(['login', 'github', '--with-token', '--host', host], {}, stage.githubToken);
    expect(ended).toMatchObject({ exitCode: 0, stderr: '' });
    expect(JSON.parse(await readFile(join(installation.dataDir, 'settings.json'), 'utf8'))).toMatchObject({
      githubApiUrl: host,
    });
    const plain = await installation.run(
      ['login', 'github', '--with-token', '--host', 'http://ghe.example.org'],
      {},
      'x',
    );
    expect(plain.exitCode).toBe(2);
    const fixed = { EPICSTAR_GITHUB_API_URL: host };
    const elsewhere = await installation.run(
      ['login', 'github', '--with-token', '--host', 'ghe.example.org'],
      fixed,
      'x',
    );
    expect(elsewhere).toMatchObject({ exitCode: 2, stdout: '' });
    expect(elsewhere.stderr).toContain('EPICSTAR_GITHUB_API_URL');
  });

  it('changes no token that comes from outside', async () => {
    const installation = await stage.install();
    const ended = await installation.run(['login', 'github', '--with-token'], {}, stage.githubToken);
    expect(ended).toMatchObject({ exitCode: 2, stdout: '' });
    expect(ended.stderr).toContain('comes from outside');
  });
});

describe('login onedev', () => {
  const login = (installation: Installation, args: readonly string[], input: string) =>
    installation.run(['login', 'onedev', '--url', installation.onedev.url, ...args], {}, input);

  it('tries everything, tells each finding, stores what works, and mirrors with it', async () => {
    const installation = await stage.install({ ...nobody, EPICSTAR_GITHUB_TOKEN: stage.githubToken });
    const { exitCode, stdout, stderr } = await login(installation, ['--root', 'stars'], installation.onedev.adminToken);
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    const names = [...stdout.matchAll(/^ok {7}([a-z ]+): /gm)].map(([, name]) => name);
    expect(names.slice(0, 2)).toEqual(['reached', 'token']);
    expect(new Set(names).size).toBe(names.length);
    expect(stdout).toMatch(/^Saved\. Mirrors go to http:\S+, below stars\./m);
    expect(stdout).not.toContain(installation.onedev.adminToken);
    expect(JSON.parse(await readFile(join(installation.dataDir, 'settings.json'), 'utf8'))).toEqual({
      onedevUrl: installation.onedev.url,
      onedevRoot: 'stars',
    });
    expect(await installation.run(['sync'])).toMatchObject({ exitCode: 0 });
    expect(Object.keys(await installation.mirrorTips(stage.star(0).fullName, 'stars')).length).toBeGreaterThan(0);
    // Once more, without naming anything again.
    const again = await installation.run(['login', 'onedev', '--json'], {}, installation.onedev.adminToken);
    expect(again.exitCode).toBe(0);
    expect(JSON.parse(again.stdout)).toMatchObject({ saved: true, made: [] });
  });

  it('stores nothing where something failed', async () => {
    const installation = await stage.install({ ...nobody, EPICSTAR_GITHUB_TOKEN: stage.githubToken });
    const wrong = 'R3fusedByOneDev0R3fusedByOneDev0R3fused0';
    const ended = await login(installation, [], wrong);
    expect(ended.exitCode).toBe(2);
    expect(ended.stdout).toMatch(/^ok {7}reached: /m);
    expect(ended.stdout).toMatch(/^FAILED {3}token: /m);
    expect(ended.stdout).toMatch(/^Nothing was saved\.$/m);
    const json = await login(installation, ['--json'], wrong);
    expect(json.exitCode).toBe(2);
    expect(JSON.parse(json.stdout)).toMatchObject({
      saved: false,
      made: [],
      items: [{ state: 'ok' }, { state: 'failed' }],
    });
    expect(existsSync(join(installation.dataDir, 'settings.json'))).toBe(false);
    expect(await filesBelow(installation.dataDir)).not.toContainEqual(
      expect.objectContaining({ name: join('secrets', 'onedev-token') }),
    );
  });

  it('makes parent, role and token with an administrator’s password, and keeps that nowhere', async () => {
    const installation = await stage.install({ ...nobody, EPICSTAR_GITHUB_TOKEN: stage.githubToken });
    const refused = await login(installation, ['--admin', 'admin'], 'not-the-password');
    expect(refused.exitCode).toBe(3);
    const { exitCode, stdout, stderr } = await login(installation, ['--admin', 'admin'], 'admin');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toMatch(/^made {5}the project 'github'$/m);
    expect(stdout).toMatch(/^made {5}.*role/m);
    expect(stdout).toMatch(/^Saved\./m);
    const token = (await readFile(storedSecret(installation, 'onedev-token'), 'utf8')).trim();
    expect(token).not.toBe(installation.onedev.adminToken);
    expect(await installation.run(['sync'])).toMatchObject({ exitCode: 0 });
  });

  it.each([
    ['no address', []],
    ['plain http elsewhere', ['--url', 'http://onedev.example.org']],
    ['certificates that are not there', ['--url', 'https://127.0.0.1:9', '--ca-file', 'nowhere.pem']],
  ])('%s: exit code 2', async (_case, args) => {
    const installation = await stage.install(nobody);
    const ended = await installation.run(['login', 'onedev', ...args], {}, 'token-0123456789');
    expect(ended).toMatchObject({ exitCode: 2, stdout: '' });
    expect(ended.stderr).toMatch(/^epicstar: /);
  });

  it('works beside a running window', async () => {
    const installation = await stage.install(nobody);
    const served = await Served.start(installation);
    expect(await login(installation, [], installation.onedev.adminToken)).toMatchObject({ exitCode: 0 });
    const github = await installation.run(['login', 'github', '--with-token'], {}, stage.githubToken);
    expect(github).toMatchObject({ exitCode: 0, stderr: '' });
    expect((await served.program.stop()).exitCode).toBe(0);
  });
});
