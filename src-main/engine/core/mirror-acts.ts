/**
 * @file What a person does with single mirrors: put into the archive, brought back, deleted. Never done by itself, one at a
 * time, each under the repository's name and with no run of it under way.
 *
 * [Note: cut acts] The store says first what is wanted, then the project is moved. What was cut in between, or met a
 * server that does not answer, is open: it is gone on with at the next start and with every look. A deletion is not: then
 * it is found out whether the project is still there, and if it is, nothing was done.
 */
import { EpicstarError, toEpicstarError } from '../domain/errors.ts';
import { wikiIdOf, type WikiState } from '../domain/extras.ts';
import type { GithubId, Instant } from '../domain/repository.ts';
import type { Choice } from '../domain/selection.ts';
import type { Clock } from '../ports/clock.ts';
import type { Log } from '../ports/log.ts';
import type { MirrorTarget, TargetProject } from '../ports/mirror-target.ts';
import type { MirrorRecord, RepositoryRecord, Store } from '../ports/store.ts';
import { ActJournal, type MirrorAct, type OpenAct } from './act-journal.ts';
import { type ActReport, type DeletionWish, mostActsAtOnce } from './engine-acts-api.ts';
import type { NamesInWork } from './names-in-work.ts';
import type { RepositoriesInHand } from './repositories-in-hand.ts';
import { Turns } from './turns.ts';

export interface MirrorActsParts {
  readonly store: Store;
  readonly target: MirrorTarget;
  readonly clock: Clock;
  readonly log: Log;
  readonly names: NamesInWork;
  readonly inHand: RepositoriesInHand;
  /** Keeps the word and decides anew, which cancels pending jobs. */
  readonly archive: (githubIds: readonly GithubId[], archivedAt: Instant | null) => Promise<void>;
  readonly choose: (githubIds: readonly GithubId[], choice: Choice | null) => Promise<unknown>;
  /** Ends all jobs of this repository, also one in work; resolves when none is. */
  readonly endJobsOf: (githubId: GithubId) => Promise<void>;
  readonly dropCache: (githubId: GithubId) => Promise<void>;
  readonly onChange: (githubIds: readonly GithubId[]) => void;
}

export class MirrorActs {
  readonly #parts: MirrorActsParts;
  readonly #journal: ActJournal;
  readonly #turns = new Turns();
  readonly #ending = new AbortController();
  #settling: Promise<void> | null = null;

  constructor(parts: MirrorActsParts) {
    this.#parts = parts;
    this.#journal = new ActJournal(parts.store);
  }

  /** Newest first. */
  done(): Promise<readonly MirrorAct[]> {
    return this.#journal.done();
  }

