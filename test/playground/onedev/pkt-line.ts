/** @file Git's pkt-line framing, as far as a receiving server needs it. Pure; knows no streams. */

/** One frame; `payload` is undefined for the special frames 0000, 0001 and 0002. */
export interface Frame {
  readonly raw: Buffer;
  readonly payload: Buffer | undefined;
  readonly isFlush: boolean;
}

/** Takes chunks as they come and gives whole frames; what is not a frame throws. */
export class FrameReader {
  #rest: Buffer = Buffer.alloc(0);

  /** The bytes that belong to no whole frame yet. */
  get rest(): Buffer {
    return this.#rest;
  }

  /** Whole frames so far; with `stopAtFlush` what follows the first flush stays in `rest`. */
  push(chunk: Buffer, stopAtFlush = false): readonly Frame[] {
    const data = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    const frames: Frame[] = [];
    let offset = 0;
    while (data.length - offset >= 4) {
      const length = Number.parseInt(data.toString('latin1', offset, offset + 4), 16);
      if (Number.isNaN(length) || length === 3) {
        throw new Error('not a pkt-line');
      }
      const end = offset + Math.max(length, 4);
      if (end > data.length) {
        break;
      }
      const raw = data.subarray(offset, end);
      frames.push({ raw, payload: length < 4 ? undefined : raw.subarray(4), isFlush: length === 0 });
      offset = end;
      if (stopAtFlush && length === 0) {
        break;
      }
    }
    this.#rest = data.subarray(offset);
    return frames;
  }
}

export function frame(payload: string | Buffer): Buffer {
  const bytes = Buffer.from(payload);
  return Buffer.concat([Buffer.from((bytes.length + 4).toString(16).padStart(4, '0'), 'latin1'), bytes]);
}

export const flush = Buffer.from('0000', 'latin1');

/** Text for the client's `remote:` lines: side band 2, in frames small enough for every client. */
export function progressFrames(body: Buffer): Buffer {
  const frames: Buffer[] = [];
  for (let offset = 0; offset < body.length; offset += 900) {
    frames.push(frame(Buffer.concat([Buffer.from([2]), body.subarray(offset, offset + 900)])));
  }
  return Buffer.concat(frames);
}
