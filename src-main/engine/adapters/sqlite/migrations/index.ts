/** @file All steps of the schema in order. A step that was released is never edited: a new one is added at the end. */
import type { Migration } from '../migrate.ts';
import { repositories } from './0001-repositories.ts';
import { jobs } from './0002-jobs.ts';
import { runs } from './0003-runs.ts';
import { memory } from './0004-memory.ts';
import { selection } from './0005-selection.ts';
import { search } from './0006-search.ts';
import { statistics } from './0007-statistics.ts';
import { verdicts } from './0008-verdicts.ts';
import { lists } from './0009-lists.ts';
import { keptCosts } from './0010-kept-costs.ts';
import { archive } from './0011-archive.ts';
import { proofs } from './0012-proofs.ts';
import { extras } from './0013-extras.ts';

export const migrations: readonly Migration[] = [
  repositories,
  jobs,
  runs,
  memory,
  selection,
  search,
  statistics,
  verdicts,
  lists,
  keptCosts,
  archive,
  proofs,
  extras,
];
