/** @file The varied repositories, and what happens to one of them later. */
import { join } from 'node:path';
import { createBare, importInto, runGit } from './bare-repository.ts';
import type { ImportStream } from './import-stream.ts';
import * as recipes from './recipes.ts';
import { SeededBytes } from './seeded-bytes.ts';

export type RepositoryKind =
  | 'many-tags'
  | 'many-branches'
  | 'rewritten'
  | 'unfit-refs'
  | 'empty'
  | 'big-blobs'
  | 'dot-github'
  | 'lfs-pointer'
  | 'trunk'
  | 'unborn-head'
  | 'odd-tags'
  | 'unicode'
  | 'pulls';

/** Has the fields that the stand-in's `addRepository` takes. */
export interface GeneratedRepository {
  readonly kind: RepositoryKind | 'small' | 'large';
  readonly fullName: string;
  readonly bareDir: string;
  /** What HEAD names, whether or not that branch exists. */
  readonly defaultBranch: string;
  readonly description: string | null;
  readonly language: string | null;
  readonly topics: readonly string[];
  readonly archived: boolean;
  readonly fork: boolean;
  readonly license: string | null;
  /** Full names of refs that contain one of `+ & = %`, which OneDev's hooks cannot carry; `#` is merely unusual. */
  readonly unfitRefs: readonly string[];
}

export interface GenerateOptions {
  /** Same seed, same commit ids. */
  readonly seed?: string;
  /** Size of the repository of incompressible blobs in MB; default 30. */
  readonly bigMegabytes?: number;
}

interface Plan {
  readonly kind: RepositoryKind;
  readonly fullName: string;
  readonly defaultBranch?: string;
  readonly description?: string;
  readonly language?: string;
  readonly topics?: readonly string[];
  readonly archived?: boolean;
  readonly fork?: boolean;
  readonly license?: string;
  readonly unfitRefs?: readonly string[];
  /** Left out for a repository without a single object. */
  readonly recipe?: (bytes: SeededBytes) => ImportStream;
}

const UNFIT_REFS = ['refs/tags/v1.0.0+build.1', 'refs/heads/feature/a&b', 'refs/heads/x=y', 'refs/heads/p%q'];

function plans(bigMegabytes: number): readonly Plan[] {
  return [
    {
      kind: 'many-tags',
      fullName: 'ada/engine',
      language: 'Go',
      topics: ['engine'],
      license: 'MIT',
      recipe: recipes.manyTags,
    },
    { kind: 'many-branches', fullName: 'ada/notes', language: 'TypeScript', recipe: recipes.manyBranches },
    { kind: 'rewritten', fullName: 'grace/compiler', language: 'C', license: 'GPL-3.0', recipe: recipes.beforeRewrite },
    {
      kind: 'unfit-refs',
      fullName: 'grace/Version.Zoo',
      description: 'Tags and branches with unusual signs',
      unfitRefs: UNFIT_REFS,
      recipe: (bytes) => recipes.withUnfitRefs(bytes, [...UNFIT_REFS, 'refs/heads/#1']),
    },
    { kind: 'empty', fullName: 'alan/nothing-yet', description: 'Coming soon' },
    {
      kind: 'big-blobs',
      fullName: 'alan/dataset',
      archived: true,
      recipe: (bytes) => recipes.bigBlobs(bytes, bigMegabytes),
    },
    { kind: 'dot-github', fullName: 'octo-org/.github', recipe: recipes.profile },
    { kind: 'lfs-pointer', fullName: 'octo-org/artwork', topics: ['art', 'lfs'], recipe: recipes.lfsPointer },
    {
      kind: 'trunk',
      fullName: 'barbara/abstraction',
      defaultBranch: 'trunk',
      language: 'Rust',
      recipe: recipes.trunkBesideMain,
    },
    {
      kind: 'unborn-head',
      fullName: 'barbara/headless',
      defaultBranch: 'gone',
      fork: true,
      recipe: recipes.headOfNothing,
    },
    { kind: 'odd-tags', fullName: 'linus/kernel-ish', language: 'C', recipe: recipes.oddTags },
    {
      kind: 'unicode',
      fullName: 'margaret/_moon-',
      description: '🚀 "Moon" <script>alert(\'x\')</script> & größer, 日本語',
      recipe: recipes.unicodeNames,
    },
    { kind: 'pulls', fullName: 'linus/busy', language: 'Python', recipe: recipes.pullsAndSubmodule },
  ];
}

