/** @file Random sequences of calls, told to two stores, which must answer alike and look alike after each. */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { toEpicstarError } from '../../src-main/engine/domain/errors.ts';
import { jobCauses, jobStates, waitReasons } from '../../src-main/engine/domain/job.ts';
import { choices, type SelectionDecision, selections } from '../../src-main/engine/domain/selection.ts';
import { type Verdict, verdictKinds } from '../../src-main/engine/domain/verdict.ts';
import {
  type RepositoryFilter,
  type RepositoryRecord,
  repositoryOrders,
  repositoryStates,
  type Settlement,
  type Store,
} from '../../src-main/engine/ports/store.ts';
import {
  allRepositories,
  allRuns,
  firstPage,
  makeError,
  makeFacts,
  makeProof,
  makeRun,
  makeStar,
} from './store-samples.ts';
import type { OpenedStore } from './store-suite.ts';

interface Step {
  readonly words: string;
  tell(store: Store): Promise<unknown>;
}

const idArbitrary = fc.integer({ min: 1, max: 5 });
const jobIdArbitrary = fc.integer({ min: 1, max: 12 });
const timeArbitrary = fc.integer({ min: 0, max: 40 });
const causeArbitrary = fc.constantFrom(...jobCauses);
const sizeArbitrary = fc.constantFrom(0, 9_999, 10_000, 100_000, 999_999, 1_000_000);
const nameArbitrary = fc.constantFrom('a/b', 'A/B', 'c/d', 'e/f');

const step = (words: string, tell: Step['tell']): Step => ({ words, tell });

const settlementArbitrary: fc.Arbitrary<Settlement> = fc.oneof(
  fc.constant({ state: 'done', proof: makeProof() } as const),
  fc.constant({ state: 'failed', error: makeError() } as const),
  fc.constant({ state: 'cancelled' } as const),
  fc.record({
    state: fc.constant('waiting' as const),
    runAfter: fc.option(timeArbitrary),
    reason: fc.constantFrom(...waitReasons),
    error: fc.option(fc.constant(makeError())),
    countsAsAttempt: fc.boolean(),
  }),
);

const languageArbitrary = fc.constantFrom(null, 'Go', 'go', 'C++');

const starArbitrary = fc
  .tuple(
    idArbitrary,
    nameArbitrary,
    sizeArbitrary,
    fc.string({ unit: 'grapheme', maxLength: 6 }),
    languageArbitrary,
    fc.boolean(),
    timeArbitrary,
  )
  .map(([id, fullName, sizeKb, description, language, isArchived, starredAt]) =>
    makeStar(id, { fullName, sizeKb, description, language, isArchived, pushedAt: sizeKb || null }, starredAt),
  );

const decisionArbitrary: fc.Arbitrary<SelectionDecision> = fc.constantFrom(
  { selection: 'mirror', reason: 'chosen' },
  { selection: 'mirror', reason: 'chosen by you' },
  { selection: 'skip', reason: 'archived' },
  { selection: 'ask', reason: 'large' },
);
/** One decision an id, so that a story may select some and drop others at once. */
const decisionsArbitrary = fc.array(decisionArbitrary, { minLength: 5, maxLength: 5 });
const undecided: SelectionDecision = { selection: 'mirror', reason: '' };
const causeOfSelected = ({ mirror, absentSince }: RepositoryRecord) => {
  if (absentSince !== null) return null;
  return mirror === null ? 'new-star' : 'pushed';
};
const wordsOf = (decisions: readonly SelectionDecision[]): string => decisions.map((each) => each.selection).join();

const selectionStepArbitrary: fc.Arbitrary<Step> = fc.oneof(
  fc
    .tuple(fc.array(starArbitrary, { maxLength: 4 }), timeArbitrary, causeArbitrary, decisionsArbitrary)
    .map(([stars, at, cause, decisions]) =>
      step(`observe ${stars.map((star) => star.repository.githubId)} at ${at}, ${wordsOf(decisions)}`, (store) =>
        store.observeStars(
          stars,
          at,
          (known) => (known?.selection === 'mirror' ? null : cause),
          (_, { repository }) => decisions[repository.githubId - 1] ?? undecided,
        ),
      ),
    ),
  fc
    .tuple(timeArbitrary, decisionsArbitrary)
    .map(([at, decisions]) =>
      step(`decide at ${at}, ${wordsOf(decisions)}`, (store) =>
        store.applySelection(at, ({ githubId }) => decisions[githubId - 1] ?? undecided, causeOfSelected),
      ),
    ),
  fc
    .tuple(fc.uniqueArray(idArbitrary), fc.option(fc.constantFrom(...choices)), timeArbitrary, decisionsArbitrary)
    .map(([ids, choice, at, decisions]) =>
      step(`choose ${choice} for ${ids} at ${at}, ${wordsOf(decisions)}`, (store) =>
        store.chooseRepositories(
          ids,
          choice,
          at,
          (record) => (record.choice === null ? undecided : (decisions[record.githubId - 1] ?? undecided)),
          causeOfSelected,
        ),
      ),
    ),
);

