/** @file Wrong settings and wrong words: exit code 2, the cause and the next step; export and import of settings. */
import { existsSync } from 'node:fs';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type EnvironmentChange, type Installation, Stage } from '../support/stage.ts';

let stage: Stage;
/** Only looked at: nothing here may begin any work. */
let idle: Installation;

beforeAll(async () => {
  stage = await Stage.start(1);
  idle = await stage.install();
});
afterAll(() => stage.close());

async function writeSettings({ dataDir }: Installation, text: string): Promise<void> {
  await mkdir(dataDir, { recursive: true });
  await writeFile(join(dataDir, 'settings.json'), text);
}

describe('wrong settings', () => {
  const correctIt = 'Correct the setting named here.';
  it.each<[string, EnvironmentChange, RegExp, string]>([
    [
      'a number that is none',
      { EPICSTAR_POLL_SECONDS: 'soon' },
      /A setting is wrong\. pollSeconds is "soon" \(from EPICSTAR_POLL_SECONDS\); allowed: a whole number from 30 to 86400\./,
      correctIt,
    ],
    [
      'a word that is not known',
      { EPICSTAR_TARGET: 'gitea' },
      /target is "gitea" \(from EPICSTAR_TARGET\); allowed: onedev, folder\./,
      correctIt,
    ],
    [
      'a token in an address',
      { EPICSTAR_ONEDEV_URL: 'https://user:secret@onedev.example.org' },
      /allowed: an http or https address without user, password/,
      correctIt,
    ],
    ['no address of OneDev', { EPICSTAR_ONEDEV_URL: null }, /EPICSTAR_ONEDEV_URL is not set\./, correctIt],
    ['no folder', { EPICSTAR_TARGET: 'folder' }, /EPICSTAR_FOLDER is not set\./, correctIt],
    [
      'certificates that are not there',
      { EPICSTAR_CA_FILE: '/nowhere.pem' },
      /\/nowhere\.pem cannot be read\./,
      correctIt,
    ],
    [
      'plain http to GitHub',
      { EPICSTAR_GITHUB_API_URL: 'http://github.example.org' },
      /A plain http address .* is not allowed\. GitHub's address is http:\/\/github\.example\.org\./,
      'Use https, or name the host in EPICSTAR_ALLOW_INSECURE.',
    ],
    [
      'plain http to OneDev',
      { EPICSTAR_ONEDEV_URL: 'http://onedev.example.org' },
      /A plain http address .* is not allowed\. OneDev's address is http:\/\/onedev\.example\.org\./,
      'Use https, or name the host in EPICSTAR_ALLOW_INSECURE.',
    ],
  ])('%s: exit code 2, cause and next step', async (_case, change, cause, nextStep) => {
    const ended = await idle.run(['sync'], change);
    expect(ended).toMatchObject({ exitCode: 2, stdout: '' });
    const [first, second, ...rest] = ended.stderr.trimEnd().split('\n');
    expect(first).toMatch(/^epicstar: /);
    expect(first).toMatch(cause);
    expect(second).toBe(nextStep);
    expect(rest).toEqual([]);
    expect(ended.stderr).not.toContain('secret');
  });

  it('an unknown name in settings.json is refused with the nearest one', async () => {
    const installation = await stage.install();
    await writeSettings(installation, '{ "pollSecond": 60 }');
    const ended = await installation.run(['status']);
    expect(ended).toMatchObject({ exitCode: 2, stdout: '' });
    expect(ended.stderr).toMatch(
      /settings\.json holds "pollSecond", which is no setting; the nearest one is pollSeconds\.$/m,
    );
    await writeSettings(installation, 'pollSeconds = 60');
    expect((await installation.run(['status'])).stderr).toMatch(/settings\.json is not JSON\.$/m);
  });

  it('an unknown variable is only warned of, with the nearest one', async () => {
    const ended = await idle.run(['status'], { EPICSTAR_POL_SECONDS: '60' });
    expect(ended.exitCode).toBe(0);
    expect(ended.stderr).toMatch(/ WARN .*variable=EPICSTAR_POL_SECONDS didYouMean=EPICSTAR_POLL_SECONDS$/m);
  });

  it('unknown commands and options are refused with a hint', async () => {
    const command = await idle.run(['sink']);
    expect(command).toMatchObject({ exitCode: 2, stdout: '' });
    expect(command.stderr).toContain("unknown command 'sink'\n(Did you mean sync?)");
    expect(await idle.run(['sync', '--everything'])).toMatchObject({ exitCode: 2, stdout: '' });
    expect(await idle.run(['history', '--limit', '0'])).toMatchObject({ exitCode: 2, stdout: '' });
    const help = await idle.run(['--help']);
    expect(help).toMatchObject({ exitCode: 0, stderr: '' });
    for (const word of ['serve', 'sync', 'status', 'history', 'verify', 'doctor', 'config']) {
      expect(help.stdout).toMatch(new RegExp(`^ {2}${word}\\b`, 'm'));
    }
  });
});

