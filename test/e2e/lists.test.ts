/** @file GitHub Lists decide what is mirrored: read beside the looks, and a repository that moves is decided anew. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { defaultSelectionRules, type SelectionRules } from '../../src-main/engine/domain/selection.ts';
import { generateSmall } from '../playground/repositories/index.ts';
import { MirrorBench } from '../support/mirror-bench.ts';
import { waitUntil } from '../support/wait.ts';

const onlyLater: SelectionRules = { ...defaultSelectionRules, lists: { only: ['later'], never: [] } };

describe('GitHub Lists', () => {
  let bench: MirrorBench;
  let one: number;
  let two: number;

  beforeEach(async () => {
    bench = await MirrorBench.start({ targetKind: 'folder' });
    const [shared] = await generateSmall(join(bench.dir, 'upstream'), 1);
    const { world } = bench.github;
    [one = 0, two = 0] = ['ada/one', 'ada/two'].map((fullName) => {
      const id = world.addRepository({ fullName, bareDir: shared?.bareDir });
      world.star(id);
      return id;
    });
    world.lists.make('Later', [one]);
  });
  afterEach(() => bench.close());

  const reads = (): number => bench.github.log.count({ kind: 'graphql' });
  const isMirrored = (fullName: string): boolean => existsSync(bench.mirrorDir(fullName));
  const selections = async () => {
    const [a, b] = await Promise.all([bench.row(one), bench.row(two)]);
    return [a.repository.selection, b.repository.selection];
  };
  /** As after another sign-in: they are read beside the next look, however lately that was. */
  const readAnew = async (): Promise<void> => {
    await bench.engine.credentialsChanged();
    await bench.sync();
  };

  it('are left alone where no rule names them', async () => {
    await bench.sync();
    await bench.sync();
    expect(isMirrored('ada/one') && isMirrored('ada/two')).toBe(true);
    expect(reads()).toBe(0);
    bench.github.log.clear();
    await bench.sync();
    expect(bench.github.log.entries.map(({ path }) => path)).toEqual(['/user/starred', '/user/starred']);
  });

  it('are read while a person chooses what to mirror, before anything is mirrored', async () => {
    await bench.open();
    await bench.engine.awaitSelection();
    await bench.engine.startOnce();
    await bench.engine.lookNow(false);
    await waitUntil('the Lists', async () => {
      return (await bench.engine.previewSelection(defaultSelectionRules)).choices.lists?.[0]?.value === 'Later';
    });
    expect(reads()).toBe(1);
    expect(await bench.engine.saveSelection(onlyLater)).toMatchObject({ mirror: { count: 1 }, skip: { count: 1 } });
    await bench.engine.drained(75_000);
    expect([isMirrored('ada/one'), isMirrored('ada/two')]).toEqual([true, false]);
    await bench.sync();
    expect(reads()).toBe(1);
  });

  it('are known before rules that name them begin to work', async () => {
    await bench.open();
    await bench.engine.startOnce();
    await bench.engine.pause(null);
    await bench.engine.lookNow(false);
    expect(reads()).toBe(0);
    await bench.engine.saveSelection({ ...defaultSelectionRules, lists: { only: [], never: ['later'] } });
    expect(reads()).toBe(1);
    await bench.engine.resume();
    await bench.sync();
    expect([isMirrored('ada/one'), isMirrored('ada/two')]).toEqual([false, true]);
  });

  it('decide anew on a repository that moves, and its mirror stays', async () => {
    await bench.open();
    await bench.engine.startOnce();
    await bench.engine.saveSelection(onlyLater);
    await bench.sync();
    expect(await selections()).toEqual(['mirror', 'skip']);
    bench.github.world.lists.takeOff('Later', one);
    bench.github.world.lists.put('Later', two);
    await bench.sync();
    // Not yet due.
    expect(await selections()).toEqual(['mirror', 'skip']);
    await readAnew();
    expect(await selections()).toEqual(['skip', 'mirror']);
    expect([isMirrored('ada/one'), isMirrored('ada/two')]).toEqual([true, true]);
    const runsBefore = bench.runs.length;
    bench.github.world.touch(one);
    await bench.sync();
    expect(bench.runs).toHaveLength(runsBefore);
    bench.github.world.lists.put('Later', one);
    await readAnew();
    expect(bench.runs).toHaveLength(runsBefore + 1);
    expect(bench.runs.at(-1)).toMatchObject({ githubId: one, outcome: 'done' });
  });

  it('are kept over a restart and read beside its first look', async () => {
    await bench.open();
    await bench.engine.startOnce();
    await bench.engine.saveSelection(onlyLater);
    await bench.sync();
    await bench.stop();
    bench.github.faults.add({ path: '/graphql', kind: 'status', status: 503 });
    await bench.sync();
    expect(await selections()).toEqual(['mirror', 'skip']);
    await bench.stop();
    bench.github.faults.clear();
    bench.github.world.lists.put('Later', two);
    await bench.sync();
    expect(await selections()).toEqual(['mirror', 'mirror']);
    expect(isMirrored('ada/two')).toBe(true);
  });

  it('that cannot be read neither fail a look nor delay it', async () => {
    await bench.open();
    await bench.engine.startOnce();
    await bench.engine.saveSelection(onlyLater);
    await bench.engine.credentialsChanged();
    const arrived = Promise.withResolvers<void>();
    bench.github.faults.add({ path: '/graphql', kind: 'run', run: () => arrived.resolve() });
    bench.github.faults.add({ path: '/graphql', kind: 'stall' });
    await bench.engine.lookNow(false);
    await arrived.promise;
    expect((await bench.engine.overview()).watcher.error).toBeNull();
    // Ends the reading that never would.
    await bench.engine.stop();
    await bench.github.log.waitFor({ kind: 'graphql', status: 0 });
    expect(bench.lines.filter(({ level }) => level === 'warn' || level === 'error')).toEqual([]);
  });

  it('that the token may not read are none', async () => {
    const { tokens, world } = bench.github;
    bench.setSecret('github-token', tokens.add({ login: world.viewer.login, kind: 'fine-grained' }));
    await bench.open();
    await bench.engine.startOnce();
    await bench.engine.saveSelection(onlyLater);
    await bench.sync();
    expect(await selections()).toEqual(['skip', 'skip']);
    expect(bench.lines.map(({ message }) => message)).toContain(
      'this token, or this GitHub, does not let Lists be read',
    );
  });
});
