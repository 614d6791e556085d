/** @file git and the place for mirrors, as the settings or a person at the set-up want them. */
import { join } from 'node:path';
import type { Agent } from 'undici';
import { EpicstarError } from './engine/domain/errors.ts';
import { createFolderTarget } from './engine/adapters/folder/folder-target.ts';
import { createGit } from './engine/adapters/git/git.ts';
import { githubAddresses } from './engine/adapters/github/addresses.ts';
import { isSecure, parseAddress } from './engine/adapters/onedev/address.ts';
import { createOnedevTarget } from './engine/adapters/onedev/onedev-target.ts';
import { isOwnFolder } from './engine/adapters/system/data-dir.ts';
import { createFetch } from './engine/adapters/system/http-agent.ts';
import { type Settings } from './engine/adapters/system/settings.ts';
import { createUnsetTarget } from './engine/adapters/system/unset-target.ts';
import type { Git } from './engine/ports/git.ts';
import type { MirrorTarget } from './engine/ports/mirror-target.ts';
import type { Base } from './compose-base.ts';

interface GitWishes {
  /** Folder in the data directory. It holds the certificates of this git, so each kind of use has its own. */
  readonly home: 'git-home' | 'git-trials';
  readonly settings: Settings;
  readonly caFile: string | null;
  readonly agent: Agent;
}

export function gitWith(base: Base, { home, settings, caFile, agent }: GitWishes): Git {
  const { dataDir, log, redactor, clock, proxyFor } = base;
  return createGit({
    cacheRoot: join(dataDir, 'cache'),
    homeDir: join(dataDir, home),
    log,
    redactor,
    clock,
    processEnv: process.env,
    platform: process.platform,
    caFile,
    stallMs: settings.stallMinutes * 60_000,
    fetch: createFetch(agent),
    proxyFor,
  });
}

export function pushTrialOf(git: Git): TargetParts['tryPush'] {
  return (remote, signal) => git.tryPush(remote, { signal });
}

/** Address of GitHub's pages. */
export function githubWebUrlOf(settings: Settings): string {
  return githubAddresses(settings.githubApiUrl, settings.allowInsecureHosts).webUrl;
}

/** What pages of the window may lead to. */
export function linksOf(settings: Settings): { readonly githubWebUrl: string; readonly targetUrl: string | null } {
  return {
    githubWebUrl: githubWebUrlOf(settings),
    targetUrl: settings.target === 'onedev' ? settings.onedevUrl : null,
  };
}

type TargetParts = Pick<
  Parameters<typeof createOnedevTarget>[0],
  'secrets' | 'clock' | 'log' | 'dispatcher' | 'redactor' | 'allowInsecureHosts' | 'tryPush' | 'clash'
>;

export function createTarget(settings: Settings, parts: TargetParts, mayLack: boolean): MirrorTarget {
  if (settings.target === 'folder') {
    if (settings.folder !== null)
      return folderAt(settings.folder, settings.dataDir, { ...parts, clash: settings.clash });
    if (mayLack) return createUnsetTarget();
    throw new EpicstarError('config-invalid', 'The target is a folder, but EPICSTAR_FOLDER is not set.');
  }
  if (settings.onedevUrl !== null)
    return onedevAt(settings.onedevUrl, settings.onedevRoot, { ...parts, clash: settings.clash });
  if (mayLack) return createUnsetTarget();
  throw new EpicstarError(
    'config-invalid',
    'EPICSTAR_ONEDEV_URL is not set. Run `epicstar login onedev`, or choose a place in the window (`epicstar serve`). ' +
      'To mirror into a folder set EPICSTAR_TARGET=folder and EPICSTAR_FOLDER.',
  );
}

export function folderAt(
  folder: string,
  dataDir: string,
  parts: Omit<Parameters<typeof createFolderTarget>[0], 'folder'>,
): MirrorTarget {
  if (isOwnFolder(dataDir, folder)) {
    throw new EpicstarError(
      'config-invalid',
      `epicstar keeps files of its own in ${folder}; choose another folder for mirrors.`,
    );
  }
  return createFolderTarget({ ...parts, folder });
}

export function onedevAt(url: string, root: string, parts: TargetParts): MirrorTarget {
  const address = parseAddress(url);
  // Here and not only with the first request, so that no job has to fail for it.
  if (!isSecure(address, parts.allowInsecureHosts ?? [])) {
    throw new EpicstarError('insecure-address', `OneDev's address is ${address}.`);
  }
  return createOnedevTarget({ ...parts, url, root });
}
