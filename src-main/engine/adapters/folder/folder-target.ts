/** @file A folder of bare repositories as a place for mirrors: puts the parts of this folder behind the port. */
import * as nodeDisk from 'node:fs/promises';
import { posix, win32 } from 'node:path';
import { EpicstarError } from '../../domain/errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Log } from '../../ports/log.ts';
import type { ClashStrategy, MirrorTarget, PushLimits } from '../../ports/mirror-target.ts';
import { firstBranch, readDefaultBranch, writeDefaultBranch } from './bare-repository.ts';
import { checkFolder } from './check.ts';
import { type Disk, freeBytesOf, translateDiskError } from './disk.ts';
import { listHeldMirrors } from './held-mirrors.ts';
import { FolderMirrors } from './mirrors.ts';

export interface FolderTargetOptions {
  /** Absolute path. Owners stand directly in it. */
  readonly folder: string;
  /** Default `rename`. */
  readonly clash?: ClashStrategy;
  readonly clock: Clock;
  readonly log: Log;
  /** Hosts whose shares (`\\host\share`) may be used. */
  readonly allowInsecureHosts?: readonly string[];
  /** Default: that of this process. */
  readonly platform?: NodeJS.Platform;
  /** Default: the real one. */
  readonly disk?: Disk;
}

/** A local disk is neither slowed down nor blocked for others by large pushes. */
const folderLimits: PushLimits = { refsPerPush: 500, smallPackBytes: 50_000_000, smallPushesAtOnce: 4 };

/** git writes a branch to a file named after it, and beside it one that ends in `.lock`. */
const maxFileNameBytes = 250;

/**
 * Touches nothing yet.
 *
 * @throws EpicstarError `config-invalid` for a path that is not absolute
 */
export function createFolderTarget(options: FolderTargetOptions): MirrorTarget {
  const { clock, log } = options;
  const disk = options.disk ?? nodeDisk;
  const isWindows = (options.platform ?? process.platform) === 'win32';
  const path = isWindows ? win32 : posix;
  if (!path.isAbsolute(options.folder) || options.folder.includes('\0')) {
    throw new EpicstarError('config-invalid', 'The folder for mirrors must be an absolute path.');
  }
  const folder = path.normalize(options.folder).replace(/(?<=[^:\\/])[\\/]+$/, '');
  const shareHost = isWindows ? (/^\\\\([^\\?.][^\\]*)\\/.exec(folder)?.[1] ?? null) : null;
  const isAllowed =
    shareHost === null ||
    (options.allowInsecureHosts ?? []).some((host) => host.toLowerCase() === shareHost.toLowerCase());
  const mirrors = new FolderMirrors(disk, folder, options.clash ?? 'rename', log);
  const insecure = new EpicstarError('insecure-address', `The folder is on ${shareHost}.`);

  const attempt = async <T>(task: () => Promise<T>, signal?: AbortSignal): Promise<T> => {
    if (!isAllowed) throw insecure;
    if (signal?.aborted === true) throw new EpicstarError('cancelled', '', { cause: signal.reason });
    try {
      return await task();
    } catch (error) {
      throw translateDiskError(error, folder);
    }
  };
  return {
    kind: 'folder',
    address: folder,
    limits: folderLimits,
    refFitness: (ref) => refFitness(ref, isWindows),
    automaticDefault: (branches) => (branches.includes(firstBranch) ? firstBranch : null),
    check: async (signal, onItem) => {
      if (isAllowed) return await checkFolder(disk, folder, clock, signal, onItem);
      const item = {
        name: 'reached',
        state: 'failed',
        finding: insecure.message,
        nextStep: insecure.nextStep,
      } as const;
      onItem?.(item);
      return [item];
    },
    freeBytes: () => (isAllowed ? freeBytesOf(disk, folder, path.dirname(folder)) : Promise.resolve(null)),
    ensureProject: (wanted, knownId, signal, problem) =>
      attempt(() => mirrors.ensure(wanted, knownId, signal, problem), signal),
    archiveProject: (wanted, id, signal) => attempt(() => mirrors.archive(wanted, id, signal), signal),
    bringBackProject: (wanted, id, signal) => attempt(() => mirrors.bringBack(wanted, id, signal), signal),
    removeProject: (githubId, id, signal) => attempt(() => mirrors.remove(githubId, id), signal),
    whereIs: (project, signal, githubId) => attempt(() => mirrors.whereIs(project, githubId), signal),
    list: (signal) => attempt(() => listHeldMirrors(disk, folder, signal), signal),
    remote: (project) =>
      attempt(async () => ({ url: await mirrors.locate(project), transport: 'file', authorization: null })),
    defaultBranch: (project, signal) =>
      attempt(async () => await readDefaultBranch(disk, await mirrors.locate(project)), signal),
    setDefaultBranch: (project, branch, signal) =>
      attempt(async () => await writeDefaultBranch(disk, await mirrors.locate(project), branch), signal),
    requestCount: () => 0,
  };
}

function refFitness(ref: string, isWindows: boolean): string | null {
  const parts = ref.split('/');
  if (parts.some((part) => Buffer.byteLength(part) > maxFileNameBytes)) return 'a file name cannot be that long';
  if (!isWindows) return null;
  const character = /[<>"|]/.exec(ref)?.[0];
  if (character !== undefined) return `Windows has no file names with ${character}`;
  const isDevice = /^(?:con|prn|aux|nul|com[0-9]|lpt[0-9])(?:\.|$)/i;
  if (parts.some((part) => isDevice.test(part) || /[. ]$/.test(part))) return 'Windows cannot have that file name';
  return null;
}
