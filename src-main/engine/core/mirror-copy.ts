/**
 * @file A mirror taken out of the target as it is there: into a bundle, or to another remote. What is taken is what the
 * target has, not what a cache remembers, so each of these proves that it can be had. Changes nothing in the mirror.
 */
import { compareCopy, type RefCopy, refsToCopy } from '../domain/copy-plan.ts';
import { EpicstarError } from '../domain/errors.ts';
import type { RefMap } from '../domain/plan.ts';
import type { Disk } from '../ports/disk.ts';
import type { Git, GitCache, GitProgress, GitRemote, PushCommand } from '../ports/git.ts';
import type { MirrorTarget, TargetProject } from '../ports/mirror-target.ts';
import type { RepositoryRecord } from '../ports/store.ts';
import { askedOnce, atOtherRemote } from './asked-once.ts';
import { checkRoom } from './disk-check.ts';

export interface CopyParts {
  readonly target: MirrorTarget;
  readonly git: Git;
  readonly disk: Disk;
}

/** `reading`: from the mirror; `writing`: the bundle; `sending`: to the other remote. */
export type CopyStep = 'reading' | 'writing' | 'sending';

export interface CopyCall {
  readonly signal: AbortSignal;
  readonly onStep?: (step: CopyStep) => void;
  readonly onGit?: (progress: GitProgress) => void;
}

export interface BundleMade {
  readonly refs: number;
}

export interface RefusedRef {
  readonly ref: string;
  readonly reason: string;
}

export interface PushedMirror {
  readonly pushed: number;
  readonly unchanged: number;
  /** True: nothing was sent, because the other remote has what would be lost. `refused` says what. */
  readonly isHeldBack: boolean;
  readonly refused: readonly RefusedRef[];
}

const refsPerPush = 500;

/**
 * Writes a bundle of the mirror to an absolute path, replacing what is there. Rejects as target and git do, with
 * `disk-full`, and with `config-invalid` where there is nothing to be bundled.
 */
export function bundleMirror(
  parts: CopyParts,
  repository: RepositoryRecord,
  { file, withKept }: { readonly file: string; readonly withKept: boolean },
  call: CopyCall,
): Promise<BundleMade> {
  return askedOnce(() =>
    withMirrorCopy(parts, repository, { withKept, copies: 2 }, call, async ({ copy, refs }) => {
      call.onStep?.('writing');
      await checkRoom(parts.disk, repository.fullName, await parts.git.cacheBytes(copy));
      await parts.git.writeBundle(copy, file, gitCallOf(call));
      return { refs: refs.size };
    }),
  );
}

/**
 * Pushes the mirror's refs to another remote. Nothing there is overwritten or deleted: where a branch there is not an
 * ancestor of the mirror's, or a tag there differs, nothing at all is sent.
 */
export async function pushMirror(
  parts: CopyParts,
  repository: RepositoryRecord,
  { remote, withKept }: { readonly remote: GitRemote; readonly withKept: boolean },
  call: CopyCall,
): Promise<PushedMirror> {
  const { git } = parts;
  const list = (): Promise<RefMap> =>
    atOtherRemote(async () => (await git.listRefs(remote, 'advertised', gitCallOf(call))).refs);
  // Asked first: a wrong address or token is told before gigabytes are read.
  await list();
  return await askedOnce(() =>
    withMirrorCopy(parts, repository, { withKept, copies: 1 }, call, async ({ copy, refs, head }) => {
      const { creates, moves, clashes, unchanged } = compareCopy(refs, await list());
      const forward = await ancestorsOnly(git, copy, moves, call);
      const refused = [
        ...moves.filter((move) => !forward.includes(move)).map(({ ref }) => ({ ref, reason: notAncestor })),
        ...clashes.map(({ ref }) => ({ ref, reason: otherTag })),
      ];
      if (refused.length > 0) return { pushed: 0, unchanged, isHeldBack: true, refused };
      call.onStep?.('sending');
      const commands = headFirst([...forward, ...creates], head);
      const result = await atOtherRemote(() => send(git, copy, remote, commands, call));
      return { ...result, unchanged, isHeldBack: false };
    }),
  );
}

const notAncestor = 'the branch there has commits that the mirror has not';
const otherTag = 'there is another tag of this name';

interface MirrorCopy {
  readonly copy: GitCache;
  readonly refs: RefMap;
  readonly head: string | null;
}

