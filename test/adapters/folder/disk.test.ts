/** @file The disk below the folder: when it fails, what the check tells about it, and its file names. */
import * as nodeDisk from 'node:fs/promises';
import { mkdir, mkdtemp, readdir, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Disk } from '../../../src-main/engine/adapters/folder/disk.ts';
import {
  createFolderTarget,
  type FolderTargetOptions,
} from '../../../src-main/engine/adapters/folder/folder-target.ts';
import type { ErrorCode } from '../../../src-main/engine/domain/errors.ts';
import type { MirrorTarget } from '../../../src-main/engine/ports/mirror-target.ts';
import { realClock, silentLog } from '../../conformance/mirror-target-places.ts';
import { codeOf, wanted } from '../../conformance/mirror-target-words.ts';

/** Matches a text that contains this one. */
function containing(text: string): unknown {
  return expect.stringContaining(text);
}

const never = new AbortController().signal;

let parent: string;
let folder: string;
let target: MirrorTarget;

beforeEach(async () => {
  parent = await realpath(await mkdtemp(join(tmpdir(), 'epicstar-folder-')));
  folder = join(parent, 'mirrors');
  target = targetWith();
});

afterEach(async () => {
  await rm(parent, { recursive: true, force: true });
});

function targetWith(options: Partial<FolderTargetOptions> = {}): MirrorTarget {
  return createFolderTarget({ folder, clock: realClock, log: silentLog, ...options });
}

/** The real file system, of which some calls fail. */
function diskThatFails(call: 'open' | 'mkdir' | 'rename' | 'realpath', code: string): Disk {
  return {
    ...nodeDisk,
    [call]: async () => {
      throw Object.assign(new Error(`${code}: made up`), { code });
    },
  };
}

const ensure = (githubId: number, fullName: string, knownId: string | null = null, at = target) =>
  at.ensureProject(wanted(githubId, fullName), knownId, never);

describe('trouble with the disk', () => {
  it.each<['open' | 'mkdir' | 'rename', string, ErrorCode]>([
    ['open', 'ENOSPC', 'target-disk-full'],
    ['mkdir', 'EDQUOT', 'target-disk-full'],
    ['mkdir', 'EACCES', 'target-right-missing'],
    ['mkdir', 'EROFS', 'target-right-missing'],
    ['rename', 'EIO', 'target-unavailable'],
    ['rename', 'ESTALE', 'target-unavailable'],
    ['mkdir', 'ENAMETOOLONG', 'target-name-unfit'],
    ['rename', 'EXDEV', 'target-unexpected'],
  ])('%s with %s is %s, and leaves nothing half made', async (call, code, expected) => {
    await ensure(1, 'ada/any');
    const other = targetWith({ disk: diskThatFails(call, code) });
    expect(await codeOf(ensure(12, 'ada/engine', null, other))).toBe(expected);
    expect(await readdir(folder)).toEqual(['ada']);
    expect(await readdir(join(folder, 'ada'))).toEqual(['any.git']);
    expect((await ensure(12, 'ada/engine')).how).toBe('created');
  });
});

describe('the check', () => {
  it('tells what a mirror needs, and leaves nothing behind', async () => {
    await mkdir(folder);
    const items = await target.check(never);
    expect(items.map(({ name }) => name)).toEqual([
      'reached',
      'write',
      'upper and lower case',
      'clean up',
      'free space',
    ]);
    expect(items.filter(({ state }) => state === 'failed')).toEqual([]);
    expect(await readdir(folder)).toEqual([]);
  });

  it('of a folder that is still to be made looks at its parent, and makes nothing', async () => {
    const items = await target.check(never);
    expect(items.find(({ name }) => name === 'write')?.state).toBe('ok');
    expect(await readdir(parent)).toEqual([]);
  });

  it('says what is missing', async () => {
    const [item] = await targetWith({ folder: join(parent, 'no', 'such') }).check(never);
    expect(item).toMatchObject({ name: 'reached', state: 'failed' });
    await mkdir(folder);
    const items = await targetWith({ disk: diskThatFails('open', 'EACCES') }).check(never);
    expect(items.find(({ name }) => name === 'write')).toMatchObject({
      state: 'failed',
      finding: containing('write access'),
    });
    await writeFile(join(parent, 'file'), '');
    const [file] = await targetWith({ folder: join(parent, 'file') }).check(never);
    expect(file).toMatchObject({ name: 'reached', state: 'failed' });
  });

  it('warns of little space', async () => {
    await mkdir(folder);
    const disk: Disk = {
      ...nodeDisk,
      statfs: (async (path: string) => Object.assign(await nodeDisk.statfs(path), { bavail: 10 })) as Disk['statfs'],
    };
    const items = await targetWith({ disk }).check(never);
    expect(items.find(({ name }) => name === 'free space')).toMatchObject({ state: 'warning' });
  });
});

describe('refs', () => {
  it('are unfit where no file can have their name', () => {
    expect(target.refFitness(`refs/heads/${'x'.repeat(240)}`)).toBeNull();
    expect(target.refFitness(`refs/heads/${'x'.repeat(251)}`)).not.toBeNull();
    expect(target.refFitness(`refs/heads/${'ü'.repeat(126)}`)).not.toBeNull();
  });

  it.each(['a<b', 'a>b', 'a"b', 'a|b', 'con', 'a/aux.txt', 'a/b.'])('%s is unfit on Windows alone', (name) => {
    const windows = targetWith({ folder: 'C:\\mirrors', platform: 'win32' });
    const linux = targetWith({ platform: 'linux' });
    expect(windows.refFitness(`refs/heads/${name}`)).not.toBeNull();
    expect(linux.refFitness(`refs/heads/${name}`)).toBeNull();
  });
});
