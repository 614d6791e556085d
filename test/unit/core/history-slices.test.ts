/** @file Slices against a target in memory: how many pieces go at once, what stands meanwhile, what is refused. */
import { describe, expect, it } from 'vitest';
import { HistorySlices, incomingRefs } from '../../../src-main/engine/core/history-slices.ts';
import { PushLanes } from '../../../src-main/engine/core/push-lanes.ts';
import type { WorkPart } from '../../../src-main/engine/core/work-part.ts';
import type { RefMap } from '../../../src-main/engine/domain/plan.ts';
import type { Git, PushCommand } from '../../../src-main/engine/ports/git.ts';
import { ManualClock } from '../../support/manual-clock.ts';

const oidOf = (number: number): string => number.toString(16).padStart(40, '0');
const incoming = (number: number): string => `refs/epicstar/incoming/${oidOf(number)}`;
const pieceBytes = 100;

interface Scene {
  readonly pieces: number;
  readonly msPerByte: number;
  /** Bytes on the wire for one in the cache. */
  readonly growth?: number;
  readonly refuses?: (command: PushCommand) => boolean;
  readonly ms?: number;
}

function scene({ pieces, msPerByte, growth = 1, refuses = () => false, ms = 1e9 }: Scene, refs: RefMap = new Map()) {
  const clock = new ManualClock(0);
  const lanes = new PushLanes(1);
  const standing = new Map(refs);
  const pushes: { readonly bytes: number; readonly standing: readonly string[] }[] = [];
  const parts: (WorkPart | null)[] = [];
  let arrived = 0;
  const git: Pick<Git, 'push' | 'cutHistory'> = {
    cutHistory: () =>
      Promise.resolve(Array.from({ length: pieces }, (_, index) => ({ bytes: pieceBytes, tips: [oidOf(index + 1)] }))),
    push: async (_cache, _remote, commands) => {
      const rejected = commands.filter(refuses).map(({ ref }) => ({ ref, reason: 'no' }));
      const accepted = commands.filter((command) => !refuses(command));
      const tip = Math.max(arrived, ...accepted.map(({ oid }) => (oid === null ? 0 : Number.parseInt(oid, 16))));
      const bytesSent = (tip - arrived) * pieceBytes * growth;
      arrived = tip;
      await clock.advance(bytesSent * msPerByte);
      for (const { ref, oid } of accepted) {
        if (oid === null) standing.delete(ref);
        else standing.set(ref, oid);
      }
      pushes.push({ bytes: bytesSent, standing: [...incomingRefs(standing).keys()] });
      return { accepted: accepted.map(({ ref }) => ref), rejected, output: '', bytesSent };
    },
  };
  const slices = new HistorySlices(
    {
      git,
      lanes,
      clock,
      limits: { refsPerPush: 500, smallPackBytes: 50, smallPushesAtOnce: 1, slices: { bytes: 1_000, ms } },
      cache: { dir: '/nowhere' },
      remote: { url: 'http://127.0.0.1/x', transport: 'http', authorization: null },
      call: { signal: new AbortController().signal },
      onPart: (part) => parts.push(part),
    },
    refs,
  );
  return { slices, pushes, parts, standing, lanes };
}

describe('a history in slices', () => {
  it('begins small, grows to the limit, and keeps one ref standing', async () => {
    const { slices, pushes, parts, standing } = scene({ pieces: 45, msPerByte: 0 });
    const left = await slices.push([oidOf(45)], []);
    expect(pushes.map(({ bytes }) => bytes)).toEqual([200, 1_000, 1_000, 1_000, 1_000]);
    expect(left).toBe(300);
    expect(slices.bytesSent).toBe(4_200);
    for (const push of pushes) expect(push.standing).toHaveLength(1);
    expect(parts.map((part) => part?.number)).toEqual([1, 2, 3, 4, 5, 6]);
    expect(parts.map((part) => part?.of)).toEqual([5, 6, 6, 6, 6, 6]);
    await slices.clear();
    expect(standing.size).toBe(0);
  });

  it('takes no longer than it may, by what the last one took', async () => {
    const { slices, pushes } = scene({ pieces: 30, msPerByte: 2, ms: 1_000 });
    await slices.push([oidOf(30)], []);
    expect(pushes.map(({ bytes }) => bytes)).toEqual([200, 500, 500, 500, 500, 500]);
  });

  it('counts what goes over the wire, where that is more than what the cache holds', async () => {
    const { slices, pushes } = scene({ pieces: 30, msPerByte: 0, growth: 2 });
    await slices.push([oidOf(30)], []);
    expect(pushes.map(({ bytes }) => bytes)).toEqual([400, 1_000, 1_000, 1_000, 1_000, 1_000]);
  });

  it('leaves all to the refs where it is refused, or where nothing can be cut', async () => {
    const refusing = scene({ pieces: 30, msPerByte: 0, refuses: ({ ref }) => ref.startsWith('refs/epicstar/') });
    expect(await refusing.slices.push([oidOf(30)], [])).toBe(3_000);
    expect(refusing.pushes).toHaveLength(1);
    const whole = scene({ pieces: 1, msPerByte: 0 });
    expect(await whole.slices.push([oidOf(1)], [])).toBe(pieceBytes);
    expect(whole.pushes).toEqual([]);
    expect(whole.parts.at(-1)).toBeNull();
  });

  it('removes what an earlier run left, also where it has nothing to send', async () => {
    const left = new Map([
      [incoming(77), oidOf(77)],
      ['refs/epicstar/kept/20260101T000000000Z/heads/x', oidOf(78)],
      ['refs/heads/main', oidOf(79)],
    ]);
    const { slices, standing } = scene({ pieces: 0, msPerByte: 0 }, left);
    await slices.clear();
    expect([...standing.keys()]).toEqual([...left.keys()].slice(1));
  });

  it('gives others their turn between two slices', async () => {
    const { slices, lanes, pushes } = scene({ pieces: 25, msPerByte: 0 });
    const begun: number[] = [];
    const pushing = slices.push([oidOf(25)], []);
    const others = Array.from({ length: 3 }, () =>
      lanes.run(true, new AbortController().signal, () => Promise.resolve(void begun.push(pushes.length))),
    );
    await Promise.all([pushing, ...others]);
    expect(Math.max(...begun)).toBeLessThan(pushes.length);
  });
});
