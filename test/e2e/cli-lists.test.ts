/** @file GitHub Lists in the real program: the setting, and the command that lists repositories by them. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Stage } from '../support/stage.ts';

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.start(3);
  const { lists } = stage.github.world;
  lists.make('Later\u001b[31m', [stage.star(0).id]);
  lists.make('art', [stage.star(0).id, stage.star(1).id]);
});
afterAll(() => stage.close());

describe('list', () => {
  it.each([
    ['labels', (fullName: string) => `github/${fullName}`, ['list: Later [31m', 'list: art', 'list: art']],
    ['parents', (fullName: string) => `github/_lists/art/${fullName}`, []],
  ])('tells Lists and narrows by them, with lists %s', async (lists, pathOf, labels) => {
    const installation = await stage.install({ EPICSTAR_LISTS: lists });
    expect(await installation.run(['sync'])).toMatchObject({ exitCode: 0, stderr: '' });
    const { world } = installation.onedev;
    expect(world.findByPath(pathOf(stage.star(0).fullName))).toBeDefined();
    const given = [...world.projectLabels.values()].map(({ specId }) => world.labelSpecs.get(specId)?.name ?? '');
    expect(given.toSorted((a, b) => (a < b ? -1 : 1))).toEqual(labels);

    const [one = '', two = '', three = ''] = [0, 1, 2].map((index) => stage.star(index).fullName);
    const plain = await installation.run(['list']);
    expect(plain).toMatchObject({ exitCode: 0, stderr: '' });
    const expected = [`mirrored  ${one}  on art, Later [31m`, `mirrored  ${two}  on art`, `mirrored  ${three}`];
    expect(plain.stdout.trim().split('\n').toSorted()).toEqual(expected.toSorted());
    const narrowed = await installation.run(['list', '--list', 'LATER [31m', '--state', 'mirrored', '--json']);
    const [row] = JSON.parse(narrowed.stdout);
    expect(row).toMatchObject({ fullName: one, mirrorPath: pathOf(one), lists: ['art', 'Later [31m'], buildRefs: 0 });
    expect(
      JSON.parse((await installation.run(['list', '--list', 'art', '--list', 'x', '--json'])).stdout),
    ).toHaveLength(2);
    expect((await installation.run(['list', '--list', 'x'])).stdout).toBe('No repository is known that fits.\n');
    expect(await installation.run(['list', '--state', 'nonsense'])).toMatchObject({ exitCode: 2 });
    const doctor = await installation.run(['doctor']);
    expect(doctor.stdout).toMatch(/^ok {7}github, lists: 2 GitHub Lists can be read/m);
  });
});
