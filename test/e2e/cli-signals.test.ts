/** @file What Ctrl+C, a service manager and a terminal get from the program. */
import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { readTips } from '../playground/repositories/index.ts';
import { allProcesses, hasProcessFiles, type ProcessFacts, processesThatName } from '../support/program.ts';
import { type Installation, Stage } from '../support/stage.ts';
import { waitUntil } from '../support/wait.ts';

const entry = fileURLToPath(new URL('../../src-main/headless.ts', import.meta.url));
const mostStopMs = 10_000;

let stage: Stage;

beforeAll(async () => {
  stage = await Stage.start(4);
});
afterEach(() => stage.github.faults.clear());
afterAll(() => stage.close());

/** git processes of this installation, and whatever those started. */
function gitsOf({ dataDir }: Installation): readonly ProcessFacts[] {
  return processesThatName(dataDir).filter(({ commandLine }) => !commandLine.includes('headless.ts'));
}

async function waitForGits(installation: Installation, fewest: number): Promise<readonly ProcessFacts[]> {
  return waitUntil(`${fewest} git processes`, () => {
    const found = gitsOf(installation);
    return found.length >= fewest && found;
  });
}

function expectGone(installation: Installation, seen: readonly ProcessFacts[]): void {
  expect(processesThatName(installation.dataDir)).toEqual([]);
  const alive = new Set(allProcesses().map(({ pid, commandLine }) => `${pid} ${commandLine}`));
  expect(seen.filter(({ pid, commandLine }) => alive.has(`${pid} ${commandLine}`))).toEqual([]);
}

describe('signals', () => {
  it('SIGINT in a backfill: 130, no git is left, and the next sync completes it', async (context) => {
    if (!hasProcessFiles) context.skip('this system does not show its processes as files');
    const installation = await stage.install();
    const slow = stage.github.faults.add({
      kind: 'stall',
      match: ({ path }) => path.endsWith('/git-upload-pack'),
      skip: 2,
    });
    const program = installation.start(['sync']);
    await waitUntil('two fetches that stall', () => slow.hits >= 2);
    const gits = await waitForGits(installation, 2);
    const askedMs = performance.now();
    program.signal('SIGINT');
    const ended = await program.ended;
    expect(performance.now() - askedMs).toBeLessThan(mostStopMs);
    expect(ended).toMatchObject({ exitCode: 130, stderr: '' });
    expectGone(installation, gits);

    slow.remove();
    const next = await installation.run(['sync', '--json']);
    expect(next.exitCode).toBe(0);
    expect(JSON.parse(next.stdout)).toMatchObject({ starsSeen: 4, failed: [], skipped: [] });
    for (const { fullName, bareDir } of stage.stars) {
      expect(await installation.mirrorTips(fullName), fullName).toEqual(await readTips(bareDir));
    }
    // An interrupted attempt is no attempt.
    const runs = JSON.parse((await installation.run(['history', '--json'])).stdout);
    expect(
      runs.map((run: { readonly attempt: number; readonly outcome: string }) => [run.attempt, run.outcome]),
    ).toEqual(stage.stars.map(() => [1, 'done']));
  });

  it('SIGTERM of serve in a backfill: 0, nothing is left', async (context) => {
    if (!hasProcessFiles) context.skip('this system does not show its processes as files');
    const installation = await stage.install();
    const slow = stage.github.faults.add({ kind: 'stall', match: ({ path }) => path.endsWith('/git-upload-pack') });
    const program = installation.start(['serve', '--port', '0']);
    const [, url = ''] = await program.waitFor(/^The window: (\S+)$/m);
    await waitUntil('fetches that stall', () => slow.hits >= 4);
    const gits = await waitForGits(installation, 4);
    const askedMs = performance.now();
    program.signal('SIGTERM');
    const ended = await program.ended;
    expect(performance.now() - askedMs).toBeLessThan(mostStopMs);
    expect(ended.exitCode).toBe(0);
    expectGone(installation, gits);
    await expect(fetch(url)).rejects.toThrow('fetch failed');
    // The lock went with it.
    expect(await installation.run(['sync', '--only', 'nobody/nothing'])).toMatchObject({ exitCode: 2 });
  });

  it('SIGINT while GitHub does not answer the look: 130', async () => {
    const installation = await stage.install();
    const stall = stage.github.faults.add({ kind: 'stall', path: '/user/starred' });
    const program = installation.start(['sync', '--json']);
    await waitUntil('the look', () => stall.hits > 0);
    program.signal('SIGINT');
    const ended = await program.ended;
    expect(ended).toMatchObject({ exitCode: 130, stdout: '' });
    expect(ended.durationMs).toBeLessThan(mostStopMs);
  });
});

describe('on a terminal', () => {
  it('sync draws bars while it works, and every line and the summary stay', async (context) => {
    if (spawnSync('script', ['--version']).error !== undefined || process.platform !== 'linux') {
      context.skip('there is no `script` of util-linux, which lends a terminal');
    }
    const installation = await stage.install();
    // Long enough in work that each bar is drawn.
    stage.github.faults.add({ kind: 'delay', delayMs: 300, match: ({ path }) => path.endsWith('/git-upload-pack') });
    const child = spawn('script', ['-qec', `'${process.execPath}' '${entry}' sync`, '/dev/null'], {
      env: { ...installation.environment(), PATH: process.env['PATH'] ?? '', TERM: 'xterm', HOME: installation.dir },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let screen = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => (screen += text));
    const exitCode = await new Promise((resolve) => child.once('close', resolve));
    expect(exitCode).toBe(0);
    for (const { fullName } of stage.stars) {
      expect(screen, fullName).toMatch(new RegExp(`[░█]{20} \\d+% ${fullName} fetch`));
      expect(screen, fullName).toMatch(new RegExp(`mirrored {2}${fullName}: `));
    }
    expect(screen).toMatch(/4 stars: 4 mirrored, 0 unchanged\.\r\n.*git processes\.\r\n$/);
    // The cursor that was hidden is shown again.
    expect(screen.lastIndexOf('\x1b[?25h')).toBeGreaterThan(screen.lastIndexOf('\x1b[?25l'));
  });

  it('sync goes on to its end when nobody reads what it prints', async () => {
    const installation = await stage.install();
    const program = installation.start(['sync']);
    program.closeStdout();
    expect(await program.ended).toMatchObject({ exitCode: 0, stderr: '' });
    for (const { fullName, bareDir } of stage.stars) {
      expect(await installation.mirrorTips(fullName), fullName).toEqual(await readTips(bareDir));
    }
  });
});
