/** @file Real git against the playground's git server: pushes, protocols, compression, bad connections. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGitHttpHandler, type GitHttpFaults, type GitHttpRecord } from '../playground/git-http/index.ts';
import {
  createBare,
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

beforeAll(async () => {
  dir = mkdtempSync(join(tmpdir(), 'git-http-'));
  generated = await generateRepositories(join(dir, 'upstream'), { bigMegabytes: 8 });
});

afterAll(() => {
  rmSync(dir, { recursive: true, force: true });
});

/** A process may end between being listed and being read. */
const readFileIfThere = (path: string): string => {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
};

describe('the git server itself', () => {
  interface Served {
    readonly url: string;
    readonly repoDir: string;
    readonly records: readonly GitHttpRecord[];
    /** Content encodings of the requests, in the same order as the records. */
    readonly encodings: ReadonlyArray<string | undefined>;
    close(): Promise<void>;
  }

  /** Process ids of a group, without the dead ones that nobody has collected yet. */
  const runningInGroup = (groupId: number): string[] =>
    readdirSync('/proc').filter((pid) => {
      if (!/^\d+$/.test(pid)) return false;
      // The fields after the name in parentheses: state, parent, process group.
      const [state, , group] = readFileIfThere(`/proc/${pid}/stat`)
        .replace(/^.*\) /s, '')
        .split(' ');
      return Number(group) === groupId && state !== 'Z';
    });

  const serve = async (
    allowPush: boolean,
    options: { readonly faults?: GitHttpFaults; readonly gitPath?: string } = {},
  ): Promise<Served> => {
    const repoDir = freshDir();
    createBare(repoDir, 'main');
    const records: GitHttpRecord[] = [];
    const encodings: Array<string | undefined> = [];
    const handle = createGitHttpHandler({
      resolve: () => ({ repoDir, allowPush, ...(options.faults === undefined ? {} : { faults: options.faults }) }),
      onRequest: (record, request) => {
        records.push(record);
        encodings.push(request.headers['content-encoding']);
      },
      ...(options.gitPath === undefined ? {} : { gitPath: options.gitPath }),
    });
    const server = createServer((request, response) => void handle(request, response));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    return {
      url: `http://127.0.0.1:${port}/x.git`,
      repoDir,
      records,
      encodings,
      close: () =>
        new Promise((resolve) => {
          server.close(() => resolve());
          server.closeAllConnections();
        }),
    };
  };

  it.each([0, 1, 2])('takes a push of every ref, small and large, with protocol version %i', async (version) => {
    const served = await serve(true);
    try {
      for (const kind of ['many-tags', 'unfit-refs', 'odd-tags', 'unicode', 'big-blobs'] as const) {
        const { bareDir } = bareOf(kind);
        const refspecs = [`+refs/heads/*:refs/heads/${kind}/*`, `+refs/tags/*:refs/tags/${kind}/*`];
        await runGit(bareDir, ['-c', `protocol.version=${version}`, 'push', '--quiet', served.url, ...refspecs]);
        const pushed = await readTips(served.repoDir);
        for (const [name, id] of Object.entries(await readTips(bareDir))) {
          expect(pushed[name.replace(/^refs\/(heads|tags)\//, `refs/$1/${kind}/`)]).toBe(id);
        }
      }
    } finally {
      await served.close();
    }
    // The large pack came in pieces, the small ones compressed in one.
    expect(Math.max(...served.records.map((record) => record.bytesIn))).toBeGreaterThan(8_000_000);
  });

  it('understands compressed requests', async () => {
    const served = await serve(false);
    const { bareDir } = bareOf('many-branches');
    try {
      await runGit(served.repoDir, ['fetch', '--quiet', bareDir, '+refs/*:refs/*']);
      const known = freshDir();
      createBare(known, 'main');
      await runGit(known, ['fetch', '--quiet', bareOf('many-tags').bareDir, '+refs/*:refs/*']);
      await runGit(known, ['fetch', '--quiet', served.url, '+refs/heads/*:refs/remotes/x/*']);
      // More than 1024 bytes of wants and haves: git sends them compressed.
      expect(served.encodings).toContain('gzip');
      const fetched = Object.keys(await readTips(known)).filter((name) => name.startsWith('refs/remotes/x/'));
      expect(fetched).toHaveLength(60);
    } finally {
      await served.close();
    }
  });

  it('loses a push whose connection is cut, and keeps the repository whole', async () => {
    const served = await serve(true, { faults: { cutAfterRequestBytes: 500_000 } });
    try {
      const { bareDir } = bareOf('big-blobs');
      await expect(runGit(bareDir, ['push', '--quiet', served.url, 'main'])).rejects.toThrow(
        /RPC failed|hung up|disconnect/,
      );
      expect(await readTips(served.repoDir)).toEqual({});
      await runGit(served.repoDir, ['fsck']);
    } finally {
      await served.close();
    }
  });

  it.skipIf(process.platform !== 'linux')('ends git and its children when the client goes away', async () => {
    const pidFile = join(dir, 'git.pid');
    const gitPath = join(dir, 'git-that-notes-its-pid');
    writeFileSync(gitPath, `#!/bin/sh\necho $$ > '${pidFile}'\nexec git "$@"\n`, { mode: 0o755 });
    const served = await serve(false, { faults: { bytesPerSecond: 1000 }, gitPath });
    try {
      await runGit(served.repoDir, ['fetch', '--quiet', bareOf('big-blobs').bareDir, '+refs/*:refs/*']);
      const tip = (await readTips(served.repoDir))['refs/heads/main'] ?? '';
      const answer = await fetch(`${served.url}/git-upload-pack`, {
        method: 'POST',
        headers: { 'content-type': 'application/x-git-upload-pack-request' },
        body: `0032want ${tip}\n00000009done\n`,
      });
      const reader = answer.body?.getReader();
      expect((await reader?.read())?.value?.length).toBeGreaterThan(0);
      const groupId = Number(readFileSync(pidFile, 'utf8'));
      expect(runningInGroup(groupId).length).toBeGreaterThan(1);
      await reader?.cancel();
      await expect.poll(() => served.records.length).toBe(1);
      expect(served.records[0]).toMatchObject({ complete: false, service: 'git-upload-pack' });
      await expect.poll(() => runningInGroup(groupId)).toEqual([]);
    } finally {
      await served.close();
    }
  });

  it('finds the head of an answer that comes with as much of its body as a buffer takes', async () => {
    const gitPath = join(freshDir(), 'git');
    mkdirSync(dirname(gitPath));
    const answer = `'Content-Type: text/plain\\r\\n\\r\\n' + 'x'.repeat(300000)`;
    writeFileSync(gitPath, `#!${process.execPath}\nprocess.stdout.write(${answer});\n`, { mode: 0o755 });
    const handle = createGitHttpHandler({ gitPath, resolve: () => ({ repoDir: dir, allowPush: false }) });
    const server = createServer((request, response) => void handle(request, response));
    await new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    });
    try {
      const { port } = server.address() as AddressInfo;
      const got = await fetch(`http://127.0.0.1:${port}/info/refs?service=git-upload-pack`);
      expect([got.status, (await got.text()).length]).toEqual([200, 300_000]);
    } finally {
      server.close();
    }
  });

  it('offers neither the old protocol nor files', async () => {
    const served = await serve(true);
    try {
      expect((await fetch(`${served.url}/info/refs`)).status).toBe(403);
      expect((await fetch(`${served.url}/HEAD`)).status).toBe(404);
      expect((await fetch(`${served.url}/config`)).status).toBe(404);
    } finally {
      await served.close();
    }
  });
});
