/** @file Reads from a bare repository what GitHub would know about it, without starting git. */
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

export interface BareFacts {
  readonly defaultBranch: string;
  readonly sizeKb: number;
  readonly isEmpty: boolean;
}

function folderBytes(dir: string): number {
  let bytes = 0;
  for (const entry of readdirSync(dir, { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) bytes += statSync(join(entry.parentPath, entry.name)).size;
  }
  return bytes;
}

function hasRefs(bareDir: string): boolean {
  const packed = join(bareDir, 'packed-refs');
  if (existsSync(packed) && /^[0-9a-f]{40}/m.test(readFileSync(packed, 'utf8'))) return true;
  return readdirSync(join(bareDir, 'refs'), { withFileTypes: true, recursive: true }).some((entry) => entry.isFile());
}

/** @throws when the folder is no bare repository */
export function readBareFacts(bareDir: string): BareFacts {
  const head = readFileSync(join(bareDir, 'HEAD'), 'utf8').trim();
  return {
    defaultBranch: head.startsWith('ref: refs/heads/') ? head.slice('ref: refs/heads/'.length) : 'main',
    sizeKb: Math.ceil(folderBytes(join(bareDir, 'objects')) / 1024),
    isEmpty: !hasRefs(bareDir),
  };
}
