/** @file Reads the refs of a bare repository and says what a push did to them. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

export const NO_COMMIT = '0'.repeat(40);

/** Full ref name -> object id; branches and tags only. */
export type Refs = ReadonlyMap<string, string>;

export interface RefChange {
  readonly ref: string;
  /** `NO_COMMIT` where the ref is new. */
  readonly before: string;
  /** `NO_COMMIT` where the ref is gone. */
  readonly after: string;
  readonly forced: boolean;
}

const MAX_TAGS_AT_ONCE = 3;
const MAX_BRANCHES_AT_ONCE = 5000;

export function readRefs(bareDir: string): Refs {
  const refs = new Map<string, string>();
  const packedPath = join(bareDir, 'packed-refs');
  const packed = existsSync(packedPath) ? readFileSync(packedPath, 'utf8') : '';
  for (const [, id = '', ref = ''] of packed.matchAll(/^([0-9a-f]{40}) (\S.*)$/gm)) refs.set(ref, id);
  const looseDir = join(bareDir, 'refs');
  for (const entry of readdirSync(looseDir, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const path = join(entry.parentPath, entry.name);
    const id = readFileSync(path, 'utf8').trim();
    if (/^[0-9a-f]{40}$/.test(id)) refs.set(`refs/${relative(looseDir, path).split(sep).join('/')}`, id);
  }
  return new Map([...refs].filter(([ref]) => /^refs\/(?:heads|tags)\//.test(ref)));
}

function isForced(bareDir: string, before: string, after: string): boolean {
  if (before === NO_COMMIT || after === NO_COMMIT) return false;
  return spawnSync('git', ['-C', bareDir, 'merge-base', '--is-ancestor', before, after]).status !== 0;
}

/**
 * What GitHub would tell of, which is nothing for tags when more than three, or for branches when more than 5000, came in
 * one push (github/docs, `src/webhooks/data/fpt/push.json`).
 */
export function changedRefs(bareDir: string, before: Refs, after: Refs): readonly RefChange[] {
  const names = [...new Set([...before.keys(), ...after.keys()])].filter((ref) => before.get(ref) !== after.get(ref));
  const tags = names.filter((ref) => ref.startsWith('refs/tags/'));
  const branches = names.filter((ref) => ref.startsWith('refs/heads/'));
  const told = [
    ...(branches.length > MAX_BRANCHES_AT_ONCE ? [] : branches),
    ...(tags.length > MAX_TAGS_AT_ONCE ? [] : tags),
  ];
  return told.map((ref) => {
    const [from, to] = [before.get(ref) ?? NO_COMMIT, after.get(ref) ?? NO_COMMIT];
    return { ref, before: from, after: to, forced: ref.startsWith('refs/heads/') && isForced(bareDir, from, to) };
  });
}
