/** @file Mirrors that were found at the target. Each function is a part of a transaction that the caller opened. */
import { unknownTime, type GithubId, type Instant } from '../../domain/repository.ts';
import type { Adoption, FoundMirror, MirrorPlace } from '../../ports/store-held.ts';
import type { Connection } from './connection.ts';
import { factColumns } from './rows.ts';
import { readRecords } from './selection.ts';

function placeColumns({ projectId, projectPath, projectUrl }: MirrorPlace) {
  return { mirror_project_id: projectId, mirror_project_path: projectPath, mirror_project_url: projectUrl };
}

const nothingProven = {
  mirror_pushed_at: null,
  mirror_default_branch: null,
  mirror_verified_at: unknownTime,
  mirror_ref_count: 0,
  mirror_cache_bytes: 0,
  mirror_unfit_refs: 0,
} as const;

export function adopt(db: Connection, found: readonly FoundMirror[], at: Instant): Adoption {
  const ids = found.map(({ facts }) => facts.githubId);
  const known = new Map(readRecords(db, ids).map((record) => [record.githubId, record]));
  const entered: GithubId[] = [];
  const placed: GithubId[] = [];
  const moved: GithubId[] = [];
  const change = (
    githubId: GithubId,
    columns: ReturnType<typeof placeColumns> & Partial<typeof nothingProven>,
  ): void => {
    db.run(db.build.updateTable('repositories').set(columns).where('github_id', '=', githubId));
  };
  for (const { facts, place, copies } of found) {
    const { githubId } = facts;
    const record = known.get(githubId);
    if (record === undefined) {
      db.run(
        db.build.insertInto('repositories').values({
          ...factColumns(facts),
          ...placeColumns(place),
          ...nothingProven,
          starred_at: unknownTime,
          first_seen_at: at,
          absent_since: at,
          examine_at: at,
          previous_names: '[]',
          selection: 'mirror',
          selection_reason: '',
        }),
      );
      entered.push(githubId);
      continue;
    }
    const { mirror } = record;
    const same = [place, ...copies].find(({ projectId }) => projectId === mirror?.projectId);
    if (mirror === null || same === undefined) {
      change(githubId, { ...placeColumns(place), ...nothingProven });
      placed.push(githubId);
    } else if (same.projectPath !== mirror.projectPath || same.projectUrl !== mirror.projectUrl) {
      change(githubId, placeColumns(same));
      moved.push(githubId);
    }
  }
  return { entered, placed, moved };
}
