/** @file Reads many small blobs by one process. Must not know what they are read for. */
import type { GitCache, GitCall } from '../../ports/git.ts';
import type { GitCalls } from './calls.ts';
import { checkedOid } from './text.ts';

/** A larger blob is passed over: who wrote it may mean harm, and its lines would all be held in memory. */
const mostBytes = 64 * 1024;

/**
 * @param take is given each blob that is there, as UTF-8, in the order asked; anything else but blobs is passed over
 * @returns whether all could be read: false where a blob has more than 64 KiB
 */
export async function readBlobs(
  calls: GitCalls,
  cache: GitCache,
  oids: readonly string[],
  call: GitCall,
  take: (text: string) => void,
): Promise<boolean> {
  if (oids.length === 0) return true;
  let isBlob = false;
  /** Bytes of the object under way that are still to come, with the line feed that git adds; null: a head comes. */
  let left: number | null = null;
  let lines: Buffer[] = [];
  let isWhole = true;
  const end = (): void => {
    if (isBlob) take(lines.map((line) => line.toString('utf8')).join('\n'));
    left = null;
    lines = [];
  };
  await calls.succeed({
    args: ['cat-file', '--batch', '--buffer'],
    cache,
    call,
    input: `${oids.map(checkedOid).join('\n')}\n`,
    onLine: (line) => {
      if (left === null) {
        const head = line.toString('latin1');
        const [, type, size] = /^[0-9a-f]{40,64} (\w+) (\d+)$/.exec(head) ?? [];
        if (type === undefined) {
          isWhole &&= head.endsWith(' missing');
          return;
        }
        isBlob = type === 'blob' && Number(size) <= mostBytes;
        if (type === 'blob' && !isBlob) isWhole = false;
        left = Number(size) + 1;
        return;
      }
      if (isBlob) lines.push(line);
      left -= line.length + 1;
      if (left < 0) isWhole = false;
      if (left <= 0) end();
    },
  });
  return isWhole && left === null;
}
