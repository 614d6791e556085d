/**
 * @file One call of git from start to end: which git, which environment, what of its words is progress. Must not know
 * what the arguments mean.
 */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { rootCertificates } from 'node:tls';
import type { Clock } from '../../ports/clock.ts';
import type { GitCache, GitCall, GitProgress, GitRemote } from '../../ports/git.ts';
import type { Redactor } from '../../ports/log.ts';
import type { ProxyFor } from '../../ports/proxies.ts';
import { EpicstarError } from '../../domain/errors.ts';
import { refsFreeDirOf } from './cache.ts';
import { classifyFailure, classifyFsError } from './classify.ts';
import type { Door, DoorResult } from './door.ts';
import { baseEnvironment, callEnvironment, type Environment, fileRemoteConfig, secretsOf } from './environment.ts';
import { type GitLocation, locateGit, parseGitVersion } from './location.ts';
import { parseProgress, throttleProgress } from './progress.ts';

export interface GitRequest {
  readonly args: readonly string[];
  readonly cache?: GitCache;
  /** Shows git the objects of the cache alone. See [Note: no refs]. */
  readonly hidesRefs?: boolean;
  readonly remote?: GitRemote;
  readonly call?: GitCall;
  /** Written to stdin. */
  readonly input?: string | Readable;
  /** Each line of stdout; without this stdout is dropped. */
  readonly onLine?: (line: Buffer) => void;
  /** Takes stdout instead. */
  readonly output?: Writable;
  /** Whether stdout may be of any length; what a git tells is bounded otherwise. */
  readonly isLong?: boolean;
}

export interface GitResult extends DoorResult {
  /** Most that git told to have moved. */
  readonly bytes: number;
}

export interface GitCalls {
  /** Resolves with any exit code. */
  run(request: GitRequest): Promise<GitResult>;
  /** Rejects, classified, unless git ends with 0. */
  succeed(request: GitRequest): Promise<GitResult>;
  /** Finds git, asks it once for its version. Rejects with `git-missing`; then it is looked for anew the next time. */
  located(): Promise<LocatedGit>;
}

export interface LocatedGit extends GitLocation {
  readonly version: string;
}

export interface CallsOptions {
  readonly door: Door;
  readonly clock: Clock;
  readonly redactor: Redactor;
  readonly processEnv: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  readonly homeDir: string;
  readonly bundledDir: string;
  readonly caFile: string | null;
  readonly proxyFor: ProxyFor;
}

function placeOf(cache: GitCache, hidesRefs: boolean): { readonly gitDir: string; readonly env: Environment } {
  if (!hidesRefs) return { gitDir: cache.dir, env: {} };
  return { gitDir: refsFreeDirOf(cache), env: { GIT_OBJECT_DIRECTORY: join(cache.dir, 'objects') } };
}

/** What this git needs, and over it what the call says: certificates of the user go before the bundled ones. */
function withGit(found: GitLocation, env: Environment): Environment {
  const path = found.env['PATH'] ?? env['PATH'];
  return { ...found.env, ...env, ...(path === undefined ? {} : { PATH: path }) };
}

export function createCalls(options: CallsOptions): GitCalls {
  const { door, clock, redactor, homeDir, caFile, platform, processEnv } = options;
  const fileConfigPath = join(homeDir, 'file-remotes.gitconfig');
  const caBundlePath = caFile === null ? null : join(homeDir, 'ca-bundle.pem');
  const baseOptions = { processEnv, platform, homeDir, caBundlePath };
  const base: Environment = {
    ...baseEnvironment(baseOptions),
    // No repository around the data directory is ever found.
    GIT_CEILING_DIRECTORIES: dirname(homeDir),
  };
  let location: Promise<LocatedGit> | null = null;
  let caWritten = false;

  const prepareHome = async (remote: GitRemote | undefined): Promise<void> => {
    try {
      await mkdir(homeDir, { recursive: true, mode: 0o700 });
      if (remote?.transport === 'file') await writeFile(fileConfigPath, fileRemoteConfig);
      if (caFile === null || caBundlePath === null || caWritten) return;
      // git takes one file instead of the system's certificates, not in addition to them.
      await writeFile(caBundlePath, `${rootCertificates.join('\n')}\n${await readFile(caFile, 'utf8')}`);
      caWritten = true;
    } catch (error) {
      throw classifyFsError(error);
    }
  };

  const locate = async (): Promise<LocatedGit> => {
    const found = await locateGit(options);
    await prepareHome(undefined);
    let output = '';
    await door.run({
      binary: found.binary,
      args: ['version'],
      cwd: homeDir,
      env: withGit(found, base),
      signal: null,
      onStdoutLine: (line) => {
        if (output === '') output = line.toString('utf8');
      },
    });
    return { ...found, version: parseGitVersion(output) };
  };

  const located = (): Promise<LocatedGit> => {
    location ??= locate().catch((error: unknown) => {
      location = null;
      throw error;
    });
    return location;
  };

  const run = async (request: GitRequest): Promise<GitResult> => {
    const { remote, cache, call, args } = request;
    if (call?.signal.aborted === true) throw new EpicstarError('cancelled', '');
    for (const secret of secretsOf(remote?.authorization ?? '')) redactor.add(secret);
    const [found, proxy] = await Promise.all([
      located(),
      remote === undefined || remote.transport === 'file' ? null : options.proxyFor(remote.url),
    ]);
    await prepareHome(remote);
    const report: (progress: GitProgress) => void =
      call?.onProgress === undefined ? () => undefined : throttleProgress(clock, call.onProgress);
    let bytes = 0;
    const place = cache === undefined ? null : placeOf(cache, request.hidesRefs === true);
    const result = await door.run({
      binary: found.binary,
      // An empty value in the environment is no value at all to some on Windows, so this one is an argument.
      args: ['-c', 'credential.helper=', ...(place === null ? [] : [`--git-dir=${place.gitDir}`]), ...args],
      cwd: homeDir,
      env: {
        ...withGit(found, callEnvironment(base, baseOptions, remote ?? null, fileConfigPath, proxy)),
        ...place?.env,
      },
      signal: call?.signal ?? null,
      ...(request.input === undefined ? {} : { input: request.input }),
      ...(request.onLine === undefined ? {} : { onStdoutLine: request.onLine }),
      ...(request.output === undefined ? {} : { output: request.output }),
      ...(request.isLong === undefined ? {} : { isLong: request.isLong }),
      onStderrLine: (line) => {
        const progress = parseProgress(line);
        if (progress === null) return false;
        bytes = Math.max(bytes, progress.bytes ?? 0);
        report(progress);
        return true;
      },
    });
    return { ...result, bytes };
  };

  const succeed = async (request: GitRequest): Promise<GitResult> => {
    const result = await run(request);
    if (result.exitCode !== 0) throw classifyFailure(result.stderr, result.exitCode);
    return result;
  };

  return { run, succeed, located };
}
