/** @file Previews of what is mirrored keep their word: whatever the stars and rules, saving does what they count. */
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { openSqliteStore } from '../../../src-main/engine/adapters/sqlite/index.ts';
import { SelectionKeeper } from '../../../src-main/engine/core/selection-keeper.ts';
import { choices, type SelectionRules, selections } from '../../../src-main/engine/domain/selection.ts';
import { firstPage } from '../../conformance/store-samples.ts';
import { star } from '../../support/facts.ts';
import { keeperParts } from '../../support/keeper-parts.ts';

const someNames = ['a', 'B', 'c'] as const;
const anyOnlyNever = fc.record({
  only: fc.subarray([...someNames], { maxLength: 2 }),
  never: fc.subarray([...someNames], { maxLength: 1 }),
});
const anyVerdict = fc.constantFrom('mirror' as const, 'skip' as const);
const anyRules: fc.Arbitrary<SelectionRules> = fc.record({
  scope: fc.constantFrom('all' as const, 'new-only' as const),
  newSince: fc.nat(100),
  owners: anyOnlyNever,
  languages: anyOnlyNever,
  topics: anyOnlyNever,
  lists: anyOnlyNever,
  forks: anyVerdict,
  archived: anyVerdict,
  privateOnes: anyVerdict,
  namePatterns: fc.record({ only: fc.constantFrom([], ['*1*'], ['a/*']), never: fc.constantFrom([], ['b/?2']) }),
  askAboveKb: fc.option(fc.nat(100)),
});
const anyStar = fc.record({
  owner: fc.constantFrom(...someNames),
  language: fc.option(fc.constantFrom(...someNames)),
  topics: fc.subarray([...someNames]),
  sizeKb: fc.nat(200),
  isFork: fc.boolean(),
  isArchived: fc.boolean(),
  isPrivate: fc.boolean(),
  starredAt: fc.nat(100),
  choice: fc.option(fc.constantFrom(...choices)),
  isAbsent: fc.boolean(),
  lists: fc.subarray([...someNames], { maxLength: 2 }),
});

describe('a preview', () => {
  it('counts what saving these rules then does', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(anyStar, { maxLength: 12 }),
        fc.array(anyRules, { minLength: 1, maxLength: 3 }),
        async (stars, ruleSets) => {
          const own = await openSqliteStore({ dataDir: join(tmpdir(), 'epicstar-not-made'), throwAway: true });
          try {
            const keeper = new SelectionKeeper(keeperParts(own));
            await keeper.load();
            await own.observeStars(
              stars.map(({ owner, starredAt, ...facts }, index) => {
                return star(starredAt, { ...facts, githubId: index + 1, fullName: `${owner}/r${index}` });
              }),
              500,
              () => 'new-star',
              (known, { repository, starredAt }) => keeper.select(known, repository, starredAt),
            );
            for (const [index, { choice }] of stars.entries()) await keeper.choose([index + 1], choice);
            await own.markAbsent(new Set(stars.flatMap(({ isAbsent }, index) => (isAbsent ? [] : [index + 1]))), 600);
            await keeper.learnLists(
              someNames.map((name) => ({
                name,
                githubIds: stars.flatMap(({ lists }, index) => (lists.includes(name) ? [index + 1] : [])),
              })),
            );
            for (const rules of ruleSets) {
              const preview = await keeper.previewSelection(rules);
              await keeper.saveSelection(rules);
              const starred = (await own.allRepositories()).filter(({ absentSince }) => absentSince === null);
              for (const selection of selections) {
                const those = starred.filter((record) => record.selection === selection);
                const sizeKb = those.reduce((sum, record) => sum + record.sizeKb, 0);
                expect(preview[selection]).toEqual({ count: those.length, sizeKb });
              }
              expect(preview.repositories).toBe(starred.length);
              // Pending jobs are those of what is selected, and nothing that is not.
              const jobs = (await own.jobs(['queued', 'waiting'], firstPage)).items.map(({ githubId }) => githubId);
              const selected = (await own.allRepositories()).filter(({ selection }) => selection === 'mirror');
              const ids = selected.map(({ githubId }) => githubId);
              expect(ids).toEqual(expect.arrayContaining(jobs));
              const wanted = selected.filter(({ absentSince }) => absentSince === null);
              expect(jobs).toEqual(expect.arrayContaining(wanted.map(({ githubId }) => githubId)));
            }
          } finally {
            await own.close();
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});
