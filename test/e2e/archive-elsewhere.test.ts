/** @file What a person put away on one machine stays put away on the next, whatever is done there first. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { addCommit, createBare } from '../playground/repositories/index.ts';
import { MirrorBench } from '../support/mirror-bench.ts';

const { signal } = new AbortController();
/** The list of all mirrors alone is sorted. */
const listing = /order%20by/;

let bench: MirrorBench;
let id: number;

beforeEach(async () => {
  bench = await MirrorBench.start();
  const bareDir = join(bench.dir, 'upstream', 'tool.git');
  await mkdir(bareDir, { recursive: true });
  createBare(bareDir, 'main');
  await addCommit(bareDir, 'main', 'code\n');
  id = bench.github.world.addRepository({ fullName: 'ada/tool', bareDir });
  bench.github.world.star(id);
  await bench.sync();
  expect(await bench.engine.archiveMirrors([id], signal)).toMatchObject([{ state: 'done' }]);
  await bench.stop();
  await bench.forgetData();
});
afterEach(() => bench.close());

const isThere = (path: string): boolean => bench.onedev.world.findByPath(`github/${path}`) !== undefined;

describe('an archived mirror on a new machine', () => {
  it.each([
    ['is listed late', { delayMs: 1_500 }],
    ['cannot be listed at first', { status: 502 }],
  ])('that %s stays in the archive', async (_words, fault) => {
    bench.onedev.faults.add({ kind: 'rest', path: listing, times: 1, fault });
    await bench.sync();
    await bench.sync();
    expect([isThere('_archived/ada+tool'), isThere('ada/tool')]).toEqual([true, false]);
    const { repository } = await bench.row(id);
    expect(repository).toMatchObject({ selection: 'skip', mirror: { projectPath: 'github/_archived/ada+tool' } });
    expect(repository.archivedAt).not.toBeNull();
  });
});
