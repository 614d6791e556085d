/** @file Mirrors are proven: comparisons, one and many, and restore drills, on real git and both kinds of target. */
import { cp, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { confirmAfterMs } from '../../src-main/engine/domain/verdict.ts';
import type { Proofs } from '../../src-main/engine/core/engine-api.ts';
import { addCommit, type GeneratedRepository, generateRepositories, runGit } from '../playground/repositories/index.ts';
import { MirrorBench } from '../support/mirror-bench.ts';
import { waitUntil } from '../support/wait.ts';

const never = new AbortController().signal;

let templateDir: string;
let templates: readonly GeneratedRepository[];

beforeAll(async () => {
  templateDir = await mkdtemp(join(tmpdir(), 'epicstar-templates-'));
  templates = await generateRepositories(templateDir, { bigMegabytes: 6 });
});
afterAll(() => rm(templateDir, { recursive: true, force: true }));

describe.each(['onedev', 'folder'] as const)('proofs of mirrors in %s', (targetKind) => {
  let bench: MirrorBench;
  let stars: { readonly id: number; readonly fullName: string; readonly bareDir: string; readonly branch: string }[];

  beforeEach(async () => {
    bench = await MirrorBench.start({ targetKind });
    stars = [];
    for (const template of templates.filter(({ kind }) => ['rewritten', 'trunk', 'dot-github'].includes(kind))) {
      const bareDir = join(bench.dir, 'upstream', `${template.fullName}.git`);
      await cp(template.bareDir, bareDir, { recursive: true });
      const id = bench.github.world.addRepository({ ...template, bareDir });
      bench.github.world.star(id);
      stars.push({ id, fullName: template.fullName, bareDir, branch: template.defaultBranch });
    }
    await bench.sync();
  });
  afterEach(() => bench.close());

  const star = (index: number) => stars[index] ?? expect.fail(`no star ${index}`);
  const proofs = async (index: number): Promise<Proofs> => (await bench.row(star(index).id)).proofs;
  const mirrorDir = (index: number): string => bench.mirrorDir(star(index).fullName);
  const verify = (index: number) => bench.engine.verify(star(index).id, never);
  const drill = (index: number) => bench.engine.drill(star(index).id, never);
  const headOf = async (dir: string): Promise<string> => (await runGit(dir, ['rev-parse', 'HEAD'])).trim();

  /** Somebody pushes into the mirror. */
  const tamper = async (index: number): Promise<void> => {
    await runGit(mirrorDir(index), ['update-ref', 'refs/heads/intruder', await headOf(mirrorDir(index))]);
  };
  /** What GitHub has no more, confirmed. */
  const rescue = async (index: number): Promise<void> => {
    bench.github.world.remove(star(index).id);
    const { githubId } = (await bench.row(star(index).id)).repository;
    const at = Date.now() - 2 * confirmAfterMs;
    const evidence = { fullName: null, isStarred: null, reason: null, noticeUrl: null };
    const verdict = { kind: 'gone', evidence, firstAt: at, lastAt: at, confirmedAt: at } as const;
    await bench.store.writeVerdict(githubId, verdict, null);
  };

  it('a run that ends well is a proof', async () => {
    const { last, proven, difference, drill: tried } = await proofs(0);
    expect(last).toMatchObject({ result: 'same', source: 'run', differences: [], error: null });
    expect(proven?.digest).toMatch(/^[0-9a-f]{64}$/);
    expect(proven?.at).toBe(last?.at);
    expect([difference, tried]).toEqual([null, null]);
  });

  it('a comparison is kept, and costs one request to GitHub and two listings', async () => {
    const before = (await bench.engine.overview()).counters;
    expect(await verify(0)).toMatchObject({ state: 'same', isRepairAsked: false });
    const after = (await bench.engine.overview()).counters;
    expect(after.githubRequests - before.githubRequests).toBe(1);
    expect((await proofs(0)).last).toMatchObject({ result: 'same', source: 'verify' });
  });

  it('a ref that somebody pushed into the mirror is found, and a mirror run repairs it', async () => {
    await tamper(0);
    const tip = await headOf(mirrorDir(0));
    const report = await verify(0);
    expect(report).toMatchObject({ state: 'differs', isRepairAsked: true });
    expect(report.differences).toEqual(['refs/heads/intruder is only in the mirror']);
    await bench.engine.drained(10_000);
    const { last, difference } = await proofs(0);
    expect(last).toMatchObject({ result: 'same', source: 'run' });
    expect(difference?.differences).toEqual(report.differences);
    expect(difference?.repairedAt).toBe(last?.at);
    const refs = await runGit(mirrorDir(0), ['for-each-ref', '--format=%(objectname) %(refname)']);
    expect(refs).not.toContain('refs/heads/intruder');
    expect(refs).toMatch(new RegExp(`${tip} refs/epicstar/kept/`));
  });

  it('what is gone upstream is compared with what was proven', async () => {
    await rescue(0);
    const { proven } = await proofs(0);
    expect(await verify(0)).toMatchObject({ state: 'same-as-proven', provenAt: proven?.at, isRepairAsked: false });
    await tamper(0);
    expect(await verify(0)).toMatchObject({ state: 'differs', isRepairAsked: false });
    await runGit(mirrorDir(0), ['update-ref', '-d', 'refs/heads/intruder']);
    expect(await verify(0)).toMatchObject({ state: 'same-as-proven' });
    const { difference, proven: after } = await proofs(0);
    expect(difference?.repairedAt).not.toBeNull();
    expect(after).toEqual(proven);
  });

  it('what lost its star is to stay as it was proven, whatever upstream does', async () => {
    bench.github.world.unstar(star(0).id);
    await bench.sync(true);
    await addCommit(star(0).bareDir, star(0).branch, 'more');
    expect(await verify(0)).toMatchObject({ state: 'same-as-proven', isRepairAsked: false });
    await bench.engine.drained(10_000);
    expect(bench.runs.filter(({ cause }) => cause === 'verify')).toEqual([]);
  });

  it('a round compares all, counts what it found, and what it repaired', async () => {
    await tamper(1);
    await rescue(2);
    expect(await bench.engine.beginComparing(null)).toBe(3);
    await bench.engine.drained(10_000);
    const { round } = (await bench.engine.overview()).proof;
    expect(round).toMatchObject({ state: 'over', total: 3, obstacle: null });
    const { same, sameAsProven, differs, failed, repaired } = round?.counts ?? expect.fail('no round');
    expect([same + differs + repaired >= 2, sameAsProven, failed]).toEqual([true, 1, 0]);
    expect((await proofs(1)).difference?.repairedAt).not.toBeNull();
  });

  it('a round over some goes on where it stood after a restart', async () => {
    bench.setOnline(false);
    const ids = [star(0).id, star(1).id];
    expect(await bench.engine.beginComparing(ids)).toBe(2);
    expect((await bench.engine.overview()).proof.round).toMatchObject({ state: 'waiting', total: 2 });
    await bench.stop();
    bench.setOnline(true);
    const engine = await bench.open();
    await engine.start();
    await waitUntil('the round is over', async () => (await engine.overview()).proof.round?.state === 'over');
    const sources = await Promise.all([0, 1, 2].map(async (index) => (await proofs(index)).last?.source));
    expect(sources).toEqual(['verify', 'verify', 'run']);
  });

  it('a round can be ended', async () => {
    bench.setOnline(false);
    await bench.engine.beginComparing(null);
    await bench.engine.endComparing();
    bench.setOnline(true);
    expect((await bench.engine.overview()).proof.round).toMatchObject({ state: 'stopped', total: 3 });
    expect((await proofs(0)).last?.source).toBe('run');
  });

  it('a drill restores from the target alone, and leaves nothing behind', async () => {
    await rm(star(0).bareDir, { recursive: true });
    const tried = await drill(0);
    const { proven } = await proofs(0);
    expect(tried).toMatchObject({ result: 'fine', findings: [], error: null });
    expect(tried.refCount).toBe(proven?.refCount);
    expect(tried.objects).toBeGreaterThan(0);
    expect(tried.bytes).toBeGreaterThan(0);
    expect((await proofs(0)).drill).toEqual(tried);
    expect((await bench.engine.overview()).proof.lastDrill).toMatchObject({ fullName: star(0).fullName });
    expect((await readdir(join(bench.dataDir, 'git-home'))).filter((name) => name.startsWith('scratch'))).toEqual([]);
  });

  it('a drill of what is gone upstream is a proof that it is as it was', async () => {
    await rescue(0);
    expect(await drill(0)).toMatchObject({ result: 'fine' });
    expect((await proofs(0)).last).toMatchObject({ result: 'same-as-proven', source: 'drill' });
  });

  it('an object that is missing in the mirror is found, told, and not said to be repaired', async () => {
    const dir = mirrorDir(0);
    const blob = (await runGit(dir, ['rev-list', '--objects', '--all'])).split('\n').find((line) => line.includes(' '));
    const oid = blob?.split(' ')[0] ?? expect.fail('no blob');
    await unpack(dir);
    await rm(join(dir, 'objects', oid.slice(0, 2), oid.slice(2)));
    // The tips are as they were.
    expect(await verify(0)).toMatchObject({ state: 'same' });
    const tried = await drill(0);
    expect(tried.result).toBe('damaged');
    expect(tried.findings.join('\n')).toContain(oid.slice(0, 7));
    const { troubles } = await bench.engine.overview();
    expect(troubles.find(({ error }) => error.code === 'mirror-damaged')?.error.message).toContain(star(0).fullName);
    // A mirror run sees equal tips and can do nothing about it.
    await bench.engine.mirrorNow([star(0).id]);
    await bench.engine.drained(10_000);
    expect((await proofs(0)).drill?.result).toBe('damaged');
    expect((await bench.engine.overview()).troubles).toHaveLength(1);
  });

  it('a drill that finds other tips than were proven asks for the run that repairs them', async () => {
    await tamper(0);
    const tried = await drill(0);
    expect(tried).toMatchObject({ result: 'differs', findings: ['refs/heads/intruder is only in the mirror'] });
    await bench.engine.drained(10_000);
    expect((await proofs(0)).difference?.repairedAt).not.toBeNull();
    expect((await bench.engine.overview()).troubles).toEqual([]);
  });

  it('a pause ends a drill within 2 s, and nothing is kept of it', async () => {
    const ended = drill(0).catch((error: unknown) => error);
    expect((await bench.engine.overview()).proof.drill).toMatchObject({ githubId: star(0).id });
    await expect(drill(1)).rejects.toMatchObject({ code: 'config-invalid' });
    const startMs = performance.now();
    await bench.engine.pause(null);
    expect(performance.now() - startMs).toBeLessThan(2_000);
    expect(await ended).toMatchObject({ code: 'cancelled' });
    expect((await proofs(0)).drill).toBeNull();
    expect(await bench.store.readValue('drill-under-way')).toBeNull();
    expect((await readdir(join(bench.dataDir, 'git-home'))).filter((name) => name.startsWith('scratch'))).toEqual([]);
  });

  it('what a drill left at a crash is cleared, and it is known as cut', async () => {
    await bench.store.writeValue('drill-under-way', JSON.stringify(star(0).id));
    await bench.stop();
    const left = join(bench.dataDir, 'git-home', `scratch-${process.pid}-left`);
    await mkdir(join(left, 'copy.git'), { recursive: true });
    const engine = await bench.open();
    await engine.startOnce();
    expect((await proofs(0)).drill).toMatchObject({ result: 'cut' });
    const home = join(bench.dataDir, 'git-home');
    await waitUntil('the copy is gone', async () => !(await readdir(home)).some((name) => name.startsWith('scratch-')));
    expect(await engine.nextToDrill()).toMatchObject({ githubId: star(1).id });
  });
});

/** All objects as files of their own. */
async function unpack(dir: string): Promise<void> {
  const packDir = join(dir, 'objects', 'pack');
  const aside = await mkdtemp(join(tmpdir(), 'epicstar-packs-'));
  try {
    const packs = (await readdir(packDir)).filter((name) => name.endsWith('.pack'));
    await cp(packDir, aside, { recursive: true });
    await rm(packDir, { recursive: true });
    await mkdir(packDir);
    for (const pack of packs) await runGit(dir, ['unpack-objects', '-q'], [await readFile(join(aside, pack))]);
  } finally {
    await rm(aside, { recursive: true, force: true });
  }
}