const verdictArbitrary: fc.Arbitrary<Verdict> = fc
  .tuple(fc.constantFrom(...verdictKinds), timeArbitrary, fc.option(timeArbitrary))
  .map(([kind, at, confirmedAt]) => ({
    kind,
    evidence: { fullName: null, isStarred: false, reason: kind, noticeUrl: null },
    firstAt: at,
    lastAt: at,
    confirmedAt,
  }));

const verdictStepArbitrary: fc.Arbitrary<Step> = fc.oneof(
  fc
    .tuple(idArbitrary, timeArbitrary)
    .map(([id, at]) => step(`doubt ${id} at ${at}`, (store) => store.requestExamination(id, at))),
  fc
    .tuple(idArbitrary, fc.option(verdictArbitrary), fc.option(timeArbitrary))
    .map(([id, verdict, again]) =>
      step(`${id} is ${verdict?.kind}, again at ${again}`, (store) => store.writeVerdict(id, verdict, again)),
    ),
);

const placeStepArbitrary: fc.Arbitrary<Step> = fc
  .tuple(idArbitrary, fc.constantFrom('42', '43'), fc.constantFrom('github/a/b', 'github/A/B', 'github/owner/name'))
  .map(([id, projectId, projectPath]) =>
    step(`${id} of ${projectId} stands at ${projectPath}`, (store) =>
      store.moveMirror(id, { projectId, projectPath, projectUrl: null }),
    ),
  );

const stepArbitrary: fc.Arbitrary<Step> = fc.oneof(
  { weight: 1, arbitrary: placeStepArbitrary },
  { weight: 2, arbitrary: verdictStepArbitrary },
  { weight: 3, arbitrary: selectionStepArbitrary },
  fc
    .option(timeArbitrary, { freq: 4 })
    .map((before) => step(`forget runs before ${before}`, (store) => store.forgetRuns(before))),
  fc
    .tuple(fc.array(starArbitrary, { maxLength: 4 }), timeArbitrary, fc.option(causeArbitrary))
    .map(([stars, at, cause]) =>
      step(`observe ${stars.map((star) => star.repository.githubId)} at ${at}, ${cause}`, (store) =>
        store.observeStars(stars, at, (known) => (known === null || known.absentSince === null ? cause : null)),
      ),
    ),
  fc
    .tuple(fc.uniqueArray(idArbitrary), timeArbitrary)
    .map(([ids, at]) => step(`mark all but ${ids} absent at ${at}`, (store) => store.markAbsent(new Set(ids), at))),
  fc
    .tuple(idArbitrary, nameArbitrary, sizeArbitrary)
    .map(([id, fullName, sizeKb]) =>
      step(`${id} is ${fullName} of ${sizeKb}`, (store) => store.updateFacts(makeFacts(id, { fullName, sizeKb }))),
    ),
  {
    weight: 3,
    arbitrary: fc
      .tuple(idArbitrary, causeArbitrary, timeArbitrary, fc.boolean())
      .map(([githubId, cause, at, hurry]) =>
        step(`request ${githubId} ${cause} at ${at} ${hurry}`, (store) =>
          store.requestJob({ githubId, cause }, at, hurry),
        ),
      ),
  },
  fc
    .tuple(fc.array(fc.record({ githubId: idArbitrary, cause: causeArbitrary }), { maxLength: 5 }), timeArbitrary)
    .map(([requests, at]) =>
      step(`request ${JSON.stringify(requests)} at ${at}`, (store) => store.requestJobs(requests, at)),
    ),
  {
    weight: 5,
    arbitrary: fc
      .tuple(
        timeArbitrary,
        fc.boolean(),
        fc.option(fc.uniqueArray(idArbitrary), { nil: undefined, freq: 4 }),
        fc.option(causeArbitrary, { nil: undefined, freq: 4 }),
      )
      .map(([at, huge, only, cause]) =>
        step(`claim at ${at} ${huge} ${only} ${cause}`, (store) =>
          store.claimNextJob(at, huge, only === undefined ? undefined : new Set(only), cause),
        ),
      ),
  },
  {
    weight: 5,
    arbitrary: fc.tuple(jobIdArbitrary, settlementArbitrary, timeArbitrary).map(([jobId, settlement, finishedAt]) =>
      step(`settle ${jobId} ${JSON.stringify(settlement)}`, (store) => {
        const outcome = settlement.state === 'waiting' ? 'waiting' : settlement.state;
        return store.settleJob(jobId, settlement, makeRun(outcome, { finishedAt }));
      }),
    ),
  },
  jobIdArbitrary.map((jobId) => step(`release ${jobId}`, (store) => store.releaseJob(jobId))),
  fc
    .tuple(jobIdArbitrary, timeArbitrary)
    .map(([jobId, at]) => step(`cancel ${jobId} at ${at}`, (store) => store.cancelJob(jobId, at))),
  timeArbitrary.map((at) => step(`recover at ${at}`, (store) => store.recoverOrphans(at))),
  fc
    .tuple(fc.subarray([...waitReasons]), timeArbitrary, fc.option(causeArbitrary, { nil: undefined }))
    .map(([reasons, at, cause]) => step(`wake ${reasons} ${cause}`, (store) => store.wakeJobs(reasons, at, cause))),
);

