/** @file Repositories that leave the starred list, as the running program finds out what became of them. */
import { afterAll, afterEach, beforeAll, describe, expect, it, type TestContext } from 'vitest';
import type { RepositoryView } from '../../src-preload/contract/views.ts';
import { ProgramClient } from '../support/program-client.ts';
import { Served } from '../support/served.ts';
import { type EnvironmentChange, Stage } from '../support/stage.ts';
import { waitUntil } from '../support/wait.ts';

/** More than a day, so that each step reads the whole list and is past the hour of a confirmation. */
const lapseMs = 25 * 3_600_000;

let stage: Stage;
let served: Served;
let client: ProgramClient;

beforeAll(async () => {
  stage = await Stage.start(4);
});
afterEach(() => client.close());
afterAll(() => stage.close());

async function start(mirrors: number, change: EnvironmentChange = {}): Promise<void> {
  served = await Served.start(await stage.install({ TIME_LAPSE_MS: String(lapseMs), ...change }));
  await served.mirrored(mirrors);
  client = await ProgramClient.connect(served);
}

/** Resolves with the row once it is as a test waits for. */
function row(index: number, what: string, isIt: (view: RepositoryView) => boolean): Promise<RepositoryView> {
  const { id } = stage.star(index);
  return waitUntil(`repository ${index} ${what}`, async () => {
    const view = await client.call('repositories.get', { githubId: id });
    return view !== null && isIt(view) && view;
  });
}

const found = (kind: string, isFinal: boolean) => (view: RepositoryView) =>
  view.verdict?.kind === kind && (view.verdict.confirmedAt !== null) === isFinal;

function skipWithoutSignals({ skip }: TestContext): void {
  if (process.platform === 'win32') skip('the clocks are moved by a signal, which this system has not');
}

describe('repositories that leave the starred list', () => {
  it('are judged by what GitHub says of their ids, twice, and their mirrors stay', async (context) => {
    skipWithoutSignals(context);
    const { world } = stage.github;
    await start(4);
    world.unstar(stage.star(0).id);
    world.remove(stage.star(1).id);
    world.block(stage.star(2).id, 'dmca');
    world.unstar(stage.star(2).id);
    await served.program.lapse();
    await row(0, 'is unstarred', found('unstarred', false));
    await row(1, 'is gone', found('gone', false));
    const blocked = await row(2, 'is blocked', found('blocked', false));
    expect(blocked.verdict).toMatchObject({ reason: 'dmca' });
    // Neither is done anything about, nor counted as a failure.
    expect(await served.metric('repositories_mirrored')).toBe(4);

    await served.program.lapse();
    for (const [index, kind] of ['unstarred', 'gone', 'blocked'].entries()) {
      const view = await row(index, `is ${kind} for certain`, found(kind, true));
      expect(view).toMatchObject({ state: 'mirrored', mirror: { path: `github/${stage.star(index).fullName}` } });
      expect(view.absentSince).not.toBeNull();
    }
    expect(await client.call('repositories.get', { githubId: stage.star(3).id })).toMatchObject({
      absentSince: null,
      verdict: null,
      archivedAt: null,
    });

    // What is starred again begins anew.
    world.star(stage.star(0).id);
    await served.program.lapse();
    await row(0, 'is back', ({ absentSince, verdict }) => absentSince === null && verdict === null);
    expect((await served.program.stop()).exitCode).toBe(0);
  });

  it('unstarred: what is there without a star is mirrored on where that is wanted', async (context) => {
    skipWithoutSignals(context);
    const { world } = stage.github;
    const index = 3;
    const { id } = stage.star(index);
    await start(2, { EPICSTAR_UNSTARRED: 'follow' });
    world.unstar(id);
    await served.program.lapse();
    await row(index, 'is unstarred', found('unstarred', false));
    world.touch(id);
    await served.program.lapse();
    await row(index, 'is unstarred for certain', found('unstarred', true));
    await waitUntil('a run for what was pushed', async () => {
      const { items } = await client.call('runs.list', { githubId: id, offset: 0, limit: 10 });
      return items.some(({ cause, outcome }) => cause === 'pushed' && outcome === 'done');
    });
    expect((await served.program.stop()).exitCode).toBe(0);
  });
});
