/** @file Questions about objects of a cache. Must not know what they are asked for. */
import { EpicstarError } from '../../domain/errors.ts';
import type { GitCache, GitCall, PeeledType } from '../../ports/git.ts';
import { packBytesOf } from './cache.ts';
import type { GitCalls } from './calls.ts';
import { classifyFsError } from './classify.ts';
import { checkedOid } from './text.ts';

/** With so little in the whole cache, no pack that leaves it is worth being measured. */
const triflingBytes = 1024 * 1024;

/** One answer an object, in the order asked. */
async function checkObjects(
  calls: GitCalls,
  cache: GitCache,
  names: readonly string[],
  call: GitCall,
): Promise<readonly string[]> {
  const answers: string[] = [];
  await calls.succeed({
    args: ['cat-file', '--buffer', '--batch-check=%(objecttype)'],
    cache,
    call,
    input: `${names.join('\n')}\n`,
    onLine: (line) => answers.push(line.toString('latin1')),
  });
  if (answers.length === names.length) return answers;
  throw new EpicstarError('git-failed', `git was asked for ${names.length} objects and told of ${answers.length}.`);
}

export async function findMissingObjects(
  calls: GitCalls,
  cache: GitCache,
  oids: readonly string[],
  call: GitCall,
): Promise<ReadonlySet<string>> {
  const asked = [...new Set(oids.map(checkedOid))];
  if (asked.length === 0) return new Set();
  const answers = await checkObjects(calls, cache, asked, call);
  return new Set(asked.filter((_, index) => answers[index]?.endsWith(' missing') === true));
}

export async function findFilesAtTips(
  calls: GitCalls,
  cache: GitCache,
  oids: readonly string[],
  paths: readonly string[],
  call: GitCall,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  const asked = [...new Set(oids.map(checkedOid))].flatMap((oid) => paths.map((path) => ({ oid, path })));
  if (asked.length === 0) return found;
  const names = asked.map(({ oid, path }) => `${oid}:${path}`);
  const answers = await checkObjects(calls, cache, names, call);
  // `missing` also for what has no files at all. A submodule there has no object here, and holds no file.
  for (const [index, { oid, path }] of asked.entries()) {
    if (answers[index] === 'blob' && !found.has(oid)) found.set(oid, path);
  }
  return found;
}

/** Rejects with `git-corrupt` if an object, or one on the way to the end of its chain, is not there. */
export async function findPeeledTypes(
  calls: GitCalls,
  cache: GitCache,
  oids: readonly string[],
  call: GitCall,
): Promise<ReadonlyMap<string, PeeledType>> {
  const asked = [...new Set(oids.map(checkedOid))];
  const types = new Map<string, PeeledType>();
  if (asked.length === 0) return types;
  const answers = await checkObjects(
    calls,
    cache,
    asked.map((oid) => `${oid}^{}`),
    call,
  );
  for (const [index, oid] of asked.entries()) {
    const type = answers[index];
    if (type !== 'commit' && type !== 'tree' && type !== 'blob') {
      throw new EpicstarError('git-corrupt', `The object ${oid} is missing or damaged.`);
    }
    types.set(oid, type);
  }
  return types;
}

/** The bytes that the objects take in the cache; of the whole cache, where that is little or git cannot tell. */
export async function estimatePackBytes(
  calls: GitCalls,
  cache: GitCache,
  wants: readonly string[],
  haves: readonly string[],
  call: GitCall,
): Promise<number> {
  if (wants.length === 0) return 0;
  const all = await packBytesOf(cache.dir).catch((error: unknown) => Promise.reject(classifyFsError(error)));
  if (haves.length === 0 || all <= triflingBytes) return all;
  return (await diskUsage(calls, cache, { wants, haves, mayMiss: true }, call)) ?? all;
}

/** Rejects with `git-failed` where an object is not there. */
export async function countBytesOnlyIn(
  calls: GitCalls,
  cache: GitCache,
  oids: readonly string[],
  others: readonly string[],
  call: GitCall,
): Promise<number> {
  if (oids.length === 0) return 0;
  const bytes = await diskUsage(calls, cache, { wants: oids, haves: others, mayMiss: false }, call);
  if (bytes === null) throw new EpicstarError('git-failed', 'git did not tell how much the objects take.');
  return bytes;
}

interface Asked {
  readonly wants: readonly string[];
  readonly haves: readonly string[];
  readonly mayMiss: boolean;
}

/** Null: git's answer is no number. */
async function diskUsage(
  calls: GitCalls,
  cache: GitCache,
  { wants, haves, mayMiss }: Asked,
  call: GitCall,
): Promise<number | null> {
  let answer = '';
  const input = [...wants.map(checkedOid), ...haves.map((oid) => `^${checkedOid(oid)}`)];
  await calls.succeed({
    args: ['rev-list', '--objects', '--disk-usage', ...(mayMiss ? ['--ignore-missing'] : []), '--stdin'],
    cache,
    call,
    input: `${input.join('\n')}\n`,
    onLine: (line) => {
      answer = line.toString('latin1');
    },
  });
  return /^\d+$/.test(answer) ? Number(answer) : null;
}