async function withMirrorCopy<T>(
  { target, git, disk }: CopyParts,
  { githubId, fullName, sizeKb, mirror }: RepositoryRecord,
  { withKept, copies }: { readonly withKept: boolean; readonly copies: number },
  call: CopyCall,
  work: (copy: MirrorCopy) => Promise<T>,
): Promise<T> {
  if (mirror === null) throw new EpicstarError('config-invalid', `${fullName} is not mirrored.`);
  const { projectId: id, projectPath: path, projectUrl: webUrl } = mirror;
  call.onStep?.('reading');
  const project = await target.whereIs({ id, path, webUrl }, call.signal, githubId);
  if (project === null) throw new EpicstarError('config-invalid', `The mirror of ${fullName} is not there any more.`);
  const remote = await target.remote(project);
  const { refs: listed, head } = await git.listRefs(remote, 'advertised', gitCallOf(call));
  if (refsToCopy(listed, withKept).size === 0) {
    throw new EpicstarError('config-invalid', `The mirror of ${fullName} holds no branch and no tag.`);
  }
  await checkRoom(disk, fullName, copies * Math.max(sizeKb * 1024, mirror.cacheBytes));
  return await git.withCopy(remote, { withKept }, gitCallOf(call), async (copy) => {
    await confirmPlace(target, project, { githubId, fullName }, call.signal);
    const kept = await keptOf(git, copy, refsToCopy(listed, withKept), call);
    const refs = new Map([...(await git.localRefs(copy, gitCallOf(call))), ...kept]);
    return await work({ copy, refs, head });
  });
}

/** git reaches the mirror by its path, where meanwhile another one may have come to stand. */
async function confirmPlace(
  target: MirrorTarget,
  project: TargetProject,
  { githubId, fullName }: Pick<RepositoryRecord, 'githubId' | 'fullName'>,
  signal: AbortSignal,
): Promise<void> {
  const now = await target.whereIs(project, signal, githubId);
  if (now?.path === project.path) return;
  throw new EpicstarError('target-unavailable', `The mirror of ${fullName} was moved while it was read.`);
}

/** A tip that was let go since it was listed did not come. */
async function keptOf(git: Git, copy: GitCache, listed: RefMap, call: CopyCall): Promise<RefMap> {
  const kept = [...listed].filter(([ref]) => ref.startsWith('refs/epicstar/'));
  if (kept.length === 0) return new Map();
  const missing = await git.missingObjects(
    copy,
    kept.map(([, oid]) => oid),
    gitCallOf(call),
  );
  return new Map(kept.filter(([, oid]) => !missing.has(oid)));
}

/** What the mirror does not have cannot be an ancestor of what it has. */
async function ancestorsOnly(
  git: Git,
  copy: GitCache,
  moves: readonly RefCopy[],
  call: CopyCall,
): Promise<readonly RefCopy[]> {
  const tips = moves.flatMap(({ expect }) => expect ?? []);
  const missing = await git.missingObjects(copy, tips, gitCallOf(call));
  const known = moves.flatMap(({ ref, oid, expect }) =>
    expect === null || missing.has(expect) ? [] : [{ ref, oid, expect }],
  );
  const pairs = known.map(({ expect, oid }) => ({ old: expect, new: oid }));
  const forward = pairs.length === 0 ? new Set() : await git.fastForwards(copy, pairs, gitCallOf(call));
  const refs = new Set(known.filter((_, index) => forward.has(index)).map(({ ref }) => ref));
  return moves.filter(({ ref }) => refs.has(ref));
}

async function send(
  git: Git,
  copy: GitCache,
  remote: GitRemote,
  commands: readonly PushCommand[],
  call: CopyCall,
): Promise<Pick<PushedMirror, 'pushed' | 'refused'>> {
  let pushed = 0;
  const refused: RefusedRef[] = [];
  for (let start = 0; start < commands.length; start += refsPerPush) {
    const batch = commands.slice(start, start + refsPerPush);
    const { accepted, rejected } = await git.push(copy, remote, batch, gitCallOf(call));
    pushed += accepted.length;
    refused.push(...rejected);
  }
  return { pushed, refused };
}

/** Servers show the branch first that came first. */
function headFirst(copies: readonly RefCopy[], head: string | null): readonly RefCopy[] {
  return [...copies.filter(({ ref }) => ref === head), ...copies.filter(({ ref }) => ref !== head)];
}

function gitCallOf({ signal, onGit }: CopyCall) {
  return { signal, ...(onGit === undefined ? {} : { onProgress: onGit }) };
}
