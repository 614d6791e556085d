/** @file One job's work: reads the repository's row, runs the mirror within the cache's budget, answers an outcome. */
import { EpicstarError, toEpicstarError } from '../domain/errors.ts';
import { emptyReport, type Job, type Outcome } from '../domain/job.ts';
import type { CacheBudget } from './cache-budget.ts';
import type { JobCall } from './job-runner.ts';
import { mirrorExtras, withExtras } from './mirror-extras.ts';
import { MirrorRun, MirrorRunError } from './mirror-job.ts';
import type { MirrorJobParts } from './mirror-parts.ts';
import { lossKey } from './job-wishes.ts';
import { outcomeOfError } from './retry-policy.ts';

/** Never rejects: whatever is thrown on the way becomes an outcome. */
export async function runMirrorJob(
  parts: MirrorJobParts,
  budget: CacheBudget,
  job: Job,
  call: JobCall,
): Promise<Outcome> {
  const { store, clock, git } = parts;
  const log = parts.log.child({ job: job.id, fullName: job.fullName });
  /** What became of the mirror does not depend on what becomes of a cache. */
  const notRemoved = (thrown: unknown): void => log.warn('a cache could not be removed', { error: thrown });
  await budget.begin(job.githubId);
  let cacheBytes: number | null = null;
  try {
    await parts.inHand?.free(job.githubId, call.signal);
    const isMirrored = (await store.repository(job.githubId))?.mirror !== null;
    if (!isMirrored) await parts.foundMirrors?.(job.githubId, call.signal);
    const repository = await store.repository(job.githubId);
    if (repository === null) throw new EpicstarError('internal', `no row for the repository ${job.githubId}`);
    // It was asked for before a person put the mirror away, or deleted it.
    const isDeleted = repository.mirror === null && repository.choice === 'exclude' && job.cause !== 'user';
    if (isDeleted || repository.archivedAt !== null) throw new EpicstarError('cancelled', '');
    log.info('mirror run begins', { cause: job.cause, attempt: job.attempt });
    const accepted = (await store.readValue(lossKey(job.githubId))) !== null;
    const run = new MirrorRun({ ...parts, log }, repository, call, accepted);
    try {
      const { proof, report } = await run.run();
      if (accepted) await store.writeValue(lossKey(job.githubId), null);
      log.info('mirror run is done', { refs: proof.refCount, path: proof.projectPath, phases: report.phases });
      if (run.end === null) return { kind: 'done', proof, report };
      const extras = await mirrorExtras({ ...parts, log }, budget, repository, run.end, call);
      return { kind: 'done', proof, report: withExtras(report, extras) };
    } finally {
      cacheBytes = run.cacheBytes;
    }
  } catch (thrown) {
    const error = thrown instanceof MirrorRunError ? thrown.error : toEpicstarError(thrown);
    const report = thrown instanceof MirrorRunError ? thrown.report : emptyReport;
    if (error.code === 'git-corrupt') {
      await git.removeCache(job.githubId).then(() => {
        cacheBytes = 0;
      }, notRemoved);
    }
    if (error.code === 'internal') log.error('mirror run failed for a reason of our own', { error: thrown });
    else log.info('mirror run did not succeed', { code: error.code, message: error.message });
    return outcomeOfError(error, report, clock.now());
  } finally {
    await budget.end(job.githubId, cacheBytes, clock.now()).catch(notRemoved);
  }
}
