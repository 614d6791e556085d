/** @file Restore drills and comparisons of the program: by itself, and as a person asks for them at a terminal. */
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readTips, runGit } from '../playground/repositories/index.ts';
import type { Installation } from '../support/stage.ts';
import { Served } from '../support/served.ts';
import { Stage } from '../support/stage.ts';

const dayMs = 24 * 3_600_000;
const tried = /a restore drill went well .*fullName=/g;

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.start(2);
});
afterAll(() => stage.close());

describe('restore drills', () => {
  it('drillDays: one mirror after so long, the next one the time after, none where it is 0', async ({ skip }) => {
    if (process.platform === 'win32') skip('the clocks are moved by a signal, which this system has not');
    const drillsAfterLapses = async (drillDays: string): Promise<number> => {
      const installation = await stage.install({ TIME_LAPSE_MS: String(dayMs), EPICSTAR_DRILL_DAYS: drillDays });
      const served = await Served.start(installation);
      await served.mirrored(2);
      for (let lapse = 0; lapse < 3; lapse += 1) {
        const before = await served.metric('last_look_timestamp_seconds');
        await served.program.lapse();
        await served.nextLook(before);
        if (drillDays === '1') {
          await served.program.waitFor(new RegExp(`(?:${tried.source}[^]*){${lapse + 1}}`), 'stderr');
        }
      }
      await served.program.stop();
      return served.program.stderr.match(tried)?.length ?? 0;
    };
    expect(await drillsAfterLapses('0')).toBe(0);
    expect(await drillsAfterLapses('1')).toBe(3);
  });
});

describe('at a terminal', () => {
  let synced: Installation;

  beforeAll(async () => {
    synced = await stage.install({ EPICSTAR_LOG_LEVEL: 'error' });
    expect(await synced.run(['sync'])).toMatchObject({ exitCode: 0 });
  });

  it('drill tries the one that was not tried for the longest time, or the one that is named', async () => {
    const first = await synced.run(['drill']);
    expect(first).toMatchObject({ exitCode: 0 });
    expect(first.stdout).toMatch(/^fine +\S+\/\S+: \d+ refs?, [\d,]+ objects, .+B, \d+\.\d s\n$/);
    const second = await synced.run(['drill', '--json']);
    const told = JSON.parse(second.stdout) as { fullName: string; drill: { result: string } };
    expect(told.drill.result).toBe('fine');
    expect(first.stdout).not.toContain(told.fullName);
    expect((await synced.run(['drill', told.fullName])).stdout).toContain(told.fullName);
    expect(await synced.run(['drill', 'nobody/nothing'])).toMatchObject({ exitCode: 2 });
    const home = await readdir(join(synced.dataDir, 'git-home'));
    expect(home.filter((name) => name.startsWith('scratch'))).toEqual([]);
  });

  it('verify says what differs, and the next sync repairs it', async () => {
    const { fullName } = stage.star(0);
    const project = synced.onedev.world.findByPath(`github/${fullName}`) ?? expect.fail('no project');
    const dir = synced.onedev.repositoryDir(project);
    const [tip] = Object.values(await readTips(dir));
    await runGit(dir, ['update-ref', 'refs/heads/intruder', tip ?? expect.fail('no tip')]);
    const found = await synced.run(['verify', fullName]);
    expect(found).toMatchObject({ exitCode: 1 });
    expect(found.stdout).toContain('refs/heads/intruder is only in the mirror');
    expect(found.stdout).toContain('1 mirror is mirrored again at the next sync.');
    expect(await synced.run(['sync'])).toMatchObject({ exitCode: 0 });
    expect(await synced.run(['verify', fullName])).toMatchObject({ exitCode: 0 });
  });

  it('drill says that it is not repaired where the mirror is damaged', async () => {
    const { fullName } = stage.star(1);
    const project = synced.onedev.world.findByPath(`github/${fullName}`) ?? expect.fail('no project');
    const dir = synced.onedev.repositoryDir(project);
    const objects = (await runGit(dir, ['rev-list', '--objects', '--all'])).split('\n');
    const file = objects.find((line) => line.length > 41) ?? expect.fail('no file in it');
    await rm(join(dir, 'objects', file.slice(0, 2), file.slice(2, 40)));
    const drilled = await synced.run(['drill', fullName]);
    expect(drilled).toMatchObject({ exitCode: 1 });
    expect(drilled.stdout).toMatch(/^DAMAGED .*Not repaired/);
  });
});
