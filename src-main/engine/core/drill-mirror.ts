/**
 * @file One restore drill: a copy of a mirror is made from the target alone, looked through, and compared with what the
 * target lists and with what was proven. Nothing in the mirror is changed, and the copy is gone afterwards.
 */
import { type ErrorCode, EpicstarError, toEpicstarError } from '../domain/errors.ts';
import { mirroredRefs, mirrorFitness, type RefMap } from '../domain/plan.ts';
import { differencesKept, type Drill, type DrillResult, type Proven } from '../domain/proof.ts';
import type { Clock } from '../ports/clock.ts';
import type { Disk } from '../ports/disk.ts';
import type { Git, GitCache, GitCall, GitRemote } from '../ports/git.ts';
import type { CopyCheck } from '../ports/git-drills.ts';
import type { MirrorTarget } from '../ports/mirror-target.ts';
import type { RepositoryRecord } from '../ports/store.ts';
import { checkRoom } from './disk-check.ts';
import { sameRefs } from './mirror-refs.ts';

export interface DrillParts {
  readonly target: MirrorTarget;
  readonly git: Git;
  readonly disk: Disk;
  readonly clock: Clock;
}

export interface Drilled {
  readonly drill: Drill;
  /** Of what the mirror holds; null: it was not read. */
  readonly digest: string | null;
}

/** Somebody pushes while a copy is made: it is made again, so often. */
const mostRounds = 3;
/** They say that the mirror itself cannot be read, not that it could not be reached. */
const damageCodes: ReadonlySet<ErrorCode> = new Set(['git-remote-damaged', 'git-corrupt']);

/** Room that a copy is thought to take. */
export function drillBytes({ sizeKb, mirror }: RepositoryRecord): number {
  return Math.max(sizeKb * 1024, mirror?.cacheBytes ?? 0);
}

/**
 * @param readProven asked once the copy is there: a mirror run may have ended meanwhile
 * @throws EpicstarError where nothing can be said about the mirror: it cannot be reached, the disk is full, `cancelled`
 */
export async function drillMirror(
  parts: DrillParts,
  repository: RepositoryRecord,
  readProven: () => Promise<Proven | null>,
  call: GitCall,
): Promise<Drilled> {
  const { target, git, disk, clock } = parts;
  const startMs = clock.monotonicMs();
  const end = (result: DrillResult, facts: Partial<Drill>): Drill => ({
    result,
    at: clock.now(),
    durationMs: Math.round(clock.monotonicMs() - startMs),
    refCount: 0,
    objects: 0,
    bytes: 0,
    findings: [],
    error: null,
    ...facts,
  });
  try {
    const remote = await remoteOf(target, repository, call);
    await checkRoom(disk, repository.fullName, drillBytes(repository));
    const { listed, check, missing } = await copyUntilStill(git, remote, call);
    const held = mirroredRefs(
      listed,
      mirrorFitness((ref) => target.refFitness(ref)),
    );
    const digest = git.digestOf(held);
    const facts = { refCount: listed.size, objects: check.objects, bytes: check.bytes };
    const problems = [...missing, ...check.problems].slice(0, differencesKept);
    if (problems.length > 0) return { drill: end('damaged', { ...facts, findings: problems }), digest };
    const proven = await readProven();
    if (proven === null || proven.digest === null || proven.digest === digest) {
      return { drill: end('fine', facts), digest };
    }
    const findings = [`branches and tags are not those that were proven (${proven.refCount} then, ${held.size} now)`];
    return { drill: end('differs', { ...facts, findings }), digest };
  } catch (thrown) {
    const error = toEpicstarError(thrown);
    if (!damageCodes.has(error.code)) throw error;
    const record = error.toRecord();
    return {
      drill: end('damaged', { findings: linesOf(record.data.output ?? record.message), error: record }),
      digest: null,
    };
  }
}

async function remoteOf(
  target: MirrorTarget,
  { githubId, fullName, mirror }: RepositoryRecord,
  call: GitCall,
): Promise<GitRemote> {
  if (mirror === null) throw new EpicstarError('config-invalid', `${fullName} is not mirrored.`);
  const { projectId: id, projectPath: path, projectUrl: webUrl } = mirror;
  const project = await target.whereIs({ id, path, webUrl }, call.signal, githubId);
  if (project === null) throw new EpicstarError('mirror-missing', `It was at ${path}.`);
  return await target.remote(project);
}

interface Copied {
  /** All refs that the target lists. */
  readonly listed: RefMap;
  readonly check: CopyCheck;
  /** Refs of the listing that did not come. */
  readonly missing: readonly string[];
}

async function copyUntilStill(git: Git, remote: GitRemote, call: GitCall): Promise<Copied> {
  for (let round = 1; ; round += 1) {
    const { refs: before } = await git.listRefs(remote, 'advertised', call);
    let copied: Copied | EpicstarError;
    try {
      copied = await git.withCopy(remote, { withKept: true }, call, async (copy) => {
        const check = await git.checkCopy(copy, call);
        return { listed: before, check, missing: await missingRefs(git, copy, before, call) };
      });
    } catch (thrown) {
      copied = toEpicstarError(thrown);
      if (!damageCodes.has(copied.code)) throw copied;
    }
    const { refs: after } = await git.listRefs(remote, 'advertised', call);
    if (round < mostRounds && !sameRefs(before, after)) continue;
    if (copied instanceof EpicstarError) throw copied;
    return copied;
  }
}

const cloned = /^refs\/(?:heads|tags)\//;

async function missingRefs(git: Git, copy: GitCache, listed: RefMap, call: GitCall): Promise<readonly string[]> {
  const local = await git.localRefs(copy, call);
  const own = [...listed].filter(([ref, oid]) => cloned.test(ref) && local.get(ref) !== oid);
  const kept = [...listed].filter(([ref]) => ref.startsWith('refs/epicstar/kept/'));
  const oids = kept.map(([, oid]) => oid);
  const gone = oids.length === 0 ? new Set() : await git.missingObjects(copy, oids, call);
  return [...own, ...kept.filter(([, oid]) => gone.has(oid))].map(([ref]) => `${ref} did not come as it is listed`);
}

function linesOf(text: string): readonly string[] {
  const lines = text.split('\n').map((line) => line.trim());
  return lines.filter((line) => /^(?:remote: )?(?:fatal|error|missing|broken)/.test(line)).slice(0, differencesKept);
}
