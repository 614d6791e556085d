import { describe, expect, it } from 'vitest';
import { NamesInWork } from '../../../src-main/engine/core/names-in-work.ts';
import { settle } from '../../support/manual-clock.ts';

const never = new AbortController().signal;

describe('names in work', () => {
  it('lets one after another work under a name, without regard to case, in the order in which they came', async () => {
    const names = new NamesInWork();
    const told: string[] = [];
    const ends: (() => void)[] = [];
    const hold = (name: string, who: string): Promise<void> =>
      names.hold(name, never, async (hasWaited) => {
        told.push(`${who} ${hasWaited ? 'waited' : 'began'}`);
        await new Promise<void>((resolve) => ends.push(resolve));
      });
    const all = [
      hold('ada/loom', 'first'),
      hold('Ada/Loom', 'second'),
      hold('ada/loom', 'third'),
      hold('ada/note', 'other'),
    ];
    await settle();
    expect(told).toEqual(['first began', 'other began']);
    ends[0]?.();
    await settle();
    expect(told).toEqual(['first began', 'other began', 'second waited']);
    ends[1]?.();
    ends[2]?.();
    await settle();
    ends[3]?.();
    await Promise.all(all);
    expect(told.at(-1)).toBe('third waited');
    await expect(names.hold('ada/loom', never, async (hasWaited) => hasWaited)).resolves.toBe(false);
  });

  it('lets the next one begin where work failed, and where one that waited gave up', async () => {
    const names = new NamesInWork();
    let fail = (): void => undefined;
    const first = names.hold(
      'a/b',
      never,
      () => new Promise((_, reject) => (fail = () => reject(new Error('broken')))),
    );
    const impatient = new AbortController();
    const second = names.hold('a/b', impatient.signal, () => Promise.resolve('second'));
    const third = names.hold('a/b', never, () => Promise.resolve('third'));
    impatient.abort(new Error('ended'));
    await expect(second).rejects.toThrow('ended');
    fail();
    await expect(first).rejects.toThrow('broken');
    await expect(third).resolves.toBe('third');
  });

  it('keeps the third waiting for the first where the second gives up', async () => {
    const names = new NamesInWork();
    let end = (): void => undefined;
    const first = names.hold('a/b', never, () => new Promise<void>((resolve) => (end = resolve)));
    const impatient = new AbortController();
    const second = names.hold('a/b', impatient.signal, () => Promise.resolve());
    let hasBegun = false;
    const third = names.hold('a/b', never, async () => {
      hasBegun = true;
    });
    impatient.abort(new Error('ended'));
    await expect(second).rejects.toThrow('ended');
    await settle();
    expect(hasBegun).toBe(false);
    end();
    await Promise.all([first, third]);
    expect(hasBegun).toBe(true);
  });
});
