/** @file Mirrors taken out by the real program: bundles on the command line and over the web host, pushes elsewhere. */
import { readdir, readFile, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addCommit, createBare, generateLarge, readTips, runGit } from '../playground/repositories/index.ts';
import { OtherHost, otherToken, otherUser } from '../support/other-host.ts';
import { ProgramClient } from '../support/program-client.ts';
import { findSecrets, filesBelow } from '../support/secret-search.ts';
import { Served } from '../support/served.ts';
import { type Installation, Stage } from '../support/stage.ts';
import { waitUntil } from '../support/wait.ts';

const largeMegabytes = 105;

let stage: Stage;
let installation: Installation;
let other: OtherHost;
let count = 0;

beforeAll(async () => {
  [stage, other] = await Promise.all([Stage.start(2), OtherHost.start()]);
  // A window pushes to no server of its own computer unless that is named.
  installation = await stage.install({ EPICSTAR_ALLOW_INSECURE: '127.0.0.1' });
  const { bareDir, id } = stage.star(0);
  await addCommit(bareDir, 'side', 'first');
  const side = (await readTips(bareDir))['refs/heads/side'];
  const words = `object ${side}\ntype commit\ntag annotated\ntagger A <a@example.invalid> 1650000000 +0000\n\none\n`;
  const tag = (await runGit(bareDir, ['mktag'], [words])).trim();
  await runGit(bareDir, ['update-ref', 'refs/tags/annotated', tag]);
  const blob = (await runGit(bareDir, ['hash-object', '-w', '--stdin'], ['a blob\n'])).trim();
  await runGit(bareDir, ['update-ref', 'refs/tags/of-a-blob', blob]);
  expect(await installation.run(['sync'])).toMatchObject({ exitCode: 0 });
  // One old tip is kept.
  await runGit(bareDir, ['update-ref', '-d', 'refs/heads/side']);
  stage.github.world.pushed(id);
  expect(await installation.run(['sync'])).toMatchObject({ exitCode: 0 });
});
afterAll(async () => {
  await Promise.all([stage.close(), other.close()]);
});

const nameOf = (index = 0): string => stage.star(index).fullName;

async function mirrorRefs(index = 0): Promise<Record<string, string>> {
  return readTips(installation.mirrorDir(nameOf(index)));
}

function withoutKept(tips: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(tips).filter(([ref]) => !ref.startsWith('refs/epicstar/')));
}

/** Refs of a clone that takes everything, and where its HEAD is. */
async function cloneOf(bundle: string): Promise<{ tips: Record<string, string>; head: string }> {
  count += 1;
  const dir = join(stage.dir, `clone-${count}.git`);
  await runGit(stage.dir, ['clone', '--quiet', '--mirror', bundle, dir]);
  await runGit(dir, ['fsck', '--connectivity-only']);
  return { tips: await readTips(dir), head: (await runGit(dir, ['symbolic-ref', 'HEAD'])).trim() };
}

/** The most that a process ever had in memory. */
async function memoryOf(pid: number): Promise<number> {
  const status = await readFile(`/proc/${pid}/status`, 'utf8');
  return Number(/^VmHWM:\s+(\d+) kB$/m.exec(status)?.[1]) * 1_024;
}

async function freshPath(name: string): Promise<string> {
  count += 1;
  return join(stage.dir, `${count}-${name}`);
}