describe('the data directory', () => {
  it('in use by another process: exit code 2, and who has it', async () => {
    const installation = await stage.install();
    const serve = installation.start(['serve', '--port', '0']);
    await serve.waitFor(/^The window: /m);
    const ended = await installation.run(['sync']);
    expect(ended).toMatchObject({ exitCode: 2, stdout: '' });
    expect(ended.stderr).toBe(
      `epicstar: Another epicstar uses this data directory. The data directory ${installation.dataDir} is in use by ` +
        `process ${serve.pid}.\nEnd the other one, or choose another data directory with --data-dir.\n`,
    );
    expect((await serve.stop()).exitCode).toBe(0);
    // Killed without a chance to tidy up, it does not lock anybody out.
    const killed = installation.start(['serve', '--port', '0']);
    await killed.waitFor(/^The window: /m);
    await killed.kill();
    expect(await installation.run(['sync'])).toMatchObject({ exitCode: 0 });
  });

  it('with the database of a newer epicstar: exit code 2, and it is not touched', async () => {
    const installation = await stage.install();
    await installation.run(['sync']);
    const path = join(installation.dataDir, 'epicstar.db');
    const database = new Database(path);
    database.pragma('user_version = 99');
    database.pragma('wal_checkpoint(TRUNCATE)');
    database.close();
    const before = await readFile(path);
    for (const command of ['sync', 'status']) {
      const ended = await installation.run([command]);
      expect(ended, command).toMatchObject({ exitCode: 2, stdout: '' });
      expect(ended.stderr, command).toMatch(
        /^epicstar: The database was written by a newer epicstar\. .* has schema version 99; .*\nInstall that version or newer; the database was not touched\.\n$/,
      );
    }
    expect(await readFile(path)).toEqual(before);
  });

  it('that is damaged: exit code 2, and it is not touched', async () => {
    const installation = await stage.install();
    await mkdir(installation.dataDir, { recursive: true });
    const path = join(installation.dataDir, 'epicstar.db');
    await writeFile(path, 'this is no database at all, but long enough to be taken for one'.repeat(20));
    const before = await readFile(path);
    const ended = await installation.run(['sync', '--json']);
    expect(ended.exitCode).toBe(2);
    expect(JSON.parse(ended.stdout)).toMatchObject({ error: { code: 'database-damaged' } });
    expect(await readFile(path)).toEqual(before);
  });

  it('is named by --data-dir before the environment', async () => {
    const installation = await stage.install();
    const other = join(installation.dir, 'elsewhere');
    expect(await installation.run(['sync', '--data-dir', other])).toMatchObject({ exitCode: 0 });
    expect(existsSync(join(other, 'epicstar.db'))).toBe(true);
    expect(existsSync(installation.dataDir)).toBe(false);
  });
});

describe('config', () => {
  it('export and import are a round trip, and no secret is in it', async () => {
    const installation = await stage.install();
    const settings = { pollSeconds: 90, allowInsecure: ['nas.example.org'], onedevRoot: 'mirrors/github' };
    await writeSettings(installation, JSON.stringify(settings));
    const exported = await installation.run(['config', 'export']);
    expect(exported).toMatchObject({ exitCode: 0, stderr: '' });
    expect(JSON.parse(exported.stdout)).toMatchObject({ format: 'epicstar-config', version: 1, settings });
    expect(exported.stdout).not.toContain(stage.githubToken);

    const file = join(installation.dir, 'exported.json');
    await writeFile(file, exported.stdout);
    const copy = await stage.install();
    const imported = await copy.run(['config', 'import', file]);
    expect(imported).toMatchObject({ exitCode: 0, stderr: '' });
    expect(imported.stdout).toMatch(/^settings {2}onedevRoot: github -> mirrors\/github$/m);
    expect(imported.stdout).toMatch(/\nThe configuration was imported\.\n$/);
    expect((await copy.run(['config', 'export', '--json'])).stdout).toBe(exported.stdout);
    await copy.run(['sync']);
    expect(copy.onedev.world.findByPath(`mirrors/github/${stage.star(0).fullName}`)).toBeDefined();
  });

  it.each([
    ['no JSON', 'pollSeconds: 60', 'is not JSON'],
    ['an unknown name', '{ "pollSeconds": 60, "colour": "red" }', '"colour", which is no setting'],
    ['a value that is not allowed', '{ "pollSeconds": 5 }', 'allowed: a whole number from 30 to 86400'],
    ['a secret', '{ "githubToken": "ghp_x" }', '"githubToken", which is no setting'],
    ['a list', '[1, 2]', 'does not hold one JSON object'],
  ])('import of %s changes nothing', async (_case, text, words) => {
    const installation = await stage.install();
    await writeSettings(installation, '{ "pollSeconds": 90 }');
    const file = join(installation.dir, 'import.json');
    await writeFile(file, text);
    const ended = await installation.run(['config', 'import', file]);
    expect(ended).toMatchObject({ exitCode: 2, stdout: '' });
    expect(ended.stderr).toContain(words);
    expect(ended.stderr).toMatch(/\nCorrect the setting named here\.\n$/);
    expect(await readFile(join(installation.dataDir, 'settings.json'), 'utf8')).toBe('{ "pollSeconds": 90 }');
  });

  it('import of a file that is not there says so', async () => {
    const ended = await idle.run(['config', 'import', '/nowhere.json', '--json']);
    expect(ended.exitCode).toBe(2);
    expect(JSON.parse(ended.stdout).error.message).toContain('/nowhere.json cannot be read');
  });
});
