/**
 * @file Small file systems for scenes about full disks. They are mounted in a namespace of the process alone, which
 * needs no rights on most Linux systems, and go away with it.
 */
import { execFile, spawnSync } from 'node:child_process';
import { cp, mkdir, mkdtemp, open, rm, statfs } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

const enter = ['--user', '--map-root-user', '--mount'] as const;

/** Whether this system lets a process mount file systems of its own. */
export function canMount(): boolean {
  if (process.platform !== 'linux') return false;
  const mount = ['mount', '-t', 'tmpfs', '-o', 'size=64k', 'tmpfs', tmpdir()];
  return spawnSync('unshare', [...enter, '--', ...mount]).status === 0;
}

/** Runs a module of the tests where it may mount; resolves with the JSON that it writes. */
export async function playScene(module: URL, scene: string): Promise<unknown> {
  const args = [...enter, '--', process.execPath, module.pathname, scene];
  const { stdout } = await run('unshare', args, { timeout: 120_000, maxBuffer: 10_000_000 });
  return JSON.parse(stdout);
}

const mega = 1024 * 1024;

/** A file system of its own in the place of a folder, whose files it takes over. */
export class SmallDisk {
  readonly dir: string;

  private constructor(dir: string) {
    this.dir = dir;
  }

  static async mount(dir: string, megabytes: number): Promise<SmallDisk> {
    await mkdir(dir, { recursive: true });
    const aside = await mkdtemp(join(tmpdir(), 'epicstar-aside-'));
    await cp(dir, aside, { recursive: true });
    await run('mount', ['-t', 'tmpfs', '-o', `size=${megabytes}m`, 'tmpfs', dir]);
    await cp(aside, dir, { recursive: true });
    await rm(aside, { recursive: true });
    return new SmallDisk(dir);
  }

  async resize(megabytes: number): Promise<void> {
    await run('mount', ['-o', `remount,size=${megabytes}m`, this.dir]);
  }

  async freeBytes(): Promise<number> {
    const { bavail, bsize } = await statfs(this.dir);
    return bavail * bsize;
  }

  /** Fills it, but for so many bytes. */
  async fill(leftBytes: number): Promise<void> {
    const file = await open(join(this.dir, 'filler'), 'a');
    try {
      for (let left = (await this.freeBytes()) - leftBytes; left > 0; left = (await this.freeBytes()) - leftBytes) {
        await file.appendFile(Buffer.alloc(Math.min(left, mega)));
      }
    } finally {
      await file.close();
    }
  }

  async clear(): Promise<void> {
    await rm(join(this.dir, 'filler'));
  }

  async unmount(): Promise<void> {
    await run('umount', ['--lazy', this.dir]);
  }
}
