/** @file What is told about a packed application: parts, sizes, and a fingerprint that follows every change. */
import { chmod, mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { fingerprint, listFiles, sizesByPart, sizesInArchive } from '../../scripts/package-parts.mjs';

async function makeApp(files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const dir = await mkdtemp(join(tmpdir(), 'epicstar-parts-'));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(dir, name)), { recursive: true });
    await writeFile(join(dir, name), content);
  }
  return dir;
}

/** An archive as Electron's documentation has it: two pickles, each number of four bytes. */
function archive(header: unknown): Buffer {
  const text = Buffer.from(JSON.stringify(header));
  const padded = Math.ceil(text.length / 4) * 4;
  const head = Buffer.alloc(16);
  [4, padded + 8, padded + 4, text.length].forEach((number, index) => head.writeUInt32LE(number, index * 4));
  return Buffer.concat([head, text, Buffer.alloc(padded - text.length)]);
}

const app = {
  epicstar: 'x'.repeat(500),
  'locales/en-US.pak': 'x'.repeat(30),
  'LICENSES.chromium.html': 'x'.repeat(20),
  'resources/app.asar': 'x'.repeat(200),
  'resources/app.asar.unpacked/node_modules/dugite/git/bin/git': 'x'.repeat(100),
  'resources/app.asar.unpacked/node_modules/better-sqlite3/prebuilds/linux-x64.node': 'x'.repeat(60),
};

describe('the parts of a packed application', () => {
  it('are told largest first', async () => {
    expect(sizesByPart(await makeApp(app))).toEqual([
      { name: 'electron', bytes: 500 },
      { name: 'app.asar', bytes: 200 },
      { name: 'git', bytes: 100 },
      { name: 'sqlite', bytes: 60 },
      { name: 'locales', bytes: 30 },
      { name: 'licences', bytes: 20 },
    ]);
  });

  it('in the archive are told by package, without what lies beside it', async () => {
    const header = {
      files: {
        'package.json': { size: 7, offset: '0' },
        dist: { files: { main: { files: { 'main.js': { size: 40, offset: '7' } } } } },
        node_modules: {
          files: {
            zod: {
              files: { 'a.js': { size: 10, offset: '47' }, lib: { files: { 'b.js': { size: 15, offset: '57' } } } },
            },
            '@octokit': { files: { rest: { files: { 'c.js': { size: 5, offset: '72' } } } } },
            dugite: { files: { git: { size: 9_000, unpacked: true } } },
          },
        },
      },
    };
    const dir = await makeApp({ 'app.asar': archive(header) });
    expect(sizesInArchive(join(dir, 'app.asar'))).toEqual([
      { name: 'dist/main', bytes: 40 },
      { name: 'node_modules/zod', bytes: 25 },
      { name: 'package.json', bytes: 7 },
      { name: 'node_modules/@octokit/rest', bytes: 5 },
      { name: 'node_modules/dugite', bytes: 0 },
    ]);
  });
});

describe('the fingerprint', () => {
  it('is the same in another folder', async () => {
    expect(fingerprint(await makeApp(app))).toBe(fingerprint(await makeApp(app)));
  });

  it.skipIf(process.platform === 'win32')('follows contents, names, rights and links', async () => {
    const dir = await makeApp(app);
    const seen = new Set([fingerprint(dir)]);
    const changes: (() => Promise<void>)[] = [
      () => writeFile(join(dir, 'epicstar'), 'y'.repeat(500)),
      () => chmod(join(dir, 'epicstar'), 0o755),
      () => rename(join(dir, 'epicstar'), join(dir, 'epicstar2')),
      () => symlink('epicstar2', join(dir, 'epicstar')),
      () => rm(join(dir, 'locales'), { recursive: true }),
    ];
    for (const change of changes) {
      await change();
      seen.add(fingerprint(dir));
    }
    expect(seen.size).toBe(1 + changes.length);
    expect(listFiles(dir)).toContain('epicstar');
  });
});
