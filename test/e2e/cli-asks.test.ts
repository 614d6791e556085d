/** @file Large repositories in the real program: `asks` with what each costs, `choose` with the answers. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { defaultSelectionRules } from '../../src-main/engine/domain/selection.ts';
import { type Installation, Stage } from '../support/stage.ts';

let stage: Stage;
let installation: Installation;
let large: string;

beforeAll(async () => {
  stage = await Stage.start(2);
  const star = stage.star(0);
  large = star.fullName;
  stage.github.world.edit(star.id, { sizeKb: 2_100_000 });
  installation = await stage.install();
  const rules = { ...defaultSelectionRules, askAboveKb: 1_000_000 };
  const file = join(installation.dir, 'epicstar.json');
  const exported = JSON.parse((await installation.run(['config', 'export'])).stdout);
  await writeFile(file, JSON.stringify({ ...exported, rules }));
  const imported = await installation.run(['config', 'import', file]);
  expect(imported.exitCode, imported.stderr).toBe(0);
});
afterAll(() => stage.close());

describe('asks and choose', () => {
  it('tell what waits with its cost, and take each answer', async () => {
    expect(await installation.run(['sync'])).toMatchObject({ exitCode: 0 });
    const asks = await installation.run(['asks']);
    expect(asks).toMatchObject({ exitCode: 0, stderr: '' });
    expect(asks.stdout.split('\n')).toEqual([
      `${large}: about 2.2 GB by GitHub's figure, larger than 1 GB.`,
      expect.stringMatching(/^Free here: [\d.]+ \wB; free where mirrors go: it does not tell\.$/),
      'epicstar choose mirror|later|never OWNER/NAME answers.',
      '',
    ]);
    const small = await installation.run(['asks', '--json'], { EPICSTAR_CACHE_LIMIT: '1GB' });
    expect(JSON.parse(small.stdout)).toMatchObject({
      freeBytesAtTarget: null,
      asks: [{ fullName: large, bytes: 2_100_000 * 1_024, cache: { caches: 0, bytes: 0, stays: false } }],
    });

    const later = await installation.run(['choose', 'later', large]);
    expect(later.stdout).toMatch(/^skip {4}\S+: later: asked again on \d{4}-\d\d-\d\d\n$/);
    expect((await installation.run(['asks'])).stdout).toBe('Nothing waits for your word.\n');
    // A look does not ask again.
    await installation.run(['sync', '--full']);
    expect((await installation.run(['asks'])).stdout).toBe('Nothing waits for your word.\n');

    const rules = await installation.run(['choose', 'rules', large, '--json']);
    expect(JSON.parse(rules.stdout)).toMatchObject([{ fullName: large, selection: 'ask', reason: 'larger than 1 GB' }]);
    expect((await installation.run(['choose', 'never', large])).stdout).toBe(`skip    ${large}: excluded by you\n`);
    expect((await installation.run(['choose', 'mirror', large])).stdout).toBe(`mirror  ${large}: included by you\n`);
    expect(await installation.run(['sync'])).toMatchObject({ exitCode: 0 });
    expect(installation.onedev.world.findByPath(`github/${large}`)).toBeDefined();

    expect(await installation.run(['choose', 'perhaps', large])).toMatchObject({ exitCode: 2 });
    expect(await installation.run(['choose', 'never', 'no/body'])).toMatchObject({ exitCode: 2 });
  });
});
