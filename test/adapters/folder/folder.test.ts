/** @file The folder's own ways: links, crashes, foreign things, default branches. */
import * as nodeDisk from 'node:fs/promises';
import { chmod, mkdir, mkdtemp, readdir, readFile, realpath, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Disk } from '../../../src-main/engine/adapters/folder/disk.ts';
import {
  createFolderTarget,
  type FolderTargetOptions,
} from '../../../src-main/engine/adapters/folder/folder-target.ts';
import type { MirrorTarget } from '../../../src-main/engine/ports/mirror-target.ts';
import { realClock, silentLog } from '../../conformance/mirror-target-places.ts';
import { codeOf, wanted } from '../../conformance/mirror-target-words.ts';

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
  return createFolderTarget({ folder, clash: 'fail', clock: realClock, log: silentLog, ...options });
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

describe('the folder', () => {
  it('is made for a new mirror inside a directory that exists', async () => {
    await ensure(12, 'ada/engine');
    expect(await readdir(folder)).toEqual(['ada']);
    const deep = targetWith({ folder: join(parent, 'no', 'such') });
    expect(await codeOf(ensure(12, 'ada/engine', null, deep))).toBe('target-unavailable');
    expect(await readdir(parent)).toEqual(['mirrors']);
  });

  it('that is gone is a disk that is not there, never an empty one', async () => {
    const { project } = await ensure(12, 'ada/engine');
    await rename(folder, join(parent, 'unplugged'));
    for (const at of [target, targetWith()]) {
      expect(await codeOf(ensure(12, 'ada/engine', project.id, at))).toBe('target-unavailable');
      expect(await codeOf(at.remote(project))).toBe('target-unavailable');
      expect(await codeOf(at.defaultBranch(project, never))).toBe('target-unavailable');
    }
    expect(await codeOf(ensure(13, 'ada/other'))).toBe('target-unavailable');
    expect(await readdir(parent)).toEqual(['unplugged']);
    await rename(join(parent, 'unplugged'), folder);
    expect((await ensure(12, 'ada/engine', project.id)).how).toBe('adopted');
  });

  it('may be reached through a link', async () => {
    await mkdir(join(parent, 'real'));
    await symlink(join(parent, 'real'), folder);
    const { project } = await ensure(12, 'ada/engine');
    expect((await target.remote(project)).url).toBe(join(parent, 'real', 'ada', 'engine.git'));
  });

  it.each(['mirrors', './mirrors', '../mirrors', '', 'C:\\mirrors'])('%j is not an absolute path', (path) => {
    expect(() => targetWith({ folder: path, platform: 'linux' })).toThrowError(
      expect.objectContaining({ code: 'config-invalid' }),
    );
  });

  it.each([
    ['\\\\nas\\share\\mirrors', [], 'insecure-address'],
    ['//nas/share/mirrors', [], 'insecure-address'],
    ['\\\\nas\\share\\mirrors', ['other'], 'insecure-address'],
    ['\\\\nas\\share\\mirrors', ['NAS'], 'target-unavailable'],
    ['C:\\no\\such\\mirrors', [], 'target-unavailable'],
  ])('%s on Windows with %j allowed: %s', async (path, allowInsecureHosts, code) => {
    const disk = diskThatFails('realpath', 'ENOENT');
    const other = targetWith({ folder: path, platform: 'win32', allowInsecureHosts, disk });
    expect(await codeOf(ensure(12, 'ada/engine', '12', other))).toBe(code);
    expect((await other.check(never))[0]?.state).toBe('failed');
  });
});

