/**
 * @file Heads and tags of a cache, read from its files (gitrepository-layout(5)) instead of by a process. The caches
 * are ours and no git works in one while it is read.
 */
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { RefMap } from '../../domain/plan.ts';
import { createRefReader } from './ref-reader.ts';

/** More loose refs than this are left to git, which packs them in time. */
const mostLoose = 500;
const NEWLINE = 0x0a;

/** Null: something is not as expected (a symbolic ref, a damaged file, another format), and git has to be asked. */
export async function readLocalRefs(dir: string): Promise<RefMap | null> {
  const reader = createRefReader(['refs/heads/', 'refs/tags/']);
  if ((await isFilled(join(dir, 'reftable'))) || !(await isFilled(join(dir, 'refs')))) return null;
  for (const line of linesOf(await readOrNothing(join(dir, 'packed-refs')))) {
    // `#` begins the head of the file, `^` the peeled id of the tag before.
    if (line[0] === 0x23 || line[0] === 0x5e) continue;
    if (!reader.takeNamed(line)) return null;
  }
  const loose: string[] = [];
  for (const kind of ['refs/heads', 'refs/tags']) {
    if (!(await findLoose(dir, kind, loose))) return null;
  }
  // A loose ref is newer than a packed one of the same name.
  for (const name of loose) {
    const oid = (await readFile(join(dir, name), 'latin1')).trimEnd();
    if (!reader.takeNamed(Buffer.from(`${oid} ${name}`))) return null;
  }
  return reader.listing().refs;
}

async function findLoose(dir: string, folder: string, found: string[]): Promise<boolean> {
  for (const entry of await entriesOf(join(dir, folder))) {
    const name = `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      if (!(await findLoose(dir, name, found))) return false;
    } else if (!entry.isFile() || entry.name.includes('\ufffd') || found.push(name) > mostLoose) return false;
  }
  return true;
}

async function entriesOf(dir: string) {
  try {
    return await readdir(dir, { withFileTypes: true });
  } catch (error) {
    if (isMissing(error)) return [];
    throw error;
  }
}

async function readOrNothing(path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (error) {
    if (isMissing(error)) return Buffer.alloc(0);
    throw error;
  }
}

async function isFilled(path: string): Promise<boolean> {
  return (await entriesOf(path)).length > 0;
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

function* linesOf(bytes: Buffer): Generator<Buffer> {
  for (let at = 0; at < bytes.length; ) {
    const end = bytes.indexOf(NEWLINE, at);
    const stop = end < 0 ? bytes.length : end;
    yield bytes.subarray(at, stop);
    at = stop + 1;
  }
}
