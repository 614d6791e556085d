/** @file Settings, rules and choices on their way from one machine to another, by the command line. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultSelectionRules } from '../../src-main/engine/domain/selection.ts';
import { ProgramClient } from '../support/program-client.ts';
import { Served } from '../support/served.ts';
import { type Installation, Stage } from '../support/stage.ts';
import { waitUntil } from '../support/wait.ts';

let stage: Stage;
let old: Installation;
let file: string;

beforeAll(async () => {
  stage = await Stage.start(4);
  old = await stage.install();
  file = join(old.dir, 'epicstar.json');
  const served = await Served.start(old);
  await served.mirrored(4);
  const client = await ProgramClient.connect(served);
  await client.call('settings.change', { change: { pollSeconds: '90' } });
  const rules = { ...defaultSelectionRules, namePatterns: { only: [], never: [stage.star(3).fullName] } };
  await client.call('selection.save', { rules });
  await client.call('repositories.choose', { githubIds: [stage.star(2).id], choice: 'exclude' });
  client.close();
  await served.program.stop();
});
afterAll(() => stage.close());

const exportTo = (installation: Installation, path: string) => installation.run(['config', 'export', path]);

describe('a configuration', () => {
  it('is exported with rules and choices, and without a secret', async () => {
    expect(await exportTo(old, file)).toMatchObject({ exitCode: 0, stdout: '', stderr: '' });
    const text = await readFile(file, 'utf8');
    expect(JSON.parse(text)).toMatchObject({
      format: 'epicstar-config',
      version: 1,
      settings: { pollSeconds: '90' },
      rules: { namePatterns: { never: [stage.star(3).fullName] } },
      choices: { include: [], exclude: [stage.star(2).id] },
    });
    expect(text).not.toContain(stage.githubToken);
    expect(text).not.toContain(old.onedev.adminToken);
  });

  it('decides on another machine before the first star is seen there', async () => {
    await exportTo(old, file);
    const fresh = await stage.install();
    const dry = await fresh.run(['config', 'import', file, '--dry-run']);
    expect(dry).toMatchObject({ exitCode: 0, stderr: '' });
    expect(dry.stdout).toContain('settings  pollSeconds: 60 -> 90');
    expect(dry.stdout).toContain(`rules  namePatterns: all -> never ${stage.star(3).fullName}`);
    expect(dry.stdout).toContain('choices  exclude: 0 repositories -> 1 repository');
    expect(dry.stdout).toMatch(/Nothing was changed\.\n$/);
    expect((await fresh.run(['config', 'export'])).stdout).not.toContain('namePatterns');

    const imported = await fresh.run(['config', 'import', file]);
    expect(imported).toMatchObject({ exitCode: 0, stderr: '' });
    const again = join(fresh.dir, 'again.json');
    await exportTo(fresh, again);
    expect(JSON.parse(await readFile(again, 'utf8'))).toEqual(JSON.parse(await readFile(file, 'utf8')));
    expect((await fresh.run(['config', 'import', file, '--dry-run'])).stdout).toBe('Nothing changes.\n');

    const { stdout } = await fresh.run(['sync', '--json']);
    expect(JSON.parse(stdout)).toMatchObject({ mirrored: 2, failed: [] });
    expect(fresh.onedev.world.findByPath(`github/${stage.star(2).fullName}`)).toBeUndefined();
    expect(fresh.onedev.world.findByPath(`github/${stage.star(3).fullName}`)).toBeUndefined();
    // A choice is the repository's own by now, and still goes along.
    await exportTo(fresh, again);
    expect(JSON.parse(await readFile(again, 'utf8')).choices).toEqual({ include: [], exclude: [stage.star(2).id] });
  });

  it('is imported in the window too, and says what is wrong with it', async () => {
    await exportTo(old, file);
    const text = await readFile(file, 'utf8');
    const fresh = await stage.install();
    const served = await Served.start(fresh);
    const client = await ProgramClient.connect(served);
    const { changes } = await client.call('settings.previewImport', { text });
    expect(changes.map(({ part, name }) => `${part} ${name}`)).toContain('choices exclude');
    const broken = text.replace('"scope": "all"', '"scope": "some"');
    await expect(client.call('settings.import', { text: broken })).rejects.toThrow('rules.scope');
    await client.call('settings.import', { text });
    await waitUntil('the choice', async () => {
      const row = await client.call('repositories.get', { githubId: stage.star(2).id });
      return row?.choice === 'exclude';
    });
    expect(JSON.parse((await client.call('settings.export', {})).text)).toEqual(JSON.parse(text));
    client.close();
    await served.program.stop();
  });

  it.each([
    ['onedevUrl', ['onedev', '--url']],
    ['githubApiUrl', ['github', '--with-token']],
  ] as const)('with another %s is refused where a token is stored, which would go there', async (name, words) => {
    const fresh = await stage.install({
      EPICSTAR_GITHUB_TOKEN: null,
      EPICSTAR_ONEDEV_URL: null,
      EPICSTAR_ONEDEV_TOKEN: null,
    });
    const isOnedev = name === 'onedevUrl';
    const args = [...words, ...(isOnedev ? [fresh.onedev.url] : [])];
    const token = isOnedev ? fresh.onedev.adminToken : stage.githubToken;
    expect(await fresh.run(['login', ...args], {}, token)).toMatchObject({ exitCode: 0 });
    const hostile = join(fresh.dir, 'hostile.json');
    const settings = { [name]: 'https://somebody.example' };
    await writeFile(hostile, JSON.stringify({ format: 'epicstar-config', version: 1, settings }));
    const before = (await fresh.run(['config', 'export'])).stdout;
    const refused = await fresh.run(['config', 'import', hostile]);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain('is stored, which is not sent elsewhere');
    expect((await fresh.run(['config', 'export'])).stdout).toBe(before);
  });

  it('of settings alone can be imported beside a running program, and one with rules says why not', async () => {
    const fresh = await stage.install();
    const served = await Served.start(fresh);
    await exportTo(old, file);
    const refused = await fresh.run(['config', 'import', file]);
    expect(refused.exitCode).toBe(2);
    expect(refused.stderr).toContain('in use');
    await served.program.stop();
  });
});
