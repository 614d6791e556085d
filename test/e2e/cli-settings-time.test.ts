/** @file What the settings of time change in the running program, whose clocks are moved on by hours. */
import { afterAll, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import { Served } from '../support/served.ts';
import { type EnvironmentChange, Stage } from '../support/stage.ts';

const hourMs = 3_600_000;
const walkIsDue = /reading the whole starred list reason=due/;
const sweep = /comparing mirrors that were not compared for long.* requested=2/;

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.start(2);
});
afterAll(() => stage.close());

async function startMirrored(change: EnvironmentChange): Promise<Served> {
  const served = await Served.start(await stage.install(change));
  await served.mirrored(2);
  return served;
}

function skipWithoutSignals({ skip }: TestContext): void {
  if (process.platform === 'win32') skip('the clocks are moved by a signal, which this system has not');
}

describe('settings of time', () => {
  it('pollSeconds: the next look comes after so many seconds, and no sooner', async (context) => {
    skipWithoutSignals(context);
    const requestsOfNextLook = async (pollSeconds: number, lapses: number): Promise<number> => {
      const served = await startMirrored({ TIME_LAPSE_MS: '24000', EPICSTAR_POLL_SECONDS: String(pollSeconds) });
      const first = await served.metric('last_look_timestamp_seconds');
      const before = stage.github.log.count({ path: '/user/starred' });
      for (let lapse = 0; lapse < lapses; lapse += 1) await served.program.lapse();
      const next = await served.nextLook(first);
      expect(next - first).toBeGreaterThanOrEqual(24 * lapses);
      expect((await served.program.stop()).exitCode).toBe(0);
      return stage.github.log.count({ path: '/user/starred' }) - before;
    };
    // Up to a tenth is added, so that not all installations look in the same second.
    const once = await requestsOfNextLook(30, 2);
    expect(once).toBeGreaterThan(0);
    expect(await requestsOfNextLook(100, 5)).toBe(once);
  });

  it('fullWalkHours and sweepDays: the whole list is read, and all mirrors are compared, after so long', async (context) => {
    skipWithoutSignals(context);
    const lapse = { TIME_LAPSE_MS: String(25 * hourMs) };
    const afterLapses = async (change: EnvironmentChange, first: RegExp, second: RegExp): Promise<void> => {
      const served = await startMirrored({ ...lapse, ...change });
      const { program } = served;
      const before = await served.metric('last_look_timestamp_seconds');
      await program.lapse();
      await program.waitFor(first, 'stderr');
      await served.nextLook(before);
      expect(program.stderr).not.toMatch(second);
      await program.lapse();
      await program.waitFor(second, 'stderr');
      await program.stop();
    };
    await Promise.all([
      afterLapses({ EPICSTAR_SWEEP_DAYS: '1', EPICSTAR_FULL_WALK_HOURS: '48' }, sweep, walkIsDue),
      afterLapses({ EPICSTAR_SWEEP_DAYS: '2', EPICSTAR_FULL_WALK_HOURS: '24' }, walkIsDue, sweep),
    ]);
  });

  it('quietHours: nothing is mirrored at these hours unless a person asks, and all of it after them', async (context) => {
    skipWithoutSignals(context);
    // The program is told to live in UTC.
    const clockAt = (hours: number): string => new Date(Date.now() + hours * hourMs).toISOString().slice(11, 16);
    const installation = await stage.install({
      TIME_LAPSE_MS: String(4 * hourMs),
      EPICSTAR_QUIET_HOURS: `${clockAt(-2)}-${clockAt(2)}`,
    });
    const served = await Served.start(installation);
    await served.nextLook(0);
    await served.program.waitFor(/quiet changed reasons=\S*quiet-hours/, 'stderr');
    expect(await served.metric('repositories_mirrored')).toBe(0);
    // It may look which mirrors are there; none is made.
    expect(installation.onedev.log.count({ method: 'POST', path: '/~api/projects' })).toBe(0);
    await served.program.lapse();
    await served.mirrored(2);
    await served.program.stop();
    // Who types `sync` asks for it.
    const asked = await stage.install({ EPICSTAR_QUIET_HOURS: `${clockAt(-2)}-${clockAt(2)}` });
    expect(await asked.run(['sync'])).toMatchObject({ exitCode: 0 });
    expect(asked.onedev.world.findByPath('github')).toBeDefined();
  });

  it('historyDays: runs are remembered for so long', async (context) => {
    skipWithoutSignals(context);
    const runsAfterLapses = async (historyDays: string): Promise<number> => {
      const served = await startMirrored({
        TIME_LAPSE_MS: String(25 * hourMs),
        EPICSTAR_HISTORY_DAYS: historyDays,
        EPICSTAR_SWEEP_DAYS: '365',
      });
      const before = await served.metric('last_look_timestamp_seconds');
      await served.program.lapse();
      if (historyDays === '1') await served.program.waitFor(/forgot old runs of the history forgotten=2/, 'stderr');
      else await served.nextLook(before);
      await served.program.stop();
      const { stdout } = await served.installation.run(['history', '--json']);
      return (JSON.parse(stdout) as unknown[]).length;
    };
    expect(await runsAfterLapses('1')).toBe(0);
    expect(await runsAfterLapses('2')).toBe(2);
  });
});
