/** @file Section k: how much a mirror grows by what it keeps, when upstream force-pushes its last commit again and again. */
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { deflateSync } from 'node:zlib';
import { addCommit, generateLarge, readTips, runGit } from '../playground/repositories/index.ts';
import { type Line, megabytes } from './report.ts';
import { type ProgramRun, runProgram, type Runs } from './runs.ts';
import { type Run, StandIns } from './stand-ins.ts';

const rewrites = 20;
/** What each of the commits brings that are replaced: random hex digits. */
const commitBytes = 1_000_000;
/** Beyond what the replaced commits hold, of the mirror's size at the start. */
const mostOverheadPercent = 1;

interface Watch {
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
}

export async function measureGrowth(
  options: { readonly megabytes: number },
  { signal, say }: Watch,
): Promise<{ readonly lines: readonly Line[]; readonly runs: Runs }> {
  const standIns = await StandIns.start();
  try {
    say(`k: generating a repository of ${options.megabytes} MB`);
    const upstream = await generateLarge(join(standIns.dir, 'upstream'), options.megabytes);
    const { bareDir, fullName } = upstream;
    const base = (await readTips(bareDir))['refs/heads/main'] ?? '';
    const id = standIns.github.world.addRepository(upstream);
    standIns.github.world.star(id);
    const run = await standIns.fresh();
    const measured: ProgramRun[] = [];
    const mirror = async (): Promise<number> => {
      signal.throwIfAborted();
      standIns.github.world.pushed(id);
      measured.push(await runProgram(run, ['sync', '--json'], signal));
      return await treeBytes(mirrorDir(run, fullName));
    };
    let replacedBytes = 0;
    const commit = async (): Promise<void> => {
      const text = hexOf(commitBytes);
      replacedBytes += deflateSync(text).length;
      await addCommit(bareDir, 'main', text);
    };
    await commit();
    const before = await mirror();
    let after = before;
    for (let time = 1; time <= rewrites; time += 1) {
      await runGit(bareDir, ['update-ref', 'refs/heads/main', base]);
      await commit();
      after = await mirror();
      say(`k: rewrite ${time} of ${rewrites}: the mirror has ${megabytes(after)}`);
    }
    const tips = Object.keys(await readTips(mirrorDir(run, fullName)));
    const kept = tips.filter((ref) => ref.startsWith('refs/epicstar/kept/')).length;
    if (kept !== rewrites) throw new Error(`${kept} old tips are kept, not ${rewrites}`);
    await run.close();
    return {
      lines: linesOf(options.megabytes, { before, after, replacedBytes: (replacedBytes * rewrites) / (rewrites + 1) }),
      runs: { epicstar: measured },
    };
  } finally {
    await standIns.close();
  }
}

interface Sizes {
  readonly before: number;
  readonly after: number;
  /** Of what was replaced, each on its own, compressed. */
  readonly replacedBytes: number;
}

function linesOf(size: number, { before, after, replacedBytes }: Sizes): readonly Line[] {
  const what = `${rewrites} rewrites of a mirror of ${size} MB`;
  const grown = after - before;
  const percent = (bytes: number): string => `${((100 * bytes) / before).toFixed(2)} %`;
  const overhead = grown - replacedBytes;
  return [
    { what: `${what}: growth`, measured: `${megabytes(grown)} (${percent(grown)})` },
    { what: `${what}: of it what the replaced commits hold, compressed`, measured: megabytes(replacedBytes) },
    {
      what: `${what}: beyond that`,
      bound: `≤ ${mostOverheadPercent} %`,
      measured: `${Math.round(overhead / 1_000)} kB (${percent(overhead)})`,
      isFirm: true,
      ok: (100 * overhead) / before <= mostOverheadPercent,
    },
  ];
}

function hexOf(chars: number): string {
  const most = 65_536;
  let text = '';
  while (text.length < chars) {
    const bytes = crypto.getRandomValues(new Uint8Array(Math.min(most, Math.ceil((chars - text.length) / 2))));
    text += Buffer.from(bytes).toString('hex');
  }
  return text.slice(0, chars);
}

function mirrorDir(run: Run, fullName: string): string {
  const project = run.onedev.world.findByPath(`github/${fullName}`);
  if (project === undefined) throw new Error(`OneDev has no project github/${fullName}`);
  return run.onedev.repositoryDir(project);
}

async function treeBytes(dir: string): Promise<number> {
  let bytes = 0;
  for (const entry of await readdir(dir, { withFileTypes: true, recursive: true })) {
    if (entry.isFile()) bytes += (await lstat(join(entry.parentPath, entry.name))).size;
  }
  return bytes;
}
