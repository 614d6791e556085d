/** @file One suite for both stores, and random histories that both must tell alike. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe } from 'vitest';
import { openSqliteStore } from '../../src-main/engine/adapters/sqlite/index.ts';
import { createMemoryStore } from './memory-store.ts';
import { describeSameStories } from './store-stories.ts';
import { describeStoreArchive } from './store-suite-archive.ts';
import { describeStoreArranged } from './store-suite-arranged.ts';
import { describeStoreHeld } from './store-suite-held.ts';
import { describeStoreExtras } from './store-suite-extras.ts';
import { describeStoreHistory } from './store-suite-history.ts';
import { describeStoreKept } from './store-suite-kept.ts';
import { describeStoreLists } from './store-suite-lists.ts';
import { describeStoreProofs } from './store-suite-proofs.ts';
import { describeStoreSearch } from './store-suite-search.ts';
import { describeStoreSelection } from './store-suite-selection.ts';
import { describeStoreVerdicts } from './store-suite-verdicts.ts';
import { describeStoreJobs, type OpenedStore } from './store-suite.ts';

async function openMemory(): Promise<OpenedStore> {
  const store = createMemoryStore();
  return { store, dispose: () => store.close() };
}

async function openSqlite(): Promise<OpenedStore> {
  const dataDir = await mkdtemp(join(tmpdir(), 'epicstar-store-'));
  const store = await openSqliteStore({ dataDir });
  return {
    store,
    dispose: async () => {
      await store.close();
      await rm(dataDir, { recursive: true });
    },
  };
}

/** Quick to open, since it has no file. */
async function openThrowAway(): Promise<OpenedStore> {
  const store = await openSqliteStore({ dataDir: join(tmpdir(), 'epicstar-not-made'), throwAway: true });
  return { store, dispose: () => store.close() };
}

describe.each([
  { name: 'in memory', open: openMemory },
  { name: 'SQLite', open: openSqlite },
])('the store $name', ({ open }) => {
  describeStoreJobs(open);
  describeStoreLists(open);
  describeStoreSelection(open);
  describeStoreSearch(open);
  describeStoreHistory(open);
  describeStoreVerdicts(open);
  describeStoreExtras(open);
  describeStoreKept(open);
  describeStoreHeld(open);
  describeStoreArchive(open);
  describeStoreArranged(open);
  describeStoreProofs(open);
});

describe('both stores', () => {
  describeSameStories(openMemory, openThrowAway);
});
