/** @file GitHub Lists as labels and as parents of mirrors on OneDev: they follow what moves, and touch nothing else. */
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { EngineOptions } from '../../src-main/engine/core/engine.ts';
import { generateSmall } from '../playground/repositories/index.ts';
import { MirrorBench } from '../support/mirror-bench.ts';

let bench: MirrorBench;
let one: number;
let two: number;

beforeEach(async () => {
  bench = await MirrorBench.start();
  const [shared] = await generateSmall(join(bench.dir, 'upstream'), 1);
  const { world } = bench.github;
  [one = 0, two = 0] = ['ada/one', 'bob/two'].map((fullName) => {
    const id = world.addRepository({ fullName, bareDir: shared?.bareDir });
    world.star(id);
    return id;
  });
  world.lists.make('Web & more', [one]);
  world.lists.make('art', [one]);
});
afterEach(() => bench.close());

async function begin(options: Partial<EngineOptions>): Promise<void> {
  await bench.open(options);
  await bench.engine.startOnce();
  await bench.sync();
}

/** Lists are read again beside the next look, however lately that was. */
async function readAnew(): Promise<void> {
  await bench.engine.credentialsChanged();
  await bench.sync();
}

const pathsOf = (): readonly string[] => {
  const { world } = bench.onedev;
  return [...world.projects.values()]
    .filter(({ description }) => description?.includes('epicstar-github-id') === true)
    .map((project) => world.pathOf(project))
    .sort();
};

const labelsOf = (fullName: string): readonly string[] => {
  const { world } = bench.onedev;
  const project = world.findByPath(`github/${fullName}`);
  return [...world.projectLabels.values()]
    .filter(({ projectId }) => projectId === project?.id)
    .map(({ specId }) => world.labelSpecs.get(specId)?.name ?? '')
    .sort();
};

describe('GitHub Lists as parents', () => {
  it('hold the mirrors of the first List by name, and follow what moves without a fetch', async () => {
    await begin({ lists: 'parents' });
    expect(pathsOf()).toEqual(['github/_lists/art/ada/one', 'github/bob/two']);
    const before = bench.onedev.world.findByPath('github/_lists/art/ada/one')?.id;
    const { lists } = bench.github.world;
    lists.takeOff('art', one);
    lists.put('art', two);
    await readAnew();
    expect(pathsOf()[0]).toMatch(/^github\/_lists\/art\/bob\/two$/);
    expect(pathsOf()[1]).toMatch(/^github\/_lists\/web-more-[0-9a-f]{8}\/ada\/one$/);
    expect(bench.onedev.world.findByPath(pathsOf()[1] ?? '')?.id).toBe(before);
    const moved = (await bench.row(one)).repository.mirror;
    expect(moved?.projectPath).toBe(pathsOf()[1]);
    const runs = bench.runs.filter(({ cause }) => cause === 'renamed');
    expect(runs.map(({ outcome, report }) => [outcome, report.bytesReceived, report.bytesSent])).toEqual([
      ['done', 0, 0],
      ['done', 0, 0],
    ]);
  });

  it('that end, or are turned off, give their mirrors back to their owners', async () => {
    await begin({ lists: 'parents' });
    bench.github.world.lists.drop('art');
    bench.github.world.lists.drop('Web & more');
    await readAnew();
    expect(pathsOf()).toEqual(['github/ada/one', 'github/bob/two']);
    bench.github.world.lists.make('New', [one, two]);
    await readAnew();
    expect(pathsOf()).toEqual(['github/_lists/new/ada/one', 'github/_lists/new/bob/two']);
    await bench.stop();
    await begin({ lists: 'off' });
    expect(pathsOf()).toEqual(['github/ada/one', 'github/bob/two']);
    expect(await bench.store.listMarks()).toEqual(new Map());
  });

  it('are read before the first mirror is found again by a new installation, so that none is moved for nothing', async () => {
    await begin({ lists: 'parents' });
    const { projects } = bench.onedev.world;
    const ids = [...projects.keys()];
    await bench.stop();
    await bench.forgetData();
    bench.onedev.log.clear();
    await begin({ lists: 'parents' });
    expect(pathsOf()).toEqual(['github/_lists/art/ada/one', 'github/bob/two']);
    expect([...projects.keys()]).toEqual(ids);
    const changes = bench.onedev.log.entries.filter(
      ({ method, path }) => method === 'POST' && /~api\/projects/.test(path),
    );
    expect(changes).toEqual([]);
    expect(bench.onedev.log.entries.some(({ path }) => path.startsWith('/~api/projects'))).toBe(true);
  });

  it('that cannot be read leave everything where it is', async () => {
    await begin({ lists: 'parents' });
    bench.github.world.lists.isOffered = false;
    await readAnew();
    expect(pathsOf()).toEqual(['github/_lists/art/ada/one', 'github/bob/two']);
    const item = (await bench.engine.diagnose(new AbortController().signal)).find(({ name }) => name === 'lists');
    expect(item).toMatchObject({ area: 'github', state: 'warning' });
    expect(item?.finding).toContain('does not let your Lists be read');
    const told = bench.lines.filter(({ message }) => message.includes('does not let Lists be read'));
    expect(told).toHaveLength(1);
  });
});

