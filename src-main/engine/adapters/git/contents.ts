/**
 * @file What the commits of a cache say beside their refs. Must not know what is done about it.
 *
 * [Note: what is read] Most repositories never had a `.gitattributes` with a filter for LFS, so the first process asks
 * for the attribute and submodule files alone, of the commits that are new. Only where there is such a filter, now or
 * before, every small blob is read for a pointer. The tips that were read stand in a file of the cache; a digest of them
 * is given to whoever asks, and only where both agree is anything left out. A cache that was dropped, or a memory that
 * was lost, thus leads to reading everything once more.
 */
import { createHash } from 'node:crypto';
import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type LfsPointer, parsePointer, pointerBytesLimit } from '../../domain/extras.ts';
import type { RefMap } from '../../domain/plan.ts';
import type { GitCache, GitCall } from '../../ports/git.ts';
import type { Contents, ContentsWanted } from '../../ports/git-contents.ts';
import type { GitCalls } from './calls.ts';
import { classifyFsError } from './classify.ts';
import { readBlobs } from './read-blobs.ts';
import { checkedOid, checkedRef } from './text.ts';

const tipsFile = 'epicstar-tips';
const attributePaths = [':(glob)**/.gitattributes', '.gitmodules'];
/** A list of submodules is not read beyond this. */
const mostModuleBytes = 256 * 1024;
const mostSubmodules = 1000;
/** So many blobs are read by one process. */
const blobsPerRead = 100_000;

/** Ids of the tips, each once, sorted, one a line. */
function tipsText(refs: RefMap): string {
  return [...new Set([...refs.values()].map(checkedOid))].sort().join('\n');
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

export function tipsMark(refs: RefMap): string {
  return digest(tipsText(refs));
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return false;
    throw classifyFsError(error);
  }
}

/** Tips that were read before, if that is what the mark says. */
async function tipsBefore(cache: GitCache, mark: string | null): Promise<readonly string[]> {
  if (mark === null) return [];
  const path = join(cache.dir, tipsFile);
  const text = (await isThere(path)) ? await readFile(path, 'utf8') : '';
  return digest(text) === mark && text !== '' ? text.split('\n').map(checkedOid) : [];
}

async function keepTips(cache: GitCache, text: string): Promise<void> {
  const path = join(cache.dir, tipsFile);
  try {
    await writeFile(`${path}.new`, text);
    await rename(`${path}.new`, path);
  } catch (error) {
    throw classifyFsError(error);
  }
}

interface Range {
  readonly cache: GitCache;
  readonly tips: readonly string[];
  readonly before: readonly string[];
  readonly call: GitCall;
}

function rangeInput({ tips, before }: Range, paths: readonly string[]): string {
  const lines = [...tips, ...before.map((oid) => `^${oid}`), ...(paths.length === 0 ? [] : ['--', ...paths])];
  return `${lines.join('\n')}\n`;
}

interface NamedFiles {
  readonly attributes: readonly string[];
  readonly hasSubmodules: boolean;
}

