/** @file Stars become mirrors: the engine on real git, real SQLite and the stand-ins, for both targets. */
import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import {
  addCommit,
  type GeneratedRepository,
  generateRepositories,
  readTips,
  type RepositoryKind,
  rewriteHistory,
  runGit,
  setHead,
} from '../playground/repositories/index.ts';
import { MirrorBench } from '../support/mirror-bench.ts';

let templateDir: string;
/** Made once; each test gets copies of those that it needs, since tests change them. */
let templates: readonly GeneratedRepository[];

beforeAll(async () => {
  templateDir = await mkdtemp(join(tmpdir(), 'epicstar-templates-'));
  templates = await generateRepositories(templateDir, { bigMegabytes: 6 });
});
afterAll(() => rm(templateDir, { recursive: true, force: true }));

const mirroredOnly = (tips: Readonly<Record<string, string>>, unfit: readonly string[]): Record<string, string> =>
  Object.fromEntries(Object.entries(tips).filter(([ref]) => /^refs\/(heads|tags)\//.test(ref) && !unfit.includes(ref)));

describe.each(['onedev', 'folder'] as const)('stars become mirrors in %s', (targetKind) => {
  let bench: MirrorBench;
  const generated: GeneratedRepository[] = [];
  const ids = new Map<string, number>();
  const idOf = (kind: string): number => ids.get(kind) ?? -1;
  const of = (kind: string): GeneratedRepository => {
    const found = generated.find((one) => one.kind === kind);
    if (found === undefined) throw new Error(`nothing generated of kind ${kind}`);
    return found;
  };
  const unfitOf = (one: GeneratedRepository): readonly string[] =>
    targetKind === 'onedev' ? [...one.unfitRefs, 'refs/heads/#1'] : [];

  beforeEach(async () => {
    bench = await MirrorBench.start({ targetKind });
    generated.length = 0;
    ids.clear();
  });
  afterEach(() => bench.close());

  const starAll = async (chosen: readonly GeneratedRepository[]): Promise<void> => {
    for (const template of chosen) {
      const bareDir = join(bench.dir, 'upstream', `${template.fullName}.git`);
      await cp(template.bareDir, bareDir, { recursive: true });
      const one = { ...template, bareDir };
      const id = bench.github.world.addRepository(one);
      generated.push(one);
      ids.set(one.kind, id);
      bench.github.world.star(id);
    }
  };
  const star = async (...kinds: readonly RepositoryKind[]): Promise<void> => {
    const chosen = templates.filter((one) => kinds.some((kind) => kind === one.kind));
    expect(chosen).toHaveLength(kinds.length);
    await starAll(chosen);
  };

  const expectEqual = async (one: GeneratedRepository, fullName = one.fullName): Promise<void> => {
    const [source, target] = await Promise.all([readTips(one.bareDir), readTips(bench.mirrorDir(fullName))]);
    expect(mirroredOnly(target, []), one.kind).toEqual(mirroredOnly(source, unfitOf(one)));
  };

  it('wholly, verified, and unchanged ones cost two requests and no git', async () => {
    await starAll(templates);
    await bench.sync();
    for (const one of generated) {
      const row = await bench.row(idOf(one.kind));
      expect(row.job?.error ?? null, one.kind).toBeNull();
      expect(row.state, one.kind).toBe('mirrored');
      await expectEqual(one);
      expect(row.repository.mirror?.unfitRefs, one.kind).toBe(unfitOf(one).filter((ref) => hasRef(one, ref)).length);
    }
    const totals = (await bench.engine.overview()).totals;
    expect(totals).toMatchObject({ starred: 13, mirrored: 13, failed: 0 });

    const before = (await bench.engine.overview()).counters;
    await bench.sync();
    const after = (await bench.engine.overview()).counters;
    expect(after.gitProcesses - before.gitProcesses).toBe(0);
    expect(after.githubRequests - before.githubRequests).toBeLessThanOrEqual(3);
  });

  it('show the branch that GitHub shows, or one that exists', async () => {
    await star('trunk', 'unborn-head');
    await bench.sync();
    const head = async (kind: string): Promise<string> =>
      (await runGit(bench.mirrorDir(of(kind).fullName), ['symbolic-ref', '--short', 'HEAD'])).trim();
    expect(await head('trunk')).toBe('trunk');
    const unborn = await head('unborn-head');
    expect(Object.keys(await readTips(of('unborn-head').bareDir))).toContain(`refs/heads/${unborn}`);

    setHead(of('trunk').bareDir, 'main');
    bench.github.world.pushed(idOf('trunk'));
    await bench.sync();
    expect(await head('trunk')).toBe('main');
  });

  it('follow a rewrite and keep every old tip', async () => {
    await star('rewritten', 'odd-tags');
    await bench.sync();
    const one = of('rewritten');
    const old = mirroredOnly(await readTips(bench.mirrorDir(one.fullName)), []);
    await rewriteHistory(one.bareDir);
    await addCommit(one.bareDir, one.defaultBranch, 'later');
    bench.github.world.pushed(idOf('rewritten'));
    await bench.sync();
    await expectEqual(one);
    const now = await readTips(bench.mirrorDir(one.fullName));
    const kept = Object.entries(now).filter(([ref]) => ref.startsWith('refs/epicstar/kept/'));
    const lost = Object.entries(old).filter(([ref, oid]) => now[ref] !== oid);
    expect(lost.length).toBeGreaterThan(2);
    const run = bench.runs.at(-1);
    const fastForwarded = new Set(
      run?.report.moved.filter(({ kind }) => kind === 'fast-forward').map(({ ref }) => ref),
    );
    for (const [ref, oid] of lost) {
      if (!fastForwarded.has(ref))
        expect(
          kept.map(([, tip]) => tip),
          ref,
        ).toContain(oid);
    }
    expect(run?.report.kept).toBe(kept.length);
    await runGit(bench.mirrorDir(one.fullName), ['fsck', '--connectivity-only']);
  });

  it('follow a rename by id, and a stranger under the old name gets a project of its own', async () => {
    await star('many-branches', 'trunk');
    await bench.sync();
    const one = of('many-branches');
    bench.github.world.rename(idOf('many-branches'), 'ada/renamed');
    const stranger = bench.github.world.addRepository({ ...of('trunk'), fullName: one.fullName });
    bench.github.world.star(stranger);
    await bench.sync(true);
    await expectEqual(one, 'ada/renamed');
    await expectEqual(of('trunk'), one.fullName);
    expect((await bench.row(idOf('many-branches'))).repository.previousNames).toContain(one.fullName);
  });

  it('that made way for a stranger, and are not starred any more, are still found where they stand', async () => {
    await star('many-branches', 'trunk');
    await bench.sync();
    const one = of('many-branches');
    const id = idOf('many-branches');
    bench.github.world.unstar(id);
    bench.github.world.rename(id, 'ada/elsewhere');
    bench.github.world.star(bench.github.world.addRepository({ ...of('trunk'), fullName: one.fullName }));
    await bench.sync(true);
    await expectEqual(of('trunk'), one.fullName);
    const { repository } = await bench.row(id);
    const aside = `${one.fullName}+${id}`;
    expect(repository.mirror).toMatchObject(
      targetKind === 'folder'
        ? { projectPath: `${aside}.git`, projectUrl: null }
        : { projectPath: `github/${aside}`, projectUrl: `${bench.onedev.url}/github/${aside}` },
    );
    const tips = await readTips(bench.mirrorDir(aside));
    expect(tips).toMatchObject(mirroredOnly(await readTips(one.bareDir), []));
  });

  it('get new branches that take the place of others', async () => {
    await star('trunk', 'unicode');
    await bench.sync();
    const one = of('trunk');
    const tip = (await readTips(one.bareDir))['refs/heads/trunk'] ?? '';
    await runGit(one.bareDir, ['update-ref', 'refs/heads/topic', tip]);
    bench.github.world.pushed(idOf('trunk'));
    await bench.sync();
    await runGit(one.bareDir, ['update-ref', '-d', 'refs/heads/topic']);
    await runGit(one.bareDir, ['update-ref', 'refs/heads/topic/deep', tip]);
    bench.github.world.pushed(idOf('trunk'));
    await bench.sync();
    await expectEqual(one);
  });

  it('are left as they are when upstream shows no branch any more', async () => {
    await star('trunk', 'empty');
    await bench.sync();
    const one = of('trunk');
    const before = await readTips(bench.mirrorDir(one.fullName));
    for (const ref of Object.keys(await readTips(one.bareDir))) await runGit(one.bareDir, ['update-ref', '-d', ref]);
    bench.github.world.touch(idOf('trunk'));
    await bench.sync();
    expect((await bench.row(idOf('trunk'))).job?.error?.code).toBe('source-emptied');
    expect(await readTips(bench.mirrorDir(one.fullName))).toEqual(before);
  });
});

function hasRef(one: GeneratedRepository, ref: string): boolean {
  return one.unfitRefs.includes(ref) || (ref === 'refs/heads/#1' && one.kind === 'unfit-refs');
}
