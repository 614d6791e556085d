/**
 * @file Section p: how long others wait on OneDev's one slot for packs while a large repository is mirrored, and what is
 * sent twice after a cut, with and without slices. The server takes a pack as fast as a real one was measured to.
 */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { generateLarge, generateSmall } from '../playground/repositories/index.ts';
import { type Line, megabytes, milliseconds } from './report.ts';
import { type ProgramRun, runProgram, type Runs, usedGit } from './runs.ts';
import { type Run, StandIns } from './stand-ins.ts';

/** A real OneDev of two cores took 200 MB in 13.6 s. */
const bytesPerSecond = 15e6;
const sliceMegabytes = 50;
const packs = /^\/github\/.*git-receive-pack$/;
const pollMs = 50;

interface Watch {
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
}

interface Waits {
  readonly lookMs: number;
  readonly pushMs: number;
  readonly count: number;
}

export async function measurePolite(
  options: { readonly megabytes: number },
  { signal, say }: Watch,
): Promise<{ readonly lines: readonly Line[]; readonly runs: Runs }> {
  const standIns = await StandIns.start();
  const programs: ProgramRun[] = [];
  try {
    say(`p: generating one repository of ${options.megabytes} MB`);
    const large = await generateLarge(join(standIns.dir, 'upstream'), options.megabytes);
    const [small] = await generateSmall(join(standIns.dir, 'other'), 1);
    if (small === undefined) throw new Error('there is no small repository');
    standIns.github.world.star(standIns.github.world.addRepository(large));
    const lines: Line[] = [];
    const twice: number[] = [];
    const longest: number[] = [];
    for (const slice of [0, sliceMegabytes]) {
      const words = slice === 0 ? 'at once' : `in slices of ${slice} MB`;
      const change = { EPICSTAR_SLICE_MB: String(slice) };
      const undisturbed = await withRun(standIns, async (run) => {
        const faults = new Connection(run);
        faults.slow();
        const ending = new AbortController();
        const waits = visit(run, small.bareDir, ending.signal);
        const program = await runProgram(run, ['sync', '--json'], signal, change).finally(() => ending.abort());
        programs.push(program);
        return { program, waits: await waits, bytes: receivedBy(run) };
      });
      const { waits, program, bytes } = undisturbed;
      longest.push(Math.max(waits.lookMs, waits.pushMs));
      say(`p: ${words}: ${milliseconds(program.wallMs)}, ${waits.count} visits of somebody else`);
      lines.push(
        { what: `${options.megabytes} MB ${words}: time`, measured: milliseconds(program.wallMs) },
        { what: `${options.megabytes} MB ${words}: bytes sent`, measured: megabytes(bytes) },
        {
          what: `${options.megabytes} MB ${words}: longest look of somebody else`,
          measured: milliseconds(waits.lookMs),
        },
        { what: `${options.megabytes} MB ${words}: longest small push`, measured: milliseconds(waits.pushMs) },
      );
      const again = await withRun(standIns, async (run) => {
        const faults = new Connection(run);
        const cutting = faults.cutAt(bytes * 0.8, slice === 0 ? bytes * 0.8 : (slice * 1e6) / 2, signal);
        programs.push(await runProgram(run, ['sync', '--json'], signal, change));
        await cutting;
        return receivedBy(run) - bytes;
      });
      twice.push(again);
      say(`p: ${words}: cut at 80 %, ${megabytes(again)} sent twice`);
      lines.push({
        what: `${options.megabytes} MB ${words}: sent twice after a cut at 80 %`,
        measured: megabytes(again),
        ...(slice === 0 ? {} : { bound: `≤ ${slice} MB`, isFirm: true, ok: again <= slice * 1e6 * 1.05 }),
      });
    }
    const [alone = Number.NaN, sliced = Number.NaN] = longest;
    lines.push({
      what: 'longest wait of somebody else, in slices against at once',
      bound: '≤ 0.5',
      measured: (sliced / alone).toFixed(2),
      isFirm: false,
      ok: sliced <= alone / 2,
    });
    return { lines, runs: { epicstar: programs } };
  } finally {
    await standIns.close();
  }
}

async function withRun<T>(standIns: StandIns, work: (run: Run) => Promise<T>): Promise<T> {
  const run = await standIns.fresh();
  try {
    return await work(run);
  } finally {
    await run.close();
  }
}

function receivedBy({ onedev }: Run): number {
  return onedev.log.find({ method: 'POST', path: packs }).reduce((sum, { bytesIn }) => sum + bytesIn, 0);
}

/** How the large repository's packs reach OneDev. */
class Connection {
  readonly #run: Run;
  #remove: () => void = () => undefined;

  constructor(run: Run) {
    this.#run = run;
  }

  slow(cutRequestAfterBytes?: number): void {
    this.#remove();
    const cut = cutRequestAfterBytes === undefined ? {} : { cutRequestAfterBytes };
    const fault = { requestBytesPerSecond: bytesPerSecond, ...cut };
    this.#remove = this.#run.onedev.faults.add({ method: 'POST', path: packs, fault });
  }

  /** Ends a push once. @param withinBytes of the push that is ended */
  async cutAt(totalBytes: number, withinBytes: number, signal: AbortSignal): Promise<void> {
    const isDue = (): boolean => receivedBy(this.#run) + withinBytes >= totalBytes;
    const isCut = (): boolean => this.#run.onedev.log.count({ method: 'POST', path: packs, status: 0 }) > 0;
    this.slow();
    while (!isDue()) await delay(pollMs, undefined, { signal });
    this.slow(withinBytes);
    while (!isCut()) await delay(pollMs, undefined, { signal });
    this.slow();
  }
}

/** Somebody else, who looks and pushes a little by turns. */
async function visit(run: Run, bareDir: string, signal: AbortSignal): Promise<Waits> {
  const { onedev } = run;
  await onedev.ensureProject('somebody/else');
  const { binary, env } = await usedGit();
  const credentials = Buffer.from(`x:${onedev.adminToken}`).toString('base64');
  const address = `${onedev.url}/somebody/else`;
  const git = async (...args: readonly string[]): Promise<number> => {
    const beganMs = performance.now();
    await new Promise<void>((resolve, reject) => {
      const child = spawn(binary, ['-C', bareDir, '-c', 'protocol.version=2', ...args], {
        env: {
          ...env,
          PATH: process.env['PATH'] ?? '',
          GIT_CONFIG_NOSYSTEM: '1',
          GIT_CONFIG_GLOBAL: '/dev/null',
          GIT_TERMINAL_PROMPT: '0',
          GIT_CONFIG_COUNT: '1',
          GIT_CONFIG_KEY_0: `http.${onedev.url}/.extraHeader`,
          GIT_CONFIG_VALUE_0: `Authorization: Basic ${credentials}`,
        },
        stdio: 'ignore',
      });
      child.once('error', reject);
      child.once('close', (code) => (code === 0 ? resolve() : reject(new Error(`git ${args[0]} ended with ${code}`))));
    });
    return performance.now() - beganMs;
  };
  let [lookMs, pushMs, count] = [0, 0, 0];
  for (; !signal.aborted; count += 1) {
    lookMs = Math.max(lookMs, await git('ls-remote', address));
    pushMs = Math.max(pushMs, await git('push', '--quiet', address, `HEAD:refs/heads/visit-${count}`));
    await delay(200);
  }
  return { lookMs, pushMs, count };
}
