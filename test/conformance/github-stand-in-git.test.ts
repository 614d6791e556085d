/** @file Real git against the stand-in for GitHub: protocols, permissions, names, bad connections. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Github, startGithub } from '../playground/github/index.ts';
import {
  addCommit,
  type GeneratedRepository,
  generateRepositories,
  readTips,
  runGit,
} from '../playground/repositories/index.ts';

let dir: string;
let generated: readonly GeneratedRepository[];
let counter = 0;

const bareOf = (kind: GeneratedRepository['kind']): GeneratedRepository => {
  const found = generated.find((repository) => repository.kind === kind);
  if (found === undefined) throw new Error(`no ${kind}`);
  return found;
};

const freshDir = (): string => join(dir, `clone-${(counter += 1)}`);

const clone = async (url: string, ...settings: readonly string[]): Promise<string> => {
  const target = freshDir();
  await runGit(dir, [...settings.flatMap((setting) => ['-c', setting]), 'clone', '--quiet', '--bare', url, target]);
  return target;
};

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'stand-in-git-'));
  generated = await generateRepositories(join(dir, 'upstream'), { bigMegabytes: 8 });
});

afterAll(() => {
  rmSync(dir, { recursive: true, force: true });
});

describe('git over HTTP from the GitHub stand-in', () => {
  let github: Github;
  let publicId: number;

  beforeAll(async () => {
    github = await startGithub();
    publicId = github.world.addRepository(bareOf('rewritten'));
    github.world.addRepository({ ...bareOf('trunk'), fullName: 'stella/secret', private: true });
    github.world.addRepository(bareOf('big-blobs'));
  });

  afterAll(async () => {
    await github.close();
  });

  beforeEach(() => {
    github.faults.clear();
    github.log.clear();
  });

  const basic = (token: string): string => {
    const pair = Buffer.from(`x-access-token:${token}`).toString('base64');
    return `http.${github.url}/.extraHeader=Authorization: Basic ${pair}`;
  };

  it.each([0, 1, 2])('clones with protocol version %i', async (version) => {
    const copy = await clone(`${github.gitUrl}/grace/compiler.git`, `protocol.version=${version}`);
    expect(await readTips(copy)).toEqual(await readTips(bareOf('rewritten').bareDir));
    // Version 2 asks for the refs in a request of its own.
    expect(github.log.count({ kind: 'git', method: 'POST' })).toBe(version === 2 ? 2 : 1);
  });

  it('answers without the .git ending, and shows an empty repository for one without a folder', async () => {
    expect(await runGit(dir, ['ls-remote', `${github.gitUrl}/grace/compiler`])).toContain('refs/heads/main');
    github.world.addRepository({ fullName: 'ada/without-folder' });
    expect(await runGit(dir, ['ls-remote', `${github.gitUrl}/ada/without-folder.git`])).toBe('');
  });

  it('gives private repositories to a token with the scope repo alone', async () => {
    const url = `${github.gitUrl}/stella/secret.git`;
    const copy = await clone(url, basic(github.addToken()));
    expect(await readTips(copy)).toHaveProperty(['refs/heads/trunk']);
    await expect(clone(url, basic(github.addToken([])))).rejects.toThrow('not found');
    await expect(clone(url)).rejects.toThrow('terminal prompts disabled');
    await expect(clone(url, basic('gho_wrong'))).rejects.toThrow(/Authentication failed|terminal prompts disabled/);
    expect(github.log.filter({ path: /secret/, status: 401 }).length).toBeGreaterThanOrEqual(2);
    expect(github.log.count({ path: /secret/, status: 404 })).toBe(1);
  });

  it('hides what does not exist behind the same questions', async () => {
    const url = `${github.gitUrl}/stella/missing.git`;
    await expect(clone(url)).rejects.toThrow('terminal prompts disabled');
    await expect(clone(url, basic(github.addToken()))).rejects.toThrow('not found');
  });

  it('accepts no push', async () => {
    const copy = await clone(`${github.gitUrl}/grace/compiler.git`);
    await addCommit(copy, 'main', 'mine\n');
    await expect(runGit(copy, ['push', `${github.gitUrl}/grace/compiler.git`, 'main'])).rejects.toThrow('403');
  });

  it.each([
    ['dmca', '451'],
    ['tos', '403'],
  ] as const)('gives nothing of a repository blocked for %s', async (reason, status) => {
    github.world.block(publicId, reason);
    try {
      await expect(clone(`${github.gitUrl}/grace/compiler.git`)).rejects.toThrow(status);
    } finally {
      github.world.unblock(publicId);
    }
  });

  it('follows an old name until a stranger uses it', async () => {
    const id = github.world.addRepository({ ...bareOf('lfs-pointer'), fullName: 'ada/old' });
    github.world.rename(id, 'ada/new');
    const own = await readTips(bareOf('lfs-pointer').bareDir);
    expect(await readTips(await clone(`${github.gitUrl}/ada/old.git`))).toEqual(own);
    expect(github.log.count({ status: 301 })).toBe(1);
    expect(github.log.count({ path: '/ada/new.git/git-upload-pack' })).toBeGreaterThan(0);
    github.world.reuseName({ ...bareOf('dot-github'), fullName: 'ada/old' });
    const foreign = await readTips(bareOf('dot-github').bareDir);
    expect(await readTips(await clone(`${github.gitUrl}/ada/old.git`))).toEqual(foreign);
    expect(foreign).not.toEqual(own);
  });

  it('fails a clone when the connection is cut within the pack', async () => {
    github.faults.add({
      match: ({ path, method }) => path.endsWith('upload-pack') && method === 'POST',
      skip: 1,
      kind: 'cut',
      afterBytes: 1_000_000,
    });
    await expect(clone(`${github.gitUrl}/alan/dataset.git`)).rejects.toThrow(
      /early EOF|RPC failed|hung up|unexpected disconnect/,
    );
    expect(await github.log.waitFor({ kind: 'git', complete: false })).toMatchObject({
      bytesOut: 1_000_000,
      status: 200,
    });
  });

  it('is slow when told to be', async () => {
    const path = '/grace/compiler.git/info/refs';
    github.faults.add({ path, kind: 'slow-git', bytesPerSecond: 500 });
    const startedAt = performance.now();
    await clone(`${github.gitUrl}/grace/compiler.git`, 'protocol.version=0');
    const { bytesOut } = await github.log.waitFor({ path });
    expect(performance.now() - startedAt).toBeGreaterThan((bytesOut / 500) * 1000 * 0.9);
  });

  it('answers git with errors and redirects when told to', async () => {
    github.faults.add({ match: ({ kind }) => kind === 'git', times: 1, kind: 'status', status: 503, body: 'busy' });
    await expect(clone(`${github.gitUrl}/grace/compiler.git`)).rejects.toThrow('503');
    github.faults.add({
      match: ({ kind }) => kind === 'git',
      times: 1,
      kind: 'redirect-other-host',
      to: 'http://127.0.0.1:1/x/info/refs?service=git-upload-pack',
    });
    await expect(clone(`${github.gitUrl}/grace/compiler.git`)).rejects.toThrow(/127\.0\.0\.1.*1/);
  });

  it('counts the requests of one clone', async () => {
    await clone(`${github.gitUrl}/grace/compiler.git`);
    expect(github.log.filter({ kind: 'git' }).map(({ method, path, status }) => `${method} ${path} ${status}`)).toEqual(
      [
        'GET /grace/compiler.git/info/refs 200',
        'POST /grace/compiler.git/git-upload-pack 200',
        'POST /grace/compiler.git/git-upload-pack 200',
      ],
    );
  });
});
