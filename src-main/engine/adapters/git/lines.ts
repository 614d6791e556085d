/** @file Cuts byte streams into lines with bounded memory; must not know what the lines mean. */

const CR = 0x0d;
const LF = 0x0a;

export interface LineSplitter {
  push(chunk: Buffer): void;
  /** Hands over what stands after the last separator, if anything. */
  end(): void;
}

/**
 * @param isSeparator `lf` for lists, `cr-lf` for progress, where a carriage return ends a line too
 * @param maxBytes of one line; what goes beyond is dropped
 * @param onLine gets each line without its separator; empty lines too
 */
export function createLineSplitter(
  separators: 'lf' | 'cr-lf',
  maxBytes: number,
  onLine: (line: Buffer) => void,
): LineSplitter {
  let held: Buffer[] = [];
  let heldBytes = 0;

  const hold = (piece: Buffer): void => {
    const room = maxBytes - heldBytes;
    if (room <= 0 || piece.length === 0) return;
    held.push(piece.subarray(0, room));
    heldBytes += Math.min(room, piece.length);
  };
  const release = (): void => {
    const line = held.length === 1 && held[0] !== undefined ? held[0] : Buffer.concat(held);
    held = [];
    heldBytes = 0;
    onLine(line);
  };
  const nextSeparator = (chunk: Buffer, from: number): number => {
    const lf = chunk.indexOf(LF, from);
    if (separators === 'lf') return lf;
    const cr = chunk.subarray(from, lf < 0 ? chunk.length : lf).indexOf(CR);
    return cr < 0 ? lf : from + cr;
  };

  return {
    push: (chunk) => {
      let from = 0;
      for (let at = nextSeparator(chunk, 0); at >= 0; at = nextSeparator(chunk, from)) {
        hold(chunk.subarray(from, at));
        release();
        from = at + 1;
      }
      hold(chunk.subarray(from));
    },
    end: () => {
      if (heldBytes > 0) release();
    },
  };
}

/** Keeps the last `maxBytes` of a text that comes in lines. A line that repeats the one before is left out. */
export function createTail(maxBytes: number): { readonly add: (line: string) => void; readonly text: () => string } {
  const lines: string[] = [];
  let bytes = 0;
  return {
    add: (line) => {
      if (line === lines.at(-1)) return;
      lines.push(line);
      bytes += Buffer.byteLength(line) + 1;
      while (bytes > maxBytes && lines.length > 1) bytes -= Buffer.byteLength(lines.shift() ?? '') + 1;
    },
    text: () => lines.join('\n'),
  };
}