/** What the call came to: its answer, or the code of its error. */
async function answer(tell: Promise<unknown>): Promise<unknown> {
  try {
    return { answer: await tell };
  } catch (error) {
    return { code: toEpicstarError(error).code };
  }
}

const bounds = [0, 5, 10, 20, 20, 40];

async function look(store: Store, filter: RepositoryFilter): Promise<unknown> {
  const orders = repositoryOrders.flatMap((order) =>
    [null, true, false].map((descending) => store.repositories({ ...allRepositories, order, descending })),
  );
  return {
    repositories: await Promise.all(orders),
    narrowed: await store.repositories({ ...allRepositories, ...filter, order: 'size' }),
    ids: await store.repositoryIds(filter),
    facets: await store.facets(filter),
    byName: await store.repositoryByName('a/b'),
    jobs: await store.jobs(jobStates, firstPage),
    middle: await store.jobs(jobStates, { offset: 2, limit: 2 }),
    runs: await store.runs(allRuns),
    someRuns: await store.runs({ ...allRuns, since: 5, until: 30, text: filter.text }),
    days: await store.outcomesByDay(3, bounds),
    stars: await store.starsOverTime(bounds),
    sizes: [await store.sizeBy('language', 2), await store.sizeBy('owner', 1)],
    totals: await store.totals(),
    due: await store.nextDueAt(),
    starred: await store.starredIds(),
    there: [await store.mirrorsAt('github/a/b'), await store.mirrorsAt('GITHUB/owner/name')],
    toExamine: await store.dueExaminations(20, 3),
  };
}

/** Each story looks through a filter of its own. */
const filterArbitrary = fc.record({
  text: fc.oneof(
    fc.constantFrom('', 'b', 'a/b', 'git', 'mirror git', 'MIR'),
    fc.string({ unit: 'grapheme', maxLength: 3 }),
  ),
  state: fc.option(fc.constantFrom(...repositoryStates), { freq: 3 }),
  states: fc.option(fc.subarray([...repositoryStates])),
  languages: fc.option(fc.subarray(['', 'GO', 'c++'])),
  owners: fc.option(fc.subarray(['A', 'c', 'e'])),
  isArchived: fc.option(fc.boolean()),
  isFork: fc.option(fc.constant(false)),
  minSizeKb: fc.option(sizeArbitrary),
  maxSizeKb: fc.option(sizeArbitrary),
  selection: fc.option(fc.constantFrom(...selections)),
  isAbsent: fc.option(fc.boolean()),
  isRescued: fc.option(fc.boolean()),
});

/** At most one job of a repository runs, at most one is pending, whatever was told. */
async function checkRules(store: Store): Promise<void> {
  const running = (await store.jobs(['running'], firstPage)).items.map((job) => job.githubId);
  const pending = (await store.jobs(['queued', 'waiting'], firstPage)).items.map((job) => job.githubId);
  expect(new Set(running).size).toBe(running.length);
  expect(new Set(pending).size).toBe(pending.length);
}

export function describeSameStories(openOne: () => Promise<OpenedStore>, openOther: () => Promise<OpenedStore>): void {
  it('tell any story alike', async () => {
    const stepsArbitrary = fc.array(stepArbitrary, { minLength: 8, maxLength: 40 });
    const story = fc.asyncProperty(stepsArbitrary, filterArbitrary, async (steps, filter) => {
      const [one, other] = [await openOne(), await openOther()];
      try {
        for (const { words, tell } of steps) {
          const wanted = { words, answer: await answer(tell(one.store)), view: await look(one.store, filter) };
          expect({ words, answer: await answer(tell(other.store)), view: await look(other.store, filter) }).toEqual(
            wanted,
          );
          await checkRules(other.store);
        }
      } finally {
        await Promise.all([one.dispose(), other.dispose()]);
      }
    });
    await fc.assert(story, { numRuns: 100, interruptAfterTimeLimit: 40_000, markInterruptAsFailure: true });
  });
}