describe('GitHub Lists as labels', () => {
  it('are made once, follow what moves, and leave other labels alone', async () => {
    await begin({ lists: 'off' });
    const { world } = bench.onedev;
    world.labelSpecs.set(1, { id: 1, name: 'list: mine', color: '#ff0000' });
    world.labelSpecs.set(2, { id: 2, name: 'team', color: '#5b7083' });
    const project = world.findByPath('github/ada/one');
    for (const specId of [1, 2]) world.projectLabels.set(specId, { id: specId, projectId: project?.id ?? 0, specId });
    await bench.stop();
    await begin({ lists: 'labels' });
    expect(labelsOf('ada/one')).toEqual(['list: Web & more', 'list: art', 'list: mine', 'team']);
    expect(labelsOf('bob/two')).toEqual([]);
    bench.github.world.lists.put('art', two);
    bench.github.world.lists.takeOff('Web & more', one);
    await readAnew();
    expect(labelsOf('ada/one')).toEqual(['list: art', 'list: mine', 'team']);
    expect(labelsOf('bob/two')).toEqual(['list: art']);
    expect([...world.labelSpecs.values()].map(({ name }) => name).sort()).toEqual([
      'list: Web & more',
      'list: art',
      'list: mine',
      'team',
    ]);
    bench.onedev.log.clear();
    await readAnew();
    expect(bench.onedev.log.entries.filter(({ path }) => path.includes('label'))).toEqual([]);
    await bench.stop();
    await begin({ lists: 'off' });
    expect(labelsOf('ada/one')).toEqual(['list: mine', 'team']);
    expect(labelsOf('bob/two')).toEqual([]);
  });

  it('are made for a mirror that comes later', async () => {
    bench.github.world.unstar(one);
    await begin({ lists: 'labels' });
    bench.github.world.star(one);
    await bench.sync();
    expect(labelsOf('ada/one')).toEqual(['list: Web & more', 'list: art']);
  });

  it('need a right that a limited token lacks: it is told once, and mirrors go on without', async () => {
    await begin({ lists: 'off' });
    await bench.stop();
    const limited = bench.onedev.addToken({ grants: [{ path: 'github', roleId: 1 }] });
    bench.setSecret('onedev-token', limited);
    const [three] = await generateSmall(join(bench.dir, 'later'), 1);
    const id = bench.github.world.addRepository({ fullName: 'cy/three', bareDir: three?.bareDir });
    bench.github.world.star(id);
    await begin({ lists: 'labels' });
    await readAnew();
    expect((await bench.row(id)).state).toBe('mirrored');
    const warnings = bench.lines.filter(({ message }) => message.includes('labels of GitHub Lists could not be set'));
    expect(warnings.map(({ fields }) => fields['code'])).toEqual(['target-right-missing']);
    const item = (await bench.engine.diagnose(new AbortController().signal)).find(({ name }) => name === 'labels');
    expect(item).toMatchObject({ state: 'warning', code: 'target-right-missing' });
    expect((await bench.engine.overview()).troubles).toEqual([]);
  });
});

describe('GitHub Lists as a filter', () => {
  it('are told and counted', async () => {
    await begin({ lists: 'labels' });
    const page = { text: '', state: null, order: 'name', offset: 0, limit: 10 } as const;
    const { items } = await bench.engine.repositories({ ...page, lists: ['ART'] });
    expect(items.map(({ repository, lists }) => [repository.fullName, lists])).toEqual([
      ['ada/one', ['art', 'Web & more']],
    ]);
    expect((await bench.engine.facets({ text: '', state: null })).lists).toEqual([
      { value: 'art', count: 1 },
      { value: 'Web & more', count: 1 },
      { value: '', count: 1 },
    ]);
  });
});