describe('a mirror', () => {
  it('says in its own directory what it mirrors', async () => {
    await target.ensureProject(wanted(12, 'ada/engine', 'An engine'), null, never);
    const dir = join(folder, 'ada', 'engine.git');
    expect(JSON.parse(await readFile(join(dir, 'epicstar.json'), 'utf8'))).toEqual({
      githubId: 12,
      fullName: 'ada/engine',
      url: 'https://github.com/ada/engine',
      description: 'An engine',
    });
    expect((await readdir(dir)).sort()).toEqual(['HEAD', 'config', 'description', 'epicstar.json', 'objects', 'refs']);
  });

  it('leaves no empty owner behind when it moves, and no full one is removed', async () => {
    const { project } = await ensure(12, 'ada/engine');
    await ensure(13, 'zoe/other');
    await ensure(12, 'charles/engine', project.id);
    expect((await readdir(folder)).sort()).toEqual(['charles', 'zoe']);
    await writeFile(join(folder, 'charles', 'notes'), 'mine');
    await ensure(12, 'ada/engine', project.id);
    expect(await readFile(join(folder, 'charles', 'notes'), 'utf8')).toBe('mine');
  });

  it('that a crash left half made is made again', async () => {
    await ensure(1, 'ada/any');
    await mkdir(join(folder, '.epicstar-new-12', 'objects'), { recursive: true });
    await writeFile(join(folder, '.epicstar-new-12', 'HEAD'), 'ref: refs/');
    expect((await ensure(12, 'ada/engine')).how).toBe('created');
    expect(await readdir(folder)).toEqual(['ada']);
  });

  it('whose record is old after a crash in a move is brought up to date', async () => {
    const { project } = await ensure(12, 'ada/engine');
    await rename(join(folder, 'ada', 'engine.git'), join(folder, 'ada', 'machine.git'));
    const found = await ensure(12, 'ada/machine', project.id, targetWith());
    expect(found).toMatchObject({ how: 'adopted', movedFrom: null });
    expect(await readFile(join(folder, 'ada', 'machine.git', 'epicstar.json'), 'utf8')).toContain('"ada/machine"');
  });

  it.each(['{', 'null', '[]', '{"githubId":"12"}', '{"githubId":-1,"fullName":"a/b","url":"","description":null}'])(
    'with the record %s is foreign',
    async (text) => {
      await ensure(12, 'ada/engine');
      await writeFile(join(folder, 'ada', 'engine.git', 'epicstar.json'), text);
      expect(await codeOf(ensure(12, 'ada/engine', '12', targetWith()))).toBe('target-name-clash');
    },
  );

  it('is found among things that may not be read', async () => {
    await ensure(12, 'ada/engine');
    await mkdir(join(folder, 'lost+found'));
    await chmod(join(folder, 'lost+found'), 0o000);
    const disk: Disk = {
      ...nodeDisk,
      readdir: (async (path: string, options: { withFileTypes: true }) => {
        if (path.endsWith('lost+found')) throw Object.assign(new Error('EACCES: made up'), { code: 'EACCES' });
        return await nodeDisk.readdir(path, options);
      }) as Disk['readdir'],
    };
    expect((await ensure(12, 'ada/machine', '12', targetWith({ disk }))).movedFrom).toBe('ada/engine.git');
  });

  it('in a name that differs in case alone is in the way, not beside', async () => {
    await ensure(12, 'ada/engine');
    expect((await ensure(13, 'Ada/Engine')).project.path).toBe('ada/Engine.git');
    expect((await readdir(join(folder, 'ada'))).sort()).toEqual(['Engine.git', 'engine+12.git']);
  });
});

