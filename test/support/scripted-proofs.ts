/** @file The scripted engine's part about comparisons and restore drills. */
import type { Drill, RepositoryRow, VerifyReport } from '../../src-main/engine/core/engine-api.ts';
import { makeDrill } from './scripted-facts.ts';
import { ScriptedHandouts } from './scripted-handouts.ts';

export abstract class ScriptedProofs extends ScriptedHandouts {
  async verify(githubId: number): Promise<VerifyReport> {
    await this.take('verify', githubId);
    return {
      githubId,
      fullName: 'facebook/react',
      state: 'same' as const,
      refCount: 252,
      differences: [],
      unfitRefs: 0,
      provenAt: null,
      isRepairAsked: false,
      error: null,
    };
  }

  async beginComparing(githubIds: readonly number[] | null): Promise<number> {
    await this.take('beginComparing', githubIds);
    return githubIds?.length ?? this.rows().length;
  }

  async endComparing(): Promise<void> {
    await this.take('endComparing');
  }

  async drill(githubId: number): Promise<Drill> {
    await this.take('drill', githubId);
    return makeDrill();
  }

  async nextToDrill(): Promise<RepositoryRow['repository'] | null> {
    return this.rows()[0]?.repository ?? null;
  }

  async beginDrill(githubId: number): Promise<void> {
    await this.take('beginDrill', githubId);
  }

  /** Writes a command down, and fails it where a test said so. */
  protected abstract take(name: string, argument?: unknown): Promise<void>;
  protected abstract rows(): readonly RepositoryRow[];
}