  async archive(githubIds: readonly GithubId[], signal: AbortSignal): Promise<readonly ActReport[]> {
    return this.#each(await this.#rows(githubIds), async (row) => {
      if (row.mirror === null) return failed(row, new EpicstarError('config-invalid', 'It has no mirror.'));
      return this.#replace(row, this.#parts.clock.now(), signal);
    });
  }

  async bringBack(githubIds: readonly GithubId[], signal: AbortSignal): Promise<readonly ActReport[]> {
    return this.#each(await this.#rows(githubIds), (row) => this.#replace(row, null, signal));
  }

  /** Rejects with `config-invalid`, and does nothing, unless each is a known mirror and its name was typed. */
  async delete(wishes: readonly DeletionWish[], signal: AbortSignal): Promise<readonly ActReport[]> {
    const rows = await this.#rows(wishes.map(({ githubId }) => githubId));
    const typed = new Map(wishes.map(({ githubId, typedName }) => [githubId, typedName.trim().toLowerCase()]));
    for (const { githubId, fullName, mirror } of rows) {
      if (mirror === null) throw new EpicstarError('config-invalid', `${fullName} has no mirror.`);
      if (typed.get(githubId) !== fullName.toLowerCase()) {
        throw new EpicstarError('config-invalid', `The mirror of ${fullName} is deleted only if that name is typed.`);
      }
    }
    return this.#each(rows, (row) => this.#delete(row, signal));
  }

  /** Goes on with what was cut, or waits for the target, unless that is being done. */
  refresh(): void {
    const { target, log } = this.#parts;
    if (target.kind === 'none' || this.#ending.signal.aborted) return;
    this.#settling ??= this.#settle()
      .catch((error: unknown) => log.error('what was begun with a mirror could not be gone on with', { error }))
      .finally(() => {
        this.#settling = null;
      });
  }

  /** Resolves when nothing is being gone on with. */
  async settled(): Promise<void> {
    await this.#settling;
  }

  async stop(): Promise<void> {
    this.#ending.abort(new DOMException('epicstar ends', 'AbortError'));
    await this.#settling;
    await this.#turns.take(() => Promise.resolve());
  }

  async #rows(githubIds: readonly GithubId[]): Promise<readonly RepositoryRecord[]> {
    const ids = new Set(githubIds);
    if (ids.size > mostActsAtOnce) {
      throw new EpicstarError('config-invalid', `At most ${mostActsAtOnce} mirrors are acted on at once.`);
    }
    const rows: RepositoryRecord[] = [];
    for (const githubId of ids) {
      const row = await this.#parts.store.repository(githubId);
      if (row === null) throw new EpicstarError('config-invalid', `No repository has the GitHub id ${githubId}.`);
      rows.push(row);
    }
    return rows;
  }

  async #each(
    rows: readonly RepositoryRecord[],
    act: (row: RepositoryRecord) => Promise<ActReport>,
  ): Promise<readonly ActReport[]> {
    const reports: ActReport[] = [];
    for (const { githubId } of rows) {
      reports.push(await this.#one(githubId, act));
      this.#parts.onChange([githubId]);
    }
    return reports;
  }

  /** The row as it is once nothing else is done with it. */
  #one<T>(githubId: GithubId, act: (row: RepositoryRecord) => Promise<T>): Promise<T> {
    return this.#turns.take(() =>
      this.#parts.inHand.hold(githubId, async () => {
        const row = await this.#parts.store.repository(githubId);
        if (row === null) throw new EpicstarError('internal', `no row for the repository ${githubId}`);
        return act(row);
      }),
    );
  }

  /** @param archivedAt null: it is brought back */
  async #replace(row: RepositoryRecord, archivedAt: Instant | null, signal: AbortSignal): Promise<ActReport> {
    const { archive, endJobsOf, clock } = this.#parts;
    const { githubId, fullName } = row;
    const before = row.archivedAt;
    await this.#journal.begin({ githubId, kind: 'place' });
    await archive([githubId], archivedAt);
    if (archivedAt !== null) await endJobsOf(githubId);
    try {
      await this.#place(githubId, signal);
    } catch (thrown) {
      const error = toEpicstarError(thrown);
      if (isPassing(error)) return { ...failed(row, error), state: 'later' };
      await archive([githubId], before);
      await this.#journal.end(githubId);
      return failed(row, error);
    }
    if ((before === null) !== (archivedAt === null)) {
      await this.#journal.note({
        at: clock.now(),
        githubId,
        fullName,
        kind: archivedAt === null ? 'brought-back' : 'archived',
      });
    }
    await this.#journal.end(githubId);
    return { githubId, fullName, state: 'done', error: null };
  }

  /** To where the store says that it belongs. */
  async #place(githubId: GithubId, signal: AbortSignal): Promise<void> {
    const { store, target, names } = this.#parts;
    const row = await store.repository(githubId);
    if (row === null || row.mirror === null) return;
    const { fullName, description, htmlUrl, archivedAt, mirror } = row;
    const wanted = { githubId, fullName, description, htmlUrl };
    const project = await names.hold(fullName, signal, () =>
      archivedAt === null
        ? target.bringBackProject(wanted, mirror.projectId, signal)
        : target.archiveProject(wanted, mirror.projectId, signal),
    );
    if (project === null) throw new EpicstarError('target-project-missing', `It was '${mirror.projectPath}'.`);
    const { id: projectId, path: projectPath, webUrl: projectUrl } = project;
    await store.moveMirror(githubId, { projectId, projectPath, projectUrl });
  }

  async #delete(row: RepositoryRecord, signal: AbortSignal): Promise<ActReport> {
    const { store, target, names, choose, endJobsOf, log } = this.#parts;
    const { githubId, fullName, mirror, choice } = row;
    if (mirror === null) return failed(row, new EpicstarError('config-invalid', 'It has no mirror.'));
    await this.#journal.begin({ githubId, kind: 'remove', choice });
    await choose([githubId], 'exclude');
    await endJobsOf(githubId);
    const { wiki } = await store.extras(githubId);
    try {
      await names.hold(fullName, signal, async () => {
        await target.removeProject(githubId, mirror.projectId, signal);
        await this.#forget(row, mirror);
      });
    } catch (thrown) {
      const error = toEpicstarError(thrown);
      // Nobody knows whether the server did it.
      if (isPassing(error)) return { ...failed(row, error), state: 'later' };
      await choose([githubId], choice);
      await this.#journal.end(githubId);
      return failed(row, error);
    }
    log.info('a mirror was deleted', { githubId, fullName, path: mirror.projectPath });
    return await this.#deleteWiki(row, wiki, signal);
  }

  /** Goes with its repository's mirror, and after it: a cut between leaves the wiki there, not the mirror without. */
  async #deleteWiki(
    { githubId, fullName }: RepositoryRecord,
    wiki: WikiState | null,
    signal: AbortSignal,
  ): Promise<ActReport> {
    const { target, log, dropCache } = this.#parts;
    const done: ActReport = { githubId, fullName, state: 'done', error: null };
    if (wiki === null || wiki.projectId === null) return done;
    const key = wikiIdOf(githubId);
    try {
      await target.removeProject(key, wiki.projectId, signal);
    } catch (thrown) {
      const error = toEpicstarError(thrown);
      const words = `The mirror was deleted; its wiki at '${wiki.projectPath}' was not. ${error.detail}`.trimEnd();
      log.warn('a wiki was not deleted with its mirror', { githubId, fullName, code: error.code });
      return { ...done, state: 'failed', error: new EpicstarError(error.code, words, { cause: error }).toRecord() };
    }
    await dropCache(key).catch((error: unknown) => log.warn('a cache could not be removed', { error }));
    log.info('the wiki of a mirror was deleted', { githubId, fullName, path: wiki.projectPath });
    return done;
  }

  async #forget({ githubId, fullName }: RepositoryRecord, { projectId }: MirrorRecord): Promise<void> {
    const { store, clock, log, dropCache } = this.#parts;
    await store.forgetMirror(githubId, projectId);
    await this.#journal.note({ at: clock.now(), githubId, fullName, kind: 'deleted' });
    await this.#journal.end(githubId);
    await dropCache(githubId).catch((error: unknown) => log.warn('a cache could not be removed', { error }));
  }

  async #settle(): Promise<void> {
    for (const act of await this.#journal.open()) {
      if (this.#ending.signal.aborted) return;
      try {
        await this.#one(act.githubId, (row) => this.#goOn(act, row));
        this.#parts.onChange([act.githubId]);
      } catch (thrown) {
        const error = toEpicstarError(thrown);
        if (isPassing(error)) return;
        this.#parts.log.warn('what was begun with a mirror cannot be done', { githubId: act.githubId, error });
        await this.#journal.end(act.githubId);
      }
    }
  }

  async #goOn(act: OpenAct, row: RepositoryRecord): Promise<void> {
    const { target, choose, endJobsOf } = this.#parts;
    const { githubId, mirror } = row;
    const { signal } = this.#ending;
    if (!(await this.#journal.open()).some((one) => one.githubId === githubId && one.kind === act.kind)) return;
    if (act.kind === 'place') {
      if (row.archivedAt !== null) await endJobsOf(githubId);
      await this.#place(githubId, signal);
    } else if (mirror !== null) {
      if ((await target.whereIs(projectOf(mirror), signal, githubId)) === null) return this.#forget(row, mirror);
      await choose([githubId], act.choice);
      // It may have been on its way there, which this act was begun in place of.
      if (row.archivedAt !== null) await this.#place(githubId, signal);
    }
    await this.#journal.end(githubId);
  }
}

function projectOf({ projectId: id, projectPath: path, projectUrl: webUrl }: MirrorRecord): TargetProject {
  return { id, path, webUrl };
}

function failed({ githubId, fullName }: RepositoryRecord, error: EpicstarError): ActReport {
  return { githubId, fullName, state: 'failed', error: error.toRecord() };
}

/** Whether the same may go well later by itself. */
function isPassing({ kind }: EpicstarError): boolean {
  return kind !== 'permanent';
}
