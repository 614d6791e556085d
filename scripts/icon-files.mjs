/** @file Containers of icons around PNG files: .ico of Windows and .icns of macOS; and reading a PNG's pixels. */
import { inflateSync } from 'node:zlib';

/** @typedef {{ width: number, height: number, rgba: Uint8Array }} Pixels */

const pngSignature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);

/**
 * Reads what browsers write: 8 bits a channel, with or without alpha, not interlaced.
 * Source: PNG specification (third edition), sections 5, 9 and 11.
 *
 * @param {Uint8Array} file
 * @returns {Pixels}
 */
export function readPng(file) {
  const bytes = Buffer.from(file);
  if (!bytes.subarray(0, 8).equals(pngSignature)) {
    throw new Error('not a PNG');
  }
  /** @type {Buffer[]} */
  const data = [];
  let [width, height, channels] = [0, 0, 0];
  for (let at = 8; at + 12 <= bytes.length; at += 12 + bytes.readUInt32BE(at)) {
    const type = bytes.toString('latin1', at + 4, at + 8);
    const body = bytes.subarray(at + 8, at + 8 + bytes.readUInt32BE(at));
    if (type === 'IHDR') {
      [width, height] = [body.readUInt32BE(0), body.readUInt32BE(4)];
      channels = { 2: 3, 6: 4 }[body.readUInt8(9)] ?? 0;
      if (body.readUInt8(8) !== 8 || channels === 0 || body.readUInt8(12) !== 0) {
        throw new Error('a kind of PNG that is not read here');
      }
    } else if (type === 'IDAT') {
      data.push(body);
    }
  }
  return { width, height, rgba: toRgba(unfilter(inflateSync(Buffer.concat(data)), width, height, channels), channels) };
}

/** @param {Uint8Array} raw @param {number} width @param {number} height @param {number} channels */
function unfilter(raw, width, height, channels) {
  const lineBytes = width * channels;
  const out = new Uint8Array(lineBytes * height);
  for (let y = 0; y < height; y += 1) {
    const filter = raw[y * (lineBytes + 1)] ?? 0;
    for (let x = 0; x < lineBytes; x += 1) {
      const at = y * lineBytes + x;
      const left = x < channels ? 0 : (out[at - channels] ?? 0);
      const up = y === 0 ? 0 : (out[at - lineBytes] ?? 0);
      const corner = x < channels || y === 0 ? 0 : (out[at - lineBytes - channels] ?? 0);
      const guess = [0, left, up, (left + up) >> 1, paeth(left, up, corner)][filter];
      if (guess === undefined) {
        throw new Error(`a PNG has no filter ${filter}`);
      }
      out[at] = (raw[y * (lineBytes + 1) + 1 + x] ?? 0) + guess;
    }
  }
  return out;
}

/** @param {number} left @param {number} up @param {number} corner */
function paeth(left, up, corner) {
  const [byLeft, byUp, byCorner] = [up - corner, left - corner, left + up - 2 * corner].map(Math.abs);
  if ((byLeft ?? 0) <= (byUp ?? 0) && (byLeft ?? 0) <= (byCorner ?? 0)) {
    return left;
  }
  return (byUp ?? 0) <= (byCorner ?? 0) ? up : corner;
}

/** @param {Uint8Array} pixels @param {number} channels */
function toRgba(pixels, channels) {
  if (channels === 4) {
    return pixels;
  }
  const rgba = new Uint8Array((pixels.length / 3) * 4).fill(255);
  pixels.forEach((value, at) => {
    rgba[Math.floor(at / 3) * 4 + (at % 3)] = value;
  });
  return rgba;
}

/**
 * Pictures below 256 pixels are bitmaps, which every program that shows icons can read; the largest is a PNG.
 * Source: "Icons" (MSDN, 1995) and the header BITMAPINFOHEADER.
 *
 * @param {readonly Uint8Array[]} pngs square ones, smallest first
 * @returns {Buffer}
 */
export function makeIco(pngs) {
  const pictures = pngs.map((png) => {
    const pixels = readPng(png);
    return { side: pixels.width, body: pixels.width >= 256 ? Buffer.from(png) : toBitmap(pixels) };
  });
  const header = Buffer.alloc(6 + 16 * pictures.length);
  header.writeUInt16LE(1, 2);
  header.writeUInt16LE(pictures.length, 4);
  let offset = header.length;
  pictures.forEach(({ side, body }, index) => {
    const at = 6 + 16 * index;
    // One byte: 256 is written as 0.
    header.writeUInt8(side % 256, at);
    header.writeUInt8(side % 256, at + 1);
    header.writeUInt16LE(1, at + 4);
    header.writeUInt16LE(32, at + 6);
    header.writeUInt32LE(body.length, at + 8);
    header.writeUInt32LE(offset, at + 12);
    offset += body.length;
  });
  return Buffer.concat([header, ...pictures.map(({ body }) => body)]);
}

/** Lines from the bottom up, then a mask of one bit a pixel for those who know no alpha. @param {Pixels} pixels */
function toBitmap({ width, height, rgba }) {
  const maskLineBytes = Math.ceil(width / 32) * 4;
  const bitmap = Buffer.alloc(40 + width * height * 4 + maskLineBytes * height);
  bitmap.writeUInt32LE(40, 0);
  bitmap.writeInt32LE(width, 4);
  // Picture and mask together.
  bitmap.writeInt32LE(height * 2, 8);
  bitmap.writeUInt16LE(1, 12);
  bitmap.writeUInt16LE(32, 14);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const from = ((height - 1 - y) * width + x) * 4;
      const [red = 0, green = 0, blue = 0, alpha = 0] = rgba.subarray(from, from + 4);
      bitmap.set([blue, green, red, alpha], 40 + (y * width + x) * 4);
      if (alpha === 0) {
        const at = 40 + width * height * 4 + y * maskLineBytes + (x >> 3);
        bitmap.writeUInt8(bitmap.readUInt8(at) | (0x80 >> (x & 7)), at);
      }
    }
  }
  return bitmap;
}

/**
 * @param {readonly (readonly [type: string, png: Uint8Array])[]} pictures four letters that name size and scale
 * @returns {Buffer}
 */
export function makeIcns(pictures) {
  const parts = pictures.map(([type, png]) => Buffer.concat([icnsHeader(type, png.length), png]));
  const body = Buffer.concat(parts);
  return Buffer.concat([icnsHeader('icns', body.length), body]);
}

/** @param {string} type @param {number} length of what follows */
function icnsHeader(type, length) {
  const header = Buffer.alloc(8, type, 'latin1');
  header.writeUInt32BE(length + 8, 4);
  return header;
}
