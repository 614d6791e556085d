/** @file Submodules: recorded when their repository is mirrored, and mirrored too by a press. */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createBare, importInto } from '../playground/repositories/bare-repository.ts';
import { ImportStream } from '../playground/repositories/import-stream.ts';
import { addCommit, readTips } from '../playground/repositories/index.ts';
import { MirrorBench } from '../support/mirror-bench.ts';

const commitId = '1234567890abcdef1234567890abcdef12345678';

function entry(path: string, url: string): string {
  return `[submodule "${path}"]\n\tpath = ${path}\n\turl = ${url}\n`;
}

describe('submodules', () => {
  let bench: MirrorBench;
  let id: number;
  let libId: number;
  let bareDir: string;
  let libDir: string;
  const signal = new AbortController().signal;

  const makeBare = async (name: string): Promise<string> => {
    const dir = join(bench.dir, 'upstream', name);
    await mkdir(dir, { recursive: true });
    createBare(dir, 'main');
    return dir;
  };
  const write = async (modules: string): Promise<void> => {
    const stream = new ImportStream();
    const from = Object.hasOwn(await readTips(bareDir), 'refs/heads/main') ? { from: 'refs/heads/main^0' } : {};
    stream.commit({
      ref: 'refs/heads/main',
      message: 'm\n',
      files: { '.gitmodules': modules },
      submodules: { lib: commitId },
      ...from,
    });
    await importInto(bareDir, stream.chunks());
  };

  beforeEach(async () => {
    bench = await MirrorBench.start();
    bareDir = await makeBare('tool.git');
    libDir = await makeBare('lib.git');
    await addCommit(libDir, 'main', 'lib\n');
    const { host } = new URL(bench.github.url);
    await write(
      [
        entry('lib', '../../bob/lib.git'),
        entry('gmp', 'https://gmplib.org/gmp'),
        entry('own', `http://${host}/ada/own`),
      ].join(''),
    );
    id = bench.github.world.addRepository({ fullName: 'ada/tool', bareDir });
    libId = bench.github.world.addRepository({ fullName: 'bob/lib', bareDir: libDir });
    bench.github.world.star(id);
  });
  afterEach(() => bench.close());

  it('are told with their addresses and, where GitHub has them, their names', async () => {
    await bench.sync();
    const { submodules, submoduleCount } = await bench.engine.repositoryExtras(id);
    expect(submoduleCount).toBe(3);
    expect(submodules.map(({ path, fullName, known }) => [path, fullName, known])).toEqual([
      ['lib', 'bob/lib', null],
      ['gmp', null, null],
      ['own', 'ada/own', null],
    ]);
    await write(entry('lib', '../../bob/lib.git'));
    bench.github.world.pushed(id);
    await bench.sync();
    expect((await bench.engine.repositoryExtras(id)).submoduleCount).toBe(1);
  });

  it('get a star by a press and are mirrored, whatever the rules say', async () => {
    await bench.sync();
    const rules = await bench.engine.selectionRules();
    await bench.engine.saveSelection({ ...rules, namePatterns: { only: [], never: ['bob/*'] } });
    expect(await bench.engine.starSubmodule(id, 'Bob/LIB', signal)).toBe(libId);
    await bench.engine.drained(75_000);
    expect(bench.github.world.isStarred(libId, bench.github.world.viewer.login)).toBe(true);
    expect((await bench.row(libId)).state).toBe('mirrored');
    expect(await readTips(bench.mirrorDir('bob/lib'))).toMatchObject(await readTips(libDir));
    const { submodules } = await bench.engine.repositoryExtras(id);
    expect(submodules[0]?.known).toEqual({ githubId: libId, state: 'mirrored' });
    // A second press asks GitHub for nothing.
    const puts = bench.github.log.count({ method: 'PUT' });
    expect(await bench.engine.starSubmodule(id, 'bob/lib', signal)).toBe(libId);
    expect(bench.github.log.count({ method: 'PUT' })).toBe(puts);
  });

  it('are not starred with a token that may not, nor what is no submodule', async () => {
    bench.setSecret('github-token', bench.github.addToken([]));
    await bench.sync();
    await expect(bench.engine.starSubmodule(id, 'bob/lib', signal)).rejects.toMatchObject({
      code: 'github-scope-missing',
    });
    await expect(bench.engine.starSubmodule(id, 'bob/other', signal)).rejects.toMatchObject({ code: 'config-invalid' });
    expect(bench.github.world.isStarred(libId, bench.github.world.viewer.login)).toBe(false);
  });
});