describe('a removal', () => {
  it('follows no link out of the folder, neither to the mirror nor from inside of it', async () => {
    const outside = join(parent, 'outside');
    await mkdir(join(outside, 'engine.git'), { recursive: true });
    await writeFile(join(outside, 'precious'), 'not ours');
    const { project } = await ensure(12, 'ada/engine');
    await symlink(outside, join(folder, 'ada', 'engine.git', 'objects', 'link'));
    expect(await target.removeProject(12, project.id, never)).toBe(true);
    expect(await readdir(folder)).toEqual([]);
    const second = await ensure(13, 'ada/other');
    await rename(join(folder, 'ada'), join(parent, 'elsewhere'));
    await symlink(join(parent, 'elsewhere'), join(folder, 'ada'));
    expect(await target.removeProject(13, second.project.id, never)).toBe(false);
    expect(await readdir(join(parent, 'elsewhere'))).toEqual(['other.git']);
    expect(await readdir(outside)).toEqual(['engine.git', 'precious']);
  });

  it('that was cut is ended by the next start, and nothing of it is taken for a mirror', async () => {
    const { project } = await ensure(12, 'ada/engine');
    const broken: Disk = {
      ...nodeDisk,
      rm: async (path, options) => {
        if ((await nodeDisk.readdir(folder)).some((name) => name === '.epicstar-removed-12')) throw new Error('cut');
        await nodeDisk.rm(path, options);
      },
    };
    await expect(targetWith({ disk: broken }).removeProject(12, project.id, never)).rejects.toThrow(/cut/);
    expect(await readdir(folder)).toContain('.epicstar-removed-12');
    expect(await targetWith().whereIs(project, never, Number(project.id))).toBeNull();
    expect(await readdir(folder)).not.toContain('.epicstar-removed-12');
  });
});

describe('symbolic links', () => {
  it.each(['owner', 'repository'])(
    'in place of the %s are foreign, and nothing is written behind them',
    async (which) => {
      const outside = join(parent, 'outside');
      await mkdir(join(outside, 'engine.git'), { recursive: true });
      await ensure(1, which === 'owner' ? 'zoe/any' : 'ada/any');
      if (which === 'owner') await symlink(outside, join(folder, 'ada'));
      else await symlink(join(outside, 'engine.git'), join(folder, 'ada', 'engine.git'));
      expect(await codeOf(ensure(12, 'ada/engine'))).toBe('target-name-clash');
      expect(await codeOf(ensure(13, which === 'owner' ? 'ada/new' : 'ada/engine'))).toBe('target-name-clash');
      expect(await readdir(outside, { recursive: true })).toEqual(['engine.git']);
    },
  );

  it('put in place of a mirror are not followed', async () => {
    const { project } = await ensure(12, 'ada/engine');
    await rename(join(folder, 'ada'), join(parent, 'outside'));
    await symlink(join(parent, 'outside'), join(folder, 'ada'));
    expect(await codeOf(target.remote(project))).toBe('target-unexpected');
    expect(await codeOf(target.setDefaultBranch(project, 'main', never))).toBe('target-unexpected');
    expect(await codeOf(ensure(12, 'ada/engine', project.id))).toBe('target-name-clash');
  });

  it('in place of HEAD are replaced, not followed', async () => {
    const { project } = await ensure(12, 'ada/engine');
    const dir = join(folder, 'ada', 'engine.git');
    await writeFile(join(dir, 'refs', 'heads', 'dev'), `${'1'.repeat(40)}\n`);
    await writeFile(join(parent, 'precious'), 'precious');
    await rm(join(dir, 'HEAD'));
    await symlink(join(parent, 'precious'), join(dir, 'HEAD'));
    await target.setDefaultBranch(project, 'dev', never);
    expect(await readFile(join(parent, 'precious'), 'utf8')).toBe('precious');
    expect(await target.defaultBranch(project, never)).toBe('dev');
  });
});

describe('the default branch', () => {
  it.each(['../../config', '..', 'a/../b', '/etc/passwd', 'a//b', '', 'a\nb', '.hidden'])(
    '%j is no branch',
    async (branch) => {
      const { project } = await ensure(12, 'ada/engine');
      expect(await codeOf(target.setDefaultBranch(project, branch, never))).toBe('target-unexpected');
      expect(await readFile(join(folder, 'ada', 'engine.git', 'HEAD'), 'utf8')).toBe('ref: refs/heads/main\n');
    },
  );

  it('is none where HEAD names a commit', async () => {
    const { project } = await ensure(12, 'ada/engine');
    await writeFile(join(folder, 'ada', 'engine.git', 'HEAD'), `${'1'.repeat(40)}\n`);
    expect(await target.defaultBranch(project, never)).toBeNull();
  });
});
