/** @file Reads refs from lines of bytes. Must not know where the lines come from. */
import type { RefListing } from '../../ports/git.ts';

const TAB = 0x09;
const SPACE = 0x20;
const objectId = /^[0-9a-f]{40}(?:[0-9a-f]{24})?$/;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export interface RefReader {
  /** A line of `ls-remote --symref`: `<oid>\t<name>` or `ref: <target>\t<name>`. Anything else is passed over. */
  readonly take: (line: Buffer) => void;
  /** `<oid> <name>` as it stands in packets and in `packed-refs`. False: it is none. */
  readonly takeNamed: (line: Buffer) => boolean;
  readonly takeHead: (target: string) => void;
  readonly listing: () => RefListing;
}

function decode(bytes: Buffer): string | null {
  try {
    return utf8.decode(bytes);
  } catch (error) {
    if (error instanceof TypeError) return null;
    throw error;
  }
}

/** `refs/heads/caf\xe9`: printable ASCII as it is, all else as bytes. */
function escapeBytes(bytes: Buffer): string {
  return Array.from(bytes, (byte) =>
    byte > 0x20 && byte < 0x7f ? String.fromCharCode(byte) : `\\x${byte.toString(16).padStart(2, '0')}`,
  ).join('');
}

/** @param prefixes names that are kept; others are dropped, as are peeled tags (`^{}`) and HEAD */
export function createRefReader(prefixes: readonly string[]): RefReader {
  const refs = new Map<string, string>();
  const unreadable: string[] = [];
  let headTarget: string | null = null;
  const isKept = (name: string): boolean => prefixes.some((prefix) => name.startsWith(prefix));

  const keep = (oid: string, nameBytes: Buffer): boolean => {
    if (!objectId.test(oid)) return false;
    const name = decode(nameBytes);
    if (name === null) {
      if (isKept(nameBytes.toString('latin1'))) unreadable.push(escapeBytes(nameBytes));
    } else if (isKept(name) && !name.endsWith('^{}')) refs.set(name, oid);
    return true;
  };

  return {
    takeHead: (target) => {
      headTarget = target;
    },
    takeNamed: (line) => {
      const space = line.indexOf(SPACE);
      return space > 0 && keep(line.toString('latin1', 0, space), line.subarray(space + 1));
    },
    take: (line) => {
      const tab = line.indexOf(TAB);
      if (tab < 0) return;
      const value = line.toString('latin1', 0, tab);
      const nameBytes = line.subarray(tab + 1);
      if (!value.startsWith('ref: ')) {
        keep(value, nameBytes);
      } else if (decode(nameBytes) === 'HEAD') headTarget = decode(line.subarray('ref: '.length, tab));
    },
    listing: () => ({
      refs,
      head: headTarget !== null && refs.has(headTarget) ? headTarget : null,
      unreadable,
    }),
  };
}
