/**
 * @file Both ends of one mirror as a run meets them: who the repository is now, which refs each end has, and, where git was
 * refused, what the services' own side says about it.
 */
import { EpicstarError, toEpicstarError } from '../domain/errors.ts';
import { isWikiId } from '../domain/extras.ts';
import type { RepositoryFacts } from '../domain/repository.ts';
import type { GitCall, GitRemote, RefListing } from '../ports/git.ts';
import type { RepositoryRecord } from '../ports/store.ts';
import { differs, refusedByTarget } from './mirror-refs.ts';
import type { MirrorJobParts } from './mirror-parts.ts';

export class MirrorEnds {
  readonly #parts: Pick<MirrorJobParts, 'github' | 'store' | 'git' | 'target' | 'clock'>;
  readonly #repository: RepositoryRecord;
  readonly #call: GitCall;

  constructor(
    parts: Pick<MirrorJobParts, 'github' | 'store' | 'git' | 'target' | 'clock'>,
    repository: RepositoryRecord,
    call: GitCall,
  ) {
    this.#parts = parts;
    this.#repository = repository;
    this.#call = call;
  }

  /** Rejects with `github-gone` or `github-blocked` where there is nothing to be mirrored. */
  async identify(): Promise<RepositoryFacts> {
    const { github, store } = this.#parts;
    const lookup = await github.repositoryById(this.#repository.githubId, this.#call.signal);
    if (lookup.kind === 'gone') throw new EpicstarError('github-gone', '');
    if (lookup.kind === 'blocked') {
      throw new EpicstarError('github-blocked', `Reason: ${lookup.reason}.`, {
        data: {
          blockReason: lookup.reason,
          ...(lookup.noticeUrl === null ? {} : { noticeUrl: lookup.noticeUrl }),
        },
      });
    }
    // Whether it is private is the list's to tell: a change that comes with the loss of the star is a verdict.
    const seen = { ...lookup.repository, isPrivate: this.#repository.isPrivate };
    if (!isWikiId(seen.githubId) && differs(this.#repository, seen)) await store.updateFacts(seen);
    return lookup.repository;
  }

  listSource(remote: GitRemote): Promise<RefListing> {
    return this.onSource(() => this.#parts.git.listRefs(remote, 'heads-and-tags', this.#call));
  }

  listTarget(remote: GitRemote): Promise<RefListing> {
    return this.onTarget(() => this.#parts.git.listRefs(remote, 'advertised', this.#call));
  }

  /** git says little about why it was refused; the services' REST side says it in words. */
  async onSource<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (thrown) {
      const error = toEpicstarError(thrown);
      if (error.code === 'git-auth-refused' || error.code === 'git-not-found') {
        await this.confirmName(this.#repository.fullName, error);
      }
      throw error;
    }
  }

  /** Git reaches repositories by name, and a name may be a stranger's by now: then what was fetched is the stranger's. */
  async confirmName(fullName: string, cause?: EpicstarError): Promise<void> {
    const { fullName: now } = await this.identify();
    if (now === fullName) return;
    throw new EpicstarError('github-moved', `Its name is ${now} now.`, { cause, data: { fullName: now } });
  }

  async onTarget<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work();
    } catch (thrown) {
      const error = toEpicstarError(thrown);
      if (error.code === 'git-auth-refused' || error.code === 'git-not-found') {
        const { target, clock } = this.#parts;
        const failed = (await target.check(this.#call.signal)).find((item) => item.state === 'failed');
        if (failed !== undefined) throw refusedByTarget(failed, error, clock.now());
      }
      throw error;
    }
  }
}
