/** @file A part of a screen as a picture file. */
import { crc32, deflateSync } from 'node:zlib';
import type { ScreenSize } from './virtual-desktop.ts';

export interface Part extends ScreenSize {
  readonly x: number;
  readonly y: number;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const ends = Buffer.alloc(8);
  ends.writeUInt32BE(data.length, 0);
  ends.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([ends.subarray(0, 4), body, ends.subarray(4)]);
}

/** @param pixels four bytes each, blue first, row by row @param size of all of them */
export function encodePng(pixels: Buffer, size: ScreenSize, part: Part): Buffer {
  const rows: Buffer[] = [];
  for (let y = part.y; y < part.y + part.height; y += 1) {
    // Each row begins with how it is filtered: not at all.
    const row = Buffer.alloc(1 + part.width * 3);
    for (let column = 0; column < part.width; column += 1) {
      const from = (y * size.width + part.x + column) * 4;
      row.writeUIntBE(pixels.readUIntLE(from, 3), 1 + column * 3, 3);
    }
    rows.push(row);
  }
  const head = Buffer.alloc(13);
  head.writeUInt32BE(part.width, 0);
  head.writeUInt32BE(part.height, 4);
  // Eight bits for each of three colours.
  head.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  const data = deflateSync(Buffer.concat(rows), { level: 9 });
  return Buffer.concat([signature, chunk('IHDR', head), chunk('IDAT', data), chunk('IEND', Buffer.alloc(0))]);
}
