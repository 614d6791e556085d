/**
 * @file The framing of git's wire protocol: four hex digits of length, then so many bytes less four; `0000` to `0002`
 * are marks without bytes (gitprotocol-common(5)). Pure.
 */

/** `flush`, `delim` and `end` stand for `0000`, `0001` and `0002`. */
export type Packet = Buffer | 'flush' | 'delim' | 'end';

const marks: Readonly<Record<number, Packet>> = { 0: 'flush', 1: 'delim', 2: 'end' };
const lengthDigits = 4;

/** Null for what is not framed so, or ends in the middle of a packet. */
export function readPackets(bytes: Buffer): readonly Packet[] | null {
  const packets: Packet[] = [];
  let at = 0;
  while (at < bytes.length) {
    const digits = bytes.toString('latin1', at, at + lengthDigits);
    if (!/^[0-9a-f]{4}$/i.test(digits)) return null;
    const length = Number.parseInt(digits, 16);
    const mark = marks[length];
    if (mark !== undefined) {
      packets.push(mark);
      at += lengthDigits;
      continue;
    }
    const end = at + length;
    if (length < lengthDigits || end > bytes.length) return null;
    packets.push(bytes.subarray(at + lengthDigits, end));
    at = end;
  }
  return packets;
}

export function writePacket(text: string): string {
  const length = Buffer.byteLength(text) + lengthDigits;
  return length.toString(16).padStart(lengthDigits, '0') + text;
}
