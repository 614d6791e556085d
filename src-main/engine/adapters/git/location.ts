/** @file Finds the git to use; must not know what it is used for. */
import { access, constants } from 'node:fs/promises';
import { delimiter, isAbsolute, join, resolve } from 'node:path';
import { resolveEmbeddedGitDir, setupEnvironment } from 'dugite';
import { EpicstarError } from '../../domain/errors.ts';
import type { Environment } from './environment.ts';

export interface GitLocation {
  /** Absolute path of the executable. */
  readonly binary: string;
  readonly origin: 'bundled' | 'system';
  /** What this git needs beside the environment of the call. */
  readonly env: Environment;
}

export interface LocationOptions {
  readonly processEnv: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** Folder of the git that is packed with the program. */
  readonly bundledDir: string;
}

/** 2.31 brought configuration by environment, 2.32 `GIT_CONFIG_GLOBAL`: without them neither secrets nor hooks are safe. */
export const minimumVersion = { major: 2, minor: 32 } as const;

function may(path: string, mode: number): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}

function searchPath(options: LocationOptions): string {
  return options.processEnv['PATH'] ?? options.processEnv['Path'] ?? '';
}

/** Folder where dugite keeps its git, also from within a packed program. */
export function bundledGitDir(): string {
  return resolveEmbeddedGitDir();
}

/** dugite's knowledge of what a git at `dir` needs, without the process environment that it would add. */
function environmentFor(
  dir: string,
  execPath: string | undefined,
  options: LocationOptions,
): { binary: string; env: Environment } {
  // On Windows dugite puts folders of this git before the PATH.
  const given = {
    LOCAL_GIT_DIRECTORY: dir,
    PATH: searchPath(options),
    ...(execPath === undefined ? {} : { GIT_EXEC_PATH: execPath }),
  };
  const { env, gitLocation } = setupEnvironment(given, {});
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && name !== 'LOCAL_GIT_DIRECTORY' && name !== 'GIT_CONFIG_SYSTEM') kept[name] = value;
  }
  return { binary: gitLocation, env: kept };
}

async function bundled(options: LocationOptions): Promise<GitLocation | null> {
  const { binary, env } = environmentFor(options.bundledDir, undefined, options);
  if (!(await may(binary, constants.X_OK))) return null;
  const caPath = join(options.bundledDir, 'ssl', 'cacert.pem');
  const ca = options.platform === 'linux' && (await may(caPath, constants.R_OK)) ? { GIT_SSL_CAINFO: caPath } : {};
  return { binary, origin: 'bundled', env: { ...env, ...ca } };
}

/** The folder that `LOCAL_GIT_DIRECTORY` names, as dugite reads it. */
async function named(dir: string, options: LocationOptions): Promise<GitLocation> {
  const { binary, env } = environmentFor(resolve(dir), options.processEnv['GIT_EXEC_PATH'], options);
  if (!(await may(binary, constants.X_OK))) {
    throw new EpicstarError('git-missing', `LOCAL_GIT_DIRECTORY names ${dir}, but there is no ${binary}.`);
  }
  // The place that dugite guesses is not where Debian keeps it; a git that is installed knows its own.
  const { GIT_EXEC_PATH: execPath, ...rest } = env;
  const keepsExecPath = execPath !== undefined && (await may(execPath, constants.R_OK));
  return { binary, origin: 'system', env: keepsExecPath ? env : rest };
}

async function onPath(options: LocationOptions): Promise<GitLocation | null> {
  const name = options.platform === 'win32' ? 'git.exe' : 'git';
  for (const dir of searchPath(options).split(delimiter)) {
    // A relative entry would let the working directory say which program runs.
    if (!isAbsolute(dir)) continue;
    const binary = join(dir, name);
    if (await may(binary, constants.X_OK)) return { binary, origin: 'system', env: {} };
  }
  return null;
}

/** The named one, else the bundled one, else the one on the PATH. Rejects with `git-missing`. */
export async function locateGit(options: LocationOptions): Promise<GitLocation> {
  const namedDir = options.processEnv['LOCAL_GIT_DIRECTORY'];
  if (namedDir !== undefined && namedDir !== '') return await named(namedDir, options);
  const found = (await bundled(options)) ?? (await onPath(options));
  if (found === null) {
    throw new EpicstarError('git-missing', `There is none in ${options.bundledDir} and none on the PATH.`);
  }
  return found;
}

/** `2.39.5` out of `git version 2.39.5 (Apple Git-154)`. Throws `git-missing` where it is too old or not readable. */
export function parseGitVersion(output: string): string {
  const [, version, major = '0', minor = '0'] = /^git version ((\d+)\.(\d+)[\w.-]*)/.exec(output) ?? [];
  if (version === undefined) throw new EpicstarError('git-missing', 'What was found does not tell its version.');
  const isEnough =
    Number(major) > minimumVersion.major ||
    (Number(major) === minimumVersion.major && Number(minor) >= minimumVersion.minor);
  if (!isEnough) throw new EpicstarError('git-missing', `Version ${version} was found, 2.32 or newer is needed.`);
  return version;
}