describe('bundle on the command line', () => {
  it('writes a file that git verifies and clones, equal to the mirror, HEAD included', async () => {
    const file = await freshPath('all.bundle');
    const { exitCode, stdout } = await installation.run(['bundle', nameOf(), '--out', file]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain(file);
    await runGit(installation.mirrorDir(nameOf()), ['bundle', 'verify', file]);
    const { tips, head } = await cloneOf(file);
    expect(tips).toEqual(withoutKept(await mirrorRefs()));
    expect(Object.keys(tips)).toEqual(expect.arrayContaining(['refs/tags/annotated', 'refs/tags/of-a-blob']));
    expect(head).toBe((await runGit(stage.star(0).bareDir, ['symbolic-ref', 'HEAD'])).trim());
  });

  it('takes kept tips along where that is wanted, tells of it in JSON, and leaves nothing beside it', async () => {
    const file = await freshPath('kept.bundle');
    const { exitCode, stdout } = await installation.run(['bundle', nameOf(), '--out', file, '--with-kept', '--json']);
    expect(exitCode).toBe(0);
    const all = await mirrorRefs();
    expect(Object.keys(all).some((ref) => ref.startsWith('refs/epicstar/kept/'))).toBe(true);
    const { size: bytes } = await stat(file);
    expect(JSON.parse(stdout)).toMatchObject({ file, bytes, refs: Object.keys(all).length, fullName: nameOf() });
    const heads = (await runGit(stage.dir, ['bundle', 'list-heads', file])).trim().split('\n');
    const named = Object.fromEntries(heads.map((line) => [line.slice(41), line.slice(0, 40)]));
    expect(named).toMatchObject(all);
    expect(
      (await readdir(join(installation.dataDir, 'git-home'))).filter((name) => name.startsWith('scratch')),
    ).toEqual([]);
  });

  it('overwrites nothing, knows its names, and needs a mirror', async () => {
    const file = await freshPath('taken.bundle');
    await writeFile(file, 'mine');
    const taken = await installation.run(['bundle', nameOf(), '--out', file]);
    expect(taken).toMatchObject({ exitCode: 2 });
    expect(taken.stderr).toContain('is there already');
    const link = await freshPath('link.bundle');
    await symlink(await freshPath('nowhere.bundle'), link);
    expect(await installation.run(['bundle', nameOf(), '--out', link])).toMatchObject({ exitCode: 2 });
    expect(await installation.run(['bundle', 'no/such', '--out', `${file}2`])).toMatchObject({ exitCode: 2 });
    const into = await installation.run(['bundle', nameOf(), '--out', stage.dir]);
    expect(into.exitCode).toBe(0);
    expect(into.stdout).toMatch(new RegExp(`${nameOf().replace('/', '-')}-\\d{8}\\.bundle`));
  });
});

describe('a bundle over the web host', () => {
  it('is made, fetched with a name of its own by members alone, and gone afterwards', async () => {
    const served = await Served.start(installation);
    const client = await ProgramClient.connect(served);
    const { id: githubId } = stage.star(0);
    const { id } = await client.call('handouts.bundle', { githubId, withKept: false });
    const made = await waitUntil('the bundle', async () => {
      const handout = await client.call('handouts.get', { id });
      expect(handout?.state).not.toBe('failed');
      return handout?.state === 'done' && handout;
    });
    expect(made.bundle?.fileName).toMatch(/^[\w.-]+-\d{8}\.bundle$/);
    expect((await fetch(new URL(`api/bundles/${id}`, served.url))).status).toBe(401);
    for (const site of ['same-site', 'cross-site']) {
      const visit = { 'sec-fetch-site': site, 'sec-fetch-mode': 'navigate' };
      expect((await served.fetch(`api/bundles/${id}`, { headers: visit })).status).toBe(403);
    }
    expect(id).toMatch(/^[a-z0-9]{18}-\d+$/);
    const answer = await served.fetch(`api/bundles/${id}`);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-disposition')).toBe(`attachment; filename="${made.bundle?.fileName}"`);
    expect(Number(answer.headers.get('content-length'))).toBe(made.bundle?.bytes);
    const file = await freshPath('fetched.bundle');
    await writeFile(file, Buffer.from(await answer.arrayBuffer()));
    expect((await cloneOf(file)).tips).toEqual(withoutKept(await mirrorRefs()));
    await waitUntil('the bundle to be removed', async () => (await served.fetch(`api/bundles/${id}`)).status === 404);
    expect(await readdir(join(installation.dataDir, 'bundles'))).toEqual([]);
    expect(await client.call('handouts.get', { id })).toBeNull();
    client.close();
    await served.program.stop();
  });

  it('that was never fetched is gone after the next start; a foreign or older id is not found', async () => {
    const first = await Served.start(installation);
    const client = await ProgramClient.connect(first);
    const { id } = await client.call('handouts.bundle', { githubId: stage.star(1).id, withKept: true });
    await waitUntil('the bundle', async () => (await client.call('handouts.get', { id }))?.state === 'done');
    client.close();
    await first.program.kill();
    expect(await readdir(join(installation.dataDir, 'bundles'))).toHaveLength(1);
    const second = await Served.start(installation);
    await waitUntil('the folder to be cleared', async () => {
      const names = await readdir(installation.dataDir);
      return !names.includes('bundles');
    });
    for (const wrong of [id, '..%2f..%2fsettings', 'x']) {
      expect((await second.fetch(`api/bundles/${wrong}`)).status).toBe(404);
    }
    await second.program.stop();
  });
});

describe('a large bundle', () => {
  it('goes through the program without ever being in its memory, and can be ended while it is made', async (context) => {
    if (process.platform !== 'linux') return context.skip('only Linux tells the memory of another process');
    const large = stage.add(await generateLarge(join(stage.dir, 'large'), largeMegabytes));
    expect(await installation.run(['sync'])).toMatchObject({ exitCode: 0 });
    const served = await Served.start(installation);
    const client = await ProgramClient.connect(served);
    const wanted = { githubId: large.id, withKept: false };

    const first = await client.call('handouts.bundle', wanted);
    expect((await client.call('handouts.bundle', wanted)).id).toBe(first.id);
    await waitUntil('git to read', async () => (await client.call('handouts.get', { id: first.id }))?.git !== null);
    const endedMs = performance.now();
    expect(await client.call('handouts.end', { id: first.id })).toEqual({ ended: true });
    expect((await client.call('handouts.get', { id: first.id }))?.state).toBe('cancelled');
    const home = join(installation.dataDir, 'git-home');
    await waitUntil('git to be gone', async () => !(await readdir(home)).some((name) => name.startsWith('scratch')));
    expect(performance.now() - endedMs).toBeLessThan(10_000);

    const { id } = await client.call('handouts.bundle', wanted);
    const done = await waitUntil(
      'the bundle',
      async () => {
        const handout = await client.call('handouts.get', { id });
        expect(handout?.error ?? null).toBeNull();
        return handout?.state === 'done' && handout;
      },
      120_000,
    );
    const before = await memoryOf(served.program.pid);
    const { body } = await served.fetch(`api/bundles/${id}`);
    let bytes = 0;
    for await (const part of body ?? []) bytes += part.length;
    expect(bytes).toBe(done.bundle?.bytes);
    expect(bytes).toBeGreaterThan(largeMegabytes * 1_000_000);
    expect((await memoryOf(served.program.pid)) - before).toBeLessThan(60_000_000);
    client.close();
    await served.program.stop();
  }, 240_000);
});

describe('push to another remote', () => {
  const push = (address: string, args: readonly string[] = [], token: string | null = otherToken) =>
    installation.run(['push', nameOf(), '--to', address, '--user', otherUser, ...args], {
      EPICSTAR_PUSH_TOKEN: token,
    });

  it('brings all branches and tags, and again what came since', async () => {
    const { address, dir } = other.add('all');
    const first = await push(address);
    expect(first).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await readTips(dir)).toEqual(withoutKept(await mirrorRefs()));
    const { bareDir, id } = stage.star(0);
    await addCommit(bareDir, 'main', 'more');
    stage.github.world.pushed(id);
    await installation.run(['sync']);
    const again = await push(address, ['--json']);
    expect(JSON.parse(again.stdout)).toMatchObject({ pushed: 1, isHeldBack: false, refused: [] });
    expect(await readTips(dir)).toEqual(withoutKept(await mirrorRefs()));
    const kept = await push(address, ['--with-kept']);
    expect(kept.exitCode).toBe(0);
    expect(await readTips(dir)).toEqual(await mirrorRefs());
  });

  it('takes the token from stdin, or a folder as the remote', async () => {
    const { address, dir } = other.add('stdin');
    const typed = await installation.run(
      ['push', nameOf(), '--to', address, '--user', otherUser, '--with-token'],
      {},
      `${otherToken}\n`,
    );
    expect(typed).toMatchObject({ exitCode: 0, stderr: '' });
    expect(await readTips(dir)).toEqual(withoutKept(await mirrorRefs()));
    const folder = await freshPath('folder.git');
    createBare(folder, 'main');
    expect(await installation.run(['push', nameOf(), '--to', folder])).toMatchObject({ exitCode: 0 });
    expect(await readTips(folder)).toEqual(withoutKept(await mirrorRefs()));
  });

  it('sends nothing where anything would be lost, and says what; what only the other has stays', async () => {
    const { address, dir } = other.add('own');
    await addCommit(dir, 'main', 'of somebody else');
    await addCommit(dir, 'theirs', 'theirs alone');
    const before = await readTips(dir);
    const refused = await push(address);
    expect(refused.exitCode).toBe(1);
    expect(refused.stdout).toContain('refused  refs/heads/main: the branch there has commits that the mirror has not');
    expect(await readTips(dir)).toEqual(before);
    await runGit(dir, ['update-ref', '-d', 'refs/heads/main']);
    await runGit(dir, ['update-ref', 'refs/tags/annotated', 'refs/heads/theirs']);
    expect((await push(address)).stdout).toContain('refused  refs/tags/annotated: there is another tag of this name');
    await runGit(dir, ['update-ref', '-d', 'refs/tags/annotated']);
    expect(await push(address)).toMatchObject({ exitCode: 0 });
    const theirs = before['refs/heads/theirs'];
    expect(await readTips(dir)).toEqual({ ...withoutKept(await mirrorRefs()), 'refs/heads/theirs': theirs });
  });

  it('refuses a wrong token, and addresses that are none or not safe, before anything is read', async () => {
    const { address } = other.add('wrong');
    const wrong = await push(address, [], 'not-the-token-at-all');
    expect(wrong.exitCode).toBe(1);
    expect(wrong.stderr).toContain('git was refused access.');
    expect(wrong.stderr).toContain('Check the user and the token for the other remote, then push again.');
    expect(wrong.stderr).not.toContain('by itself');
    for (const [bad, words] of [
      ['ssh://git@host/a', 'ssh is not supported'],
      ['git@host.example:a/b.git', 'ssh is not supported'],
      ['https://user:secret-in-url@host.example/a', 'must not contain a user or password'],
      ['http://git.example.org/a', 'A plain http address'],
      ['https://host.example/a?x=1', 'no query'],
    ] as const) {
      const { exitCode, stderr } = await push(bad);
      expect([bad, exitCode]).toEqual([bad, 2]);
      expect(stderr).toContain(words);
    }
  });

  it('over the window never takes a folder, and leaves the token nowhere', async () => {
    const served = await Served.start(installation);
    const client = await ProgramClient.connect(served);
    const { address, dir } = other.add('window');
    const wanted = { githubId: stage.star(0).id, user: otherUser, token: otherToken, withKept: false };
    await expect(client.call('handouts.push', { ...wanted, address: dir })).rejects.toThrow(/has to begin with https/);
    const { id } = await client.call('handouts.push', { ...wanted, address });
    const done = await waitUntil('the push', async () => {
      const handout = await client.call('handouts.get', { id });
      return handout !== null && handout.state !== 'working' && handout.state !== 'waiting' && handout;
    });
    expect(done).toMatchObject({ state: 'done', error: null, push: { isHeldBack: false, refusedCount: 0 } });
    expect(await readTips(dir)).toEqual(withoutKept(await mirrorRefs()));
    client.close();
    await served.program.stop();
    const places = await filesBelow(installation.dataDir);
    expect(findSecrets(places, [{ name: 'the other token', value: otherToken }])).toEqual([]);
    expect(other.asked.join('\n')).not.toContain(otherToken);
  });
});