async function addTreeTag(bareDir: string): Promise<void> {
  const tree = (await runGit(bareDir, ['rev-parse', 'refs/heads/main^{tree}'])).trim();
  const body = `object ${tree}\ntype tree\ntag v0-tree\ntagger Ada Example <ada@example.invalid> 1617300000 +0000\n\nThe first tree\n`;
  const tag = (await runGit(bareDir, ['mktag'], [body])).trim();
  await runGit(bareDir, ['update-ref', 'refs/tags/v0-tree', tag]);
}

async function build(dir: string, spec: Plan, seed: string): Promise<GeneratedRepository> {
  const bareDir = join(dir, `${spec.fullName}.git`);
  const defaultBranch = spec.defaultBranch ?? 'main';
  createBare(bareDir, defaultBranch);
  if (spec.recipe !== undefined) {
    await importInto(bareDir, spec.recipe(new SeededBytes(`${seed}/${spec.fullName}`)).chunks());
  }
  if (spec.kind === 'odd-tags') await addTreeTag(bareDir);
  return {
    kind: spec.kind,
    fullName: spec.fullName,
    bareDir,
    defaultBranch,
    description: spec.description ?? null,
    language: spec.language ?? null,
    topics: spec.topics ?? [],
    archived: spec.archived ?? false,
    fork: spec.fork ?? false,
    license: spec.license ?? null,
    unfitRefs: spec.unfitRefs ?? [],
  };
}

/** Runs at most `width` at a time; the results keep the order. */
export async function mapConcurrently<T, R>(
  items: readonly T[],
  width: number,
  work: (item: T, index: number) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  const entries = items.entries();
  const lane = async (): Promise<void> => {
    for (const [index, item] of entries) results[index] = await work(item, index);
  };
  await Promise.all(Array.from({ length: width }, lane));
  return results;
}

/** Builds the varied repositories below `dir` as `<owner>/<name>.git`. */
export async function generateRepositories(
  dir: string,
  options: GenerateOptions = {},
): Promise<readonly GeneratedRepository[]> {
  const seed = options.seed ?? 'epicstar';
  return await mapConcurrently(plans(options.bigMegabytes ?? 30), 4, (spec) => build(dir, spec, seed));
}

export interface Rewritten {
  /** Tips before, by full ref name; they are no longer reachable afterwards. */
  readonly before: Readonly<Record<string, string>>;
  readonly movedBranch: 'refs/heads/feature';
  readonly movedTag: 'refs/tags/latest';
  readonly deletedBranch: 'refs/heads/doomed';
}

/** Every ref and the object it points at. */
export async function readTips(bareDir: string): Promise<Record<string, string>> {
  const lines = (await runGit(bareDir, ['for-each-ref', '--format=%(objectname) %(refname)'])).split('\n');
  return Object.fromEntries(
    lines.filter((line) => line !== '').map((line): [string, string] => [line.slice(41), line.slice(0, 40)]),
  );
}

/**
 * Rewrites the repository of kind `rewritten` as a force push would: `feature` and the tag `latest` move to a commit
 * that has nothing in common with the old one, `doomed` is deleted. The old commits stay in the folder, unreferenced.
 */
export async function rewriteHistory(bareDir: string): Promise<Rewritten> {
  const before = await readTips(bareDir);
  const commit = 'committer Ada Example <ada@example.invalid> 1650000000 +0000\ndata 12\nNew history\n';
  const file = 'M 100644 inline rewritten.txt\ndata 4\nnew\n\n';
  const stream = ['reset refs/heads/feature\n', `commit refs/heads/feature\nmark :1\n${commit}${file}`];
  await importInto(bareDir, [...stream, 'reset refs/tags/latest\nfrom :1\n\n'], true);
  await runGit(bareDir, ['update-ref', '-d', 'refs/heads/doomed']);
  return {
    before,
    movedBranch: 'refs/heads/feature',
    movedTag: 'refs/tags/latest',
    deletedBranch: 'refs/heads/doomed',
  };
}

/** An ordinary push: one more commit on a branch. @returns its id */
export async function addCommit(bareDir: string, branch: string, text: string): Promise<string> {
  const ref = `refs/heads/${branch}`;
  const bytes = Buffer.from(text);
  const known = Object.hasOwn(await readTips(bareDir), ref) ? `from ${ref}^0\n` : '';
  await importInto(bareDir, [
    `commit ${ref}\ncommitter Ada Example <ada@example.invalid> 1660000000 +0000\ndata 9\nOne more\n\n${known}`,
    `M 100644 inline more.txt\ndata ${bytes.length}\n`,
    bytes,
    '\n\n',
  ]);
  return (await runGit(bareDir, ['rev-parse', ref])).trim();
}
