/** @file The tables as the newest step leaves them, for typed queries. Flags are 0 or 1, JSON is text. */
import type { Generated, GeneratedAlways } from 'kysely';
import type { JobCause, JobState, RunOutcome, WaitReason } from '../../domain/job.ts';
import type { Choice, Selection } from '../../domain/selection.ts';
import type { VerdictKind } from '../../domain/verdict.ts';

export interface RepositoriesTable {
  readonly github_id: number;
  readonly node_id: string;
  readonly full_name: string;
  readonly description: string | null;
  readonly default_branch: string;
  readonly size_kb: number;
  readonly is_private: number;
  readonly is_fork: number;
  readonly is_archived: number;
  readonly is_disabled: number;
  readonly has_wiki: number;
  readonly pushed_at: number | null;
  readonly language: string | null;
  readonly license_spdx: string | null;
  readonly topics: string;
  readonly homepage: string | null;
  readonly html_url: string;
  readonly starred_at: number;
  readonly first_seen_at: number;
  readonly absent_since: number | null;
  readonly previous_names: string;
  readonly search_text: string;
  readonly mirror_project_id: string | null;
  readonly mirror_project_path: string | null;
  readonly mirror_project_url: string | null;
  readonly mirror_pushed_at: number | null;
  readonly mirror_default_branch: string | null;
  readonly mirror_verified_at: number | null;
  readonly mirror_ref_count: number | null;
  readonly mirror_cache_bytes: number | null;
  readonly mirror_unfit_refs: number | null;
  readonly choice: Choice | null;
  readonly selection: Selection;
  readonly selection_reason: string;
  readonly owner: GeneratedAlways<string>;
  readonly verdict_kind: VerdictKind | null;
  readonly verdict_evidence: string | null;
  readonly verdict_first_at: number | null;
  readonly verdict_last_at: number | null;
  readonly verdict_confirmed_at: number | null;
  readonly examine_at: number | null;
  readonly archived_at: number | null;
}

export interface JobsTable {
  readonly id: Generated<number>;
  readonly github_id: number;
  readonly state: JobState;
  /** See [Note: current job] in migrations/0002-jobs.ts. */
  readonly is_current: number;
  readonly cause: JobCause;
  readonly priority: number;
  readonly attempt: number;
  readonly size_kb: number;
  readonly size_class: GeneratedAlways<number>;
  readonly queued_at: number;
  readonly started_at: number | null;
  readonly finished_at: number | null;
  readonly run_after: number | null;
  readonly wait_reason: WaitReason | null;
  readonly error: string | null;
}

export interface JobTotalsTable {
  readonly state: JobState;
  readonly jobs: number;
  readonly size_kb: number;
}

export interface RunsTable {
  readonly id: Generated<number>;
  readonly job_id: number;
  readonly github_id: number;
  readonly full_name: string;
  readonly cause: JobCause;
  readonly attempt: number;
  readonly queued_at: number;
  readonly started_at: number;
  readonly finished_at: number;
  readonly outcome: RunOutcome;
  readonly report: string;
  readonly error: string | null;
}

export interface ValuesTable {
  readonly key: string;
  readonly value: string;
}

export interface Schema {
  readonly repositories: RepositoriesTable;
  readonly jobs: JobsTable;
  readonly job_totals: JobTotalsTable;
  readonly runs: RunsTable;
  readonly watcher_memory: ValuesTable;
  readonly engine_values: ValuesTable;
}
