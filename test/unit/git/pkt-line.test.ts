import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readPackets, writePacket } from '../../../src-main/engine/adapters/git/pkt-line.ts';

describe('packets of the wire protocol', () => {
  it('are read as the examples of gitprotocol-common(5) are written', () => {
    const packets = readPackets(Buffer.from('0006a\n0005a000bfoobar\n000400000001'));
    expect(packets?.map((packet) => (packet instanceof Buffer ? packet.toString() : packet))).toEqual([
      'a\n',
      'a',
      'foobar\n',
      '',
      'flush',
      'delim',
    ]);
  });

  it.each(['000', '0003', 'zzzz', '0009ab', '<html>', '00ff'])('%s is refused', (text) => {
    expect(readPackets(Buffer.from(text))).toBeNull();
  });

  it('are read as they were written, and never throw on other bytes', () => {
    fc.assert(
      fc.property(fc.array(fc.string({ unit: 'grapheme', maxLength: 50 })), (texts) => {
        const read = readPackets(Buffer.from(texts.map(writePacket).join('')));
        expect(read?.map((packet) => (packet instanceof Buffer ? packet.toString() : packet))).toEqual(texts);
      }),
    );
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (bytes) => {
        const read = readPackets(Buffer.from(bytes));
        expect(read === null || Array.isArray(read)).toBe(true);
      }),
    );
  });
});
