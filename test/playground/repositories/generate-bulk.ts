/** @file Repositories for measuring: many small ones, or one of any size that is never held in memory. */
import { join } from 'node:path';
import { createBare, importInto } from './bare-repository.ts';
import { type GeneratedRepository, mapConcurrently } from './generate.ts';
import { ImportStream } from './import-stream.ts';
import { addHistory, pick } from './recipes.ts';
import { SeededBytes } from './seeded-bytes.ts';

const BLOB_MEGABYTES = 4;
const MEGABYTE = 1024 * 1024;

function described(kind: 'small' | 'large', fullName: string, bareDir: string): GeneratedRepository {
  return {
    kind,
    fullName,
    bareDir,
    defaultBranch: 'main',
    description: null,
    language: null,
    topics: [],
    archived: false,
    fork: false,
    license: null,
    unfitRefs: [],
  };
}

function smallStream(bytes: SeededBytes): ImportStream {
  const stream = new ImportStream();
  const marks = addHistory(stream, bytes, 'main', bytes.between(3, 10));
  const branches = bytes.between(1, 3);
  for (let index = 1; index < branches; index += 1) stream.ref(`refs/heads/topic-${index}`, pick(marks, index));
  const tags = bytes.between(0, 3);
  for (let index = 0; index < tags; index += 1) stream.ref(`refs/tags/v0.${index}.0`, pick(marks, index));
  return stream;
}

/** 3 to 10 commits, 1 to 3 branches and 0 to 3 tags each, spread over owners of ten repositories. */
export async function generateSmall(
  dir: string,
  count: number,
  seed = 'epicstar',
): Promise<readonly GeneratedRepository[]> {
  const numbers = Array.from({ length: count }, (_, index) => index);
  return await mapConcurrently(numbers, 4, async (number) => {
    const fullName = `owner-${Math.floor(number / 10)}/small-${number}`;
    const bareDir = join(dir, `${fullName}.git`);
    createBare(bareDir, 'main');
    await importInto(bareDir, smallStream(new SeededBytes(`${seed}/${fullName}`)).chunks());
    return described('small', fullName, bareDir);
  });
}

function* largeStream(bytes: SeededBytes, megabytes: number): Generator<Buffer | string> {
  let index = 0;
  for (let left = megabytes; left > 0; left -= BLOB_MEGABYTES) {
    const size = Math.min(left, BLOB_MEGABYTES) * MEGABYTE;
    const time = 1_617_300_000 + index;
    yield `commit refs/heads/main\ncommitter Ada Example <ada@example.invalid> ${time} +0000\ndata 5\nData\n`;
    yield `M 100644 inline data/${index}.bin\ndata ${size}\n`;
    yield bytes.take(size);
    yield '\n\n';
    index += 1;
  }
}

/** One repository with that many megabytes that cannot be compressed. */
export async function generateLarge(dir: string, megabytes: number, seed = 'epicstar'): Promise<GeneratedRepository> {
  const fullName = `large/of-${megabytes}-megabytes`;
  const bareDir = join(dir, `${fullName}.git`);
  createBare(bareDir, 'main');
  await importInto(bareDir, largeStream(new SeededBytes(`${seed}/${fullName}`), megabytes));
  return described('large', fullName, bareDir);
}
