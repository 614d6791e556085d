/**
 * @file `epicstar.json` in a bare repository: which repository it mirrors. git neither reads nor removes it, and it
 * moves along when the directory is moved by hand.
 */
import { join } from 'node:path';
import { z } from 'zod';
import type { ProjectWanted } from '../../ports/mirror-target.ts';
import { type Disk, errorCode, writeAtomically } from './disk.ts';

export const recordFile = 'epicstar.json';

const recordSchema = z.object({
  githubId: z.number().int().positive(),
  fullName: z.string(),
  url: z.string(),
  description: z.string().nullable(),
  /** The directory was somebody's before: its `description` is left alone. */
  isTakenOver: z.literal(true).exactOptional(),
});

export type MirrorRecord = Readonly<z.infer<typeof recordSchema>>;

export function recordOf(wanted: ProjectWanted): MirrorRecord {
  const { githubId, fullName, htmlUrl, description } = wanted;
  return { githubId, fullName, url: htmlUrl, description };
}

export function recordText(record: MirrorRecord): string {
  return `${JSON.stringify(record, null, 2)}\n`;
}

/** Null where the directory is no mirror of ours: the file is missing, or is not what we write. */
export async function readRecord(disk: Disk, repositoryDir: string): Promise<MirrorRecord | null> {
  let text: string;
  try {
    text = await disk.readFile(join(repositoryDir, recordFile), 'utf8');
  } catch (error) {
    if (['ENOENT', 'ENOTDIR', 'EISDIR'].includes(errorCode(error) ?? '')) return null;
    throw error;
  }
  try {
    return recordSchema.safeParse(JSON.parse(text)).data ?? null;
  } catch (error) {
    if (error instanceof SyntaxError) return null;
    throw error;
  }
}

/** Makes a repository that is not ours a mirror. */
export async function writeRecord(disk: Disk, repositoryDir: string, record: MirrorRecord): Promise<void> {
  await writeAtomically(disk, join(repositoryDir, recordFile), recordText(record));
}

/** Writes only what differs. `description` is the file that git's own web pages show. */
export async function updateRecord(
  disk: Disk,
  repositoryDir: string,
  before: MirrorRecord,
  wanted: MirrorRecord,
): Promise<void> {
  const { isTakenOver } = before;
  const record = isTakenOver === undefined ? wanted : { ...wanted, isTakenOver };
  if (recordText(before) === recordText(record)) return;
  if (isTakenOver === undefined) {
    await writeAtomically(disk, join(repositoryDir, 'description'), descriptionText(record));
  }
  await writeRecord(disk, repositoryDir, record);
}

export function descriptionText(record: MirrorRecord): string {
  const own = (record.description ?? '').replace(/\p{Cc}+/gu, ' ').trim();
  return `${own === '' ? `Mirror of ${record.fullName}` : own}\n`;
}
