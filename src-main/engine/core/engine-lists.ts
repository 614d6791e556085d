/** @file All that an engine does with GitHub Lists: reads them, and arranges mirrors by them. */
import { EpicstarError } from '../domain/errors.ts';
import type { Run } from '../domain/job.ts';
import type { ListUse } from '../domain/lists.ts';
import type { SelectionRules } from '../domain/selection.ts';
import type { RepositoryRecord } from '../ports/store.ts';
import type { EngineParts } from './engine-parts.ts';
import { ListArranger } from './list-arranger.ts';
import { ListReader } from './list-reader.ts';
import type { MirrorLists } from './mirror-parts.ts';
import type { SelectionKeeper } from './selection-keeper.ts';

interface Surroundings {
  readonly keeper: SelectionKeeper;
  readonly isHeld: () => boolean;
  readonly onJobs: () => void;
}

export class EngineLists implements MirrorLists {
  readonly #reader: ListReader;
  readonly #arranger: ListArranger;
  readonly #keeper: SelectionKeeper;
  readonly #use: ListUse;

  constructor({ github, store, target, clock, log, options }: EngineParts, { keeper, isHeld, onJobs }: Surroundings) {
    this.#keeper = keeper;
    this.#use = options.lists ?? 'off';
    const use = this.#use;
    this.#arranger = new ListArranger({
      store,
      target,
      clock,
      log,
      use,
      listsOf: (githubId) => keeper.listsOf(githubId),
      isHeld,
      onJobs,
    });
    const learnLists: SelectionKeeper['learnLists'] = async (lists) => {
      const isNew = await keeper.learnLists(lists);
      if (isNew) this.#arranger.listsChanged();
      return isNew;
    };
    this.#reader = new ListReader({
      github,
      keeper: {
        get needsLists() {
          return keeper.needsLists || use !== 'off';
        },
        learnLists,
      },
      clock,
      log,
    });
  }

  /** Lists are read now and then from here on, even where nothing but a filter uses them. */
  readNowAndThen(): void {
    this.#reader.readNowAndThen();
  }

  refresh(): void {
    this.#reader.refresh();
    this.#arranger.refresh();
  }

  noteRun({ outcome, githubId }: Run): void {
    if (outcome === 'done') this.#arranger.mirrorChanged(githubId);
  }

  readFor(rules: SelectionRules): Promise<void> {
    return this.#reader.readFor(rules);
  }

  forget(): void {
    this.#reader.forget();
  }

  async placeOf({ githubId }: RepositoryRecord): Promise<string | null> {
    if (this.#use === 'parents' && this.#keeper.listsOf(githubId) === null && !this.#reader.wasRefused) {
      // A mirror that is found again would be moved away from its List, and back.
      await this.#reader.readNow();
      if (this.#keeper.listsOf(githubId) === null && !this.#reader.wasRefused) {
        throw new EpicstarError('github-unavailable', 'Its Lists, by which mirrors are arranged, are not known yet.');
      }
    }
    return this.#arranger.placeOf(githubId);
  }

  placed(githubId: number, place: string | null, isNew: boolean): Promise<void> {
    return this.#arranger.placed(githubId, place, isNew);
  }

  /** Resolves when none are being read, and nothing is being arranged. */
  async settled(): Promise<void> {
    await this.#reader.settled();
    await this.#arranger.settled();
  }

  async stop(): Promise<void> {
    await Promise.all([this.#reader.stop(), this.#arranger.stop()]);
  }
}
