/** @file Who may read which repository over git, and how GitHub says no. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GitHttpDecision, GitHttpFaults, GitHttpRefusal } from '../git-http/index.ts';
import { createBare } from '../repositories/index.ts';
import { replacingAnswer } from './fault-answers.ts';
import { type Fault, faultOf } from './faults.ts';
import { bodyText } from './send-answer.ts';
import { mayReadPrivate, type TokenRecord } from './tokens.ts';
import type { World } from './world.ts';
import { fullNameOf, type Repository } from './world-types.ts';

/** What the caller offered: nothing, something invalid, or a token. */
export type Credentials = 'none' | 'bad' | TokenRecord;

const GIT_PATH = /^\/([^/]+)\/([^/]+?)(?:\.git)?(\/(?:info\/refs|git-upload-pack|git-receive-pack))$/;

export function isGitPath(pathname: string): boolean {
  return GIT_PATH.test(pathname) && !/^\/(?:api|repos|user|login)\//.test(pathname);
}

const challenge: GitHttpRefusal = {
  status: 401,
  headers: { 'www-authenticate': 'Basic realm="GitHub"' },
  body: 'Repository not found or credentials are needed.\n',
};

function blockedRefusal(repository: Repository): GitHttpRefusal {
  return repository.blocked === 'dmca'
    ? { status: 451, body: 'Repository unavailable due to DMCA takedown.\n' }
    : { status: 403, body: 'Access to this repository has been disabled by GitHub staff.\n' };
}

/** The one empty repository that stands for all that were added without a folder. */
export class EmptyRepository {
  readonly #dataDir: string | null;
  #dir: string | null = null;
  #ownTempDir: string | null = null;

  constructor(dataDir: string | null) {
    this.#dataDir = dataDir;
  }

  dir(): string {
    if (this.#dir === null) {
      const parent = this.#dataDir ?? (this.#ownTempDir = mkdtempSync(join(tmpdir(), 'playground-github-')));
      this.#dir = join(parent, 'empty.git');
      createBare(this.#dir, 'main');
    }
    return this.#dir;
  }

  remove(): void {
    if (this.#ownTempDir !== null) rmSync(this.#ownTempDir, { recursive: true, force: true });
  }
}

/** Reading only: nobody pushes to GitHub here. An old name redirects until it is used again. */
export function decideGitAccess(
  world: World,
  pathAndQuery: string,
  credentials: Credentials,
  webBase: string,
  empty: EmptyRepository,
): GitHttpDecision {
  const [pathname = '', query] = pathAndQuery.split('?', 2);
  const [, owner = '', name = '', rest = ''] = GIT_PATH.exec(pathname) ?? [];
  if (credentials === 'bad') return { ...challenge, body: 'Invalid username or token.\n' };
  const named = world.findByName(decodeURIComponent(`${owner}/${name}`));
  // A wiki goes by the name of its repository.
  const isWiki = named.kind === 'missing' && name.endsWith('.wiki');
  const found = isWiki ? world.findByName(decodeURIComponent(`${owner}/${name.replace(/\.wiki$/, '')}`)) : named;
  const token = credentials === 'none' ? null : credentials;
  const refusal = token === null ? challenge : { status: 404, body: 'Repository not found.\n' };
  if (found.kind === 'missing' || found.repository.hidden) return refusal;
  if (found.repository.private && !mayReadPrivate(token)) return refusal;
  if (found.kind === 'moved') {
    const location = `${webBase}/${fullNameOf(found.repository)}${isWiki ? '.wiki' : ''}.git${rest}${query === undefined ? '' : `?${query}`}`;
    return { status: 301, headers: { location } };
  }
  if (found.repository.blocked !== null) return blockedRefusal(found.repository);
  if (isWiki) {
    const { wikiDir } = found.repository;
    return wikiDir === null ? refusal : { repoDir: wikiDir, allowPush: false };
  }
  return { repoDir: found.repository.bareDir ?? empty.dir(), allowPush: false };
}

/** The faults that strike while git answers, in the words of the git server. */
export function gitFaults(faults: readonly Fault[], pathAndQuery: string, nowMs: number): GitHttpFaults {
  const slow = faultOf(faults, 'slow-git');
  const cut = faultOf(faults, 'cut');
  const replaced = replacingAnswer(faults, pathAndQuery, nowMs);
  return {
    ...(slow === undefined ? {} : { bytesPerSecond: slow.bytesPerSecond }),
    ...(cut === undefined
      ? {}
      : cut.of === 'request'
        ? { cutAfterRequestBytes: cut.afterBytes }
        : { cutAfterResponseBytes: cut.afterBytes }),
    ...(replaced === null
      ? {}
      : { answer: { status: replaced.status, headers: replaced.headers, body: bodyText(replaced) } }),
  };
}