/** Attribute and submodule files that the commits of the range brought, in any folder. */
async function listNamedFiles(calls: GitCalls, range: Range): Promise<NamedFiles> {
  const attributes = new Set<string>();
  let hasSubmodules = false;
  await calls.succeed({
    args: [
      'log',
      '--full-history',
      '--diff-merges=separate',
      '--no-renames',
      '--raw',
      '--no-abbrev',
      '--format=',
      '--ignore-missing',
      '--stdin',
    ],
    cache: range.cache,
    call: range.call,
    input: rangeInput(range, attributePaths),
    onLine: (line) => {
      // `:<mode> <mode> <id> <id> <letter>\t<path>`
      const [, oid = '', path = ''] =
        /^:\d+ \d+ [0-9a-f]+ ([0-9a-f]+) [A-Z]\t(.*)$/.exec(line.toString('latin1')) ?? [];
      if (path === '.gitmodules') hasSubmodules = true;
      else if (/(?:^|\/)\.gitattributes"?$/.test(path) && !/^0+$/.test(oid)) attributes.add(oid);
    },
  });
  return { attributes: [...attributes], hasSubmodules };
}

async function readPointers(calls: GitCalls, range: Range): Promise<readonly LfsPointer[]> {
  const small: string[] = [];
  await calls.succeed({
    args: [
      'rev-list',
      '--objects',
      '--no-object-names',
      '--filter=object:type=blob',
      `--filter=blob:limit=${pointerBytesLimit}`,
      '--filter-provided-objects',
      '--ignore-missing',
      '--stdin',
    ],
    cache: range.cache,
    call: range.call,
    input: rangeInput(range, []),
    onLine: (line) => small.push(line.toString('latin1')),
  });
  const found = new Map<string, LfsPointer>();
  for (let at = 0; at < small.length; at += blobsPerRead) {
    await readBlobs(calls, range.cache, small.slice(at, at + blobsPerRead), range.call, (text) => {
      const pointer = parsePointer(text);
      if (pointer !== null) found.set(pointer.oid, pointer);
    });
  }
  return [...found.values()];
}

/** Empty where the file is not there, or is none that git understands. */
async function readSubmodules(
  calls: GitCalls,
  cache: GitCache,
  branch: string,
  call: GitCall,
): Promise<readonly { readonly path: string; readonly address: string }[]> {
  let text = '';
  const { exitCode } = await calls.run({
    // Without the option a file of ours could be read by way of an include.
    args: [
      'config',
      '--no-includes',
      `--blob=${checkedRef(branch)}:.gitmodules`,
      '--null',
      '--get-regexp',
      '^submodule\\..*\\.(path|url)$',
    ],
    cache,
    call,
    // Values may hold line feeds, so the entries are parted by zeros.
    onLine: (line) => {
      if (text.length < mostModuleBytes) text += `${line.toString('utf8')}\n`;
    },
  });
  if (exitCode !== 0) return [];
  const named = new Map<string, { path?: string; address?: string }>();
  for (const entry of text.split('\0')) {
    const [, name = '', kind = '', value = ''] = /^submodule\.([\s\S]*)\.(path|url)\n([\s\S]*)$/.exec(entry) ?? [];
    if (kind === '') continue;
    const one = named.get(name) ?? {};
    named.set(name, kind === 'path' ? { ...one, path: value } : { ...one, address: value });
  }
  return [...named.values()]
    .flatMap(({ path, address }) => (path === undefined || address === undefined ? [] : [{ path, address }]))
    .slice(0, mostSubmodules);
}

/** @param knownCache see `Git.knownCache` */
export async function readContents(
  calls: GitCalls,
  knownCache: (key: number) => Promise<GitCache | null>,
  wanted: ContentsWanted,
  call: GitCall,
): Promise<Contents | null> {
  const text = tipsText(wanted.refs);
  const mark = digest(text);
  if (mark === wanted.mark) return { mark, pointers: [], submodules: null };
  const cache = await knownCache(wanted.key);
  if (cache === null) return null;
  const before = await tipsBefore(cache, wanted.mark);
  const range: Range = { cache, tips: text === '' ? [] : text.split('\n'), before, call };
  const all: Range = { ...range, before: [] };
  const named = range.tips.length === 0 ? { attributes: [], hasSubmodules: false } : await listNamedFiles(calls, range);
  let pointers: readonly LfsPointer[] = [];
  if (wanted.knowsLfs) pointers = await readPointers(calls, range);
  else if (await namesLfs(calls, cache, named.attributes, call)) {
    // What was read before was not read for pointers.
    pointers = await readPointers(calls, all);
  }
  const asksSubmodules = wanted.branch !== null && (named.hasSubmodules || wanted.knowsSubmodules);
  const submodules =
    asksSubmodules && wanted.branch !== null ? await readSubmodules(calls, cache, wanted.branch, call) : null;
  await keepTips(cache, text);
  return { mark, pointers, submodules };
}

async function namesLfs(
  calls: GitCalls,
  cache: GitCache,
  attributes: readonly string[],
  call: GitCall,
): Promise<boolean> {
  if (attributes.length === 0) return false;
  let isNamed = false;
  const isWhole = await readBlobs(calls, cache, attributes, call, (text) => {
    isNamed ||= /filter=lfs\b/.test(text);
  });
  return isNamed || !isWhole;
}
