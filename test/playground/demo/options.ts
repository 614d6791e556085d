/** @file What the demo is asked to do. */
import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

export interface DemoOptions {
  /** Ends when everything has been shown, without a window. */
  readonly once: boolean;
  readonly target: 'onedev' | 'folder';
  /** Bare repositories of the person's own, played as stars; null: generated ones. */
  readonly repositories: readonly { readonly fullName: string; readonly bareDir: string }[] | null;
  /** Leaves the folder with everything behind. */
  readonly keep: boolean;
  readonly open: boolean;
}

/** Wrong words on the command line, said in a sentence. */
export class DemoUsageError extends Error {
  override readonly name = 'DemoUsageError';
}

export const usage = `npm run demo -- [--once] [--repos DIR] [--target onedev|folder] [--keep] [--no-open]

  --once           run to completion without a window, check everything, end
  --repos DIR      play the bare repositories in DIR as the stars; DIR is only read
  --target folder  mirror into a folder instead of the OneDev stand-in
  --keep           leave everything behind and say where
  --no-open        do not open a browser`;

export function readOptions(args: readonly string[]): DemoOptions | 'help' {
  const values = parse(args);
  if (values.help === true) return 'help';
  const target = values.target ?? 'onedev';
  if (target !== 'onedev' && target !== 'folder') {
    throw new DemoUsageError(`--target is ${JSON.stringify(target)}; it can be onedev or folder.`);
  }
  return {
    once: values.once === true,
    target,
    repositories: values.repos === undefined ? null : findRepositories(resolve(values.repos)),
    keep: values.keep === true,
    open: values['no-open'] !== true,
  };
}

function parse(args: readonly string[]) {
  try {
    const options = {
      once: { type: 'boolean' },
      repos: { type: 'string' },
      target: { type: 'string' },
      keep: { type: 'boolean' },
      'no-open': { type: 'boolean' },
      help: { type: 'boolean', short: 'h' },
    } as const;
    return parseArgs({ args: [...args], options, strict: true }).values;
  } catch (error) {
    throw new DemoUsageError(error instanceof Error ? error.message : String(error));
  }
}

type Found = NonNullable<DemoOptions['repositories']>[number];

/** Bare repositories in the folder or one level below: `owner/name.git`, or `name.git` as `local/name`. */
function findRepositories(dir: string): readonly Found[] {
  if (!existsSync(dir) || !statSync(dir).isDirectory()) throw new DemoUsageError(`--repos ${dir} is not a folder.`);
  const found = foldersIn(dir).flatMap((path): readonly Found[] => {
    if (isBare(path)) return [{ fullName: `local/${nameOf(path)}`, bareDir: path }];
    // What a clone with a working tree keeps beside it is as good.
    if (isBare(join(path, '.git'))) return [{ fullName: `local/${nameOf(path)}`, bareDir: join(path, '.git') }];
    const inner = foldersIn(path).filter(isBare);
    return inner.map((bareDir) => ({ fullName: `${ownerOf(path)}/${nameOf(bareDir)}`, bareDir }));
  });
  if (found.length > 0) return withDistinctNames(found);
  throw new DemoUsageError(`There is no bare repository in ${dir} or one level below (git clone --bare makes one).`);
}

function foldersIn(dir: string): readonly string[] {
  const paths = readdirSync(dir)
    .toSorted()
    .map((name) => join(dir, name));
  return paths.filter((path) => existsSync(path) && statSync(path).isDirectory());
}

function isBare(path: string): boolean {
  return ['HEAD', 'objects', 'refs'].every((name) => existsSync(join(path, name)));
}

/** In the letters that GitHub allows. */
function nameOf(path: string): string {
  const name = basename(path).replace(/\.git$/, '');
  return name.replace(/[^A-Za-z0-9._-]/g, '-').slice(0, 90);
}

/** Owners begin with a letter or a digit. */
function ownerOf(path: string): string {
  const owner = nameOf(path).replace(/^[^A-Za-z0-9]+/, '');
  return owner === '' ? 'local' : owner;
}

/** `a.git` beside `a`, or names that differ in case alone, are one name on GitHub. */
function withDistinctNames(found: readonly Found[]): readonly Found[] {
  const taken = new Set<string>();
  return found.map(({ fullName, bareDir }) => {
    let free = fullName;
    for (let number = 2; taken.has(free.toLowerCase()); number += 1) free = `${fullName}-${number}`;
    taken.add(free.toLowerCase());
    return { fullName: free, bareDir };
  });
}
