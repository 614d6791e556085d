/** @file Where the data directory is, and that it is there. */
import { chmod, mkdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { EpicstarError } from '../../domain/errors.ts';
import type { Environment } from './env-secrets.ts';

export interface DataDirOptions {
  /** `--data-dir`. */
  readonly flag: string | undefined;
  readonly env: Readonly<Environment>;
  readonly platform: NodeJS.Platform;
  readonly homeDir: string;
  /** What relative paths start from. */
  readonly workingDir: string;
}

/**
 * The flag, else EPICSTAR_DATA_DIR, else the place that the system has for such data: on Linux by the XDG base
 * directory specification, which ignores a relative XDG_DATA_HOME.
 *
 * @returns an absolute path
 */
export function resolveDataDir({ flag, env, platform, homeDir, workingDir }: DataDirOptions): string {
  const { join, resolve, isAbsolute } = platform === 'win32' ? path.win32 : path.posix;
  const chosen = flag ?? env.EPICSTAR_DATA_DIR ?? '';
  if (chosen !== '') return resolve(workingDir, chosen);
  if (platform === 'darwin') return join(homeDir, 'Library', 'Application Support', 'epicstar');
  if (platform === 'win32') return join(env.APPDATA ?? join(homeDir, 'AppData', 'Roaming'), 'epicstar');
  const dataHome = env.XDG_DATA_HOME ?? '';
  return join(isAbsolute(dataHome) ? dataHome : join(homeDir, '.local', 'share'), 'epicstar');
}

/** What epicstar makes and clears away in the data directory, as it likes. */
const ownFolders: readonly string[] = ['bundles', 'cache', 'git-home', 'git-trials', 'lfs', 'logs', 'secrets'];

/**
 * Whether nothing of a person's may be kept in this folder: it is the data directory itself, where owners of such names
 * would meet what is there, or lies in one of the folders that epicstar clears. Goes by the paths alone.
 */
export function isOwnFolder(dataDir: string, folder: string): boolean {
  const inside = path.relative(dataDir, folder);
  return inside === '' || ownFolders.includes(inside.split(path.sep)[0] ?? '');
}

/**
 * Makes the directory where it is missing, for this user alone; one that is there is left as it is.
 *
 * @throws EpicstarError `config-invalid` where it cannot be made or is a file
 */
export async function prepareDataDir(dataDir: string): Promise<void> {
  try {
    const made = await mkdir(dataDir, { recursive: true, mode: 0o700 });
    // The process may run under a umask that takes away even this user's rights.
    if (made !== undefined) await chmod(dataDir, 0o700);
    if ((await stat(dataDir)).isDirectory()) return;
  } catch (cause) {
    throw new EpicstarError('config-invalid', `The data directory ${dataDir} cannot be made.`, { cause });
  }
  throw new EpicstarError('config-invalid', `The data directory ${dataDir} is not a directory.`);
}
