/** @file What is in each of the varied repositories: commits, tags, branches, odd things. */
import { ImportStream } from './import-stream.ts';
import type { SeededBytes } from './seeded-bytes.ts';

/** A commit id that exists nowhere: what a submodule entry may well name. */
const FOREIGN_COMMIT = '1234567890abcdef1234567890abcdef12345678';

/** A line of commits on one branch. @returns their marks, oldest first */
export function addHistory(
  stream: ImportStream,
  bytes: SeededBytes,
  branch: string,
  count: number,
): readonly [string, ...string[]] {
  const commit = (index: number): string =>
    stream.commit({
      ref: `refs/heads/${branch}`,
      message: `Change ${index + 1}\n\nA line that explains it.\n`,
      files: {
        'README.md': `# Example\n\nRevision ${index + 1} on ${branch}\n`,
        [`src/file-${index % 7}.txt`]: `${bytes.take(48).toString('base64')}\n`,
      },
    });
  return [commit(0), ...Array.from({ length: count - 1 }, (_, index) => commit(index + 1))];
}

export function pick<T>(items: readonly [T, ...T[]], index: number): T {
  return items[index % items.length] ?? items[0];
}

export function manyTags(bytes: SeededBytes): ImportStream {
  const stream = new ImportStream();
  const marks = addHistory(stream, bytes, 'main', 40);
  for (let index = 0; index < 300; index += 1) {
    const name = `v${Math.floor(index / 100)}.${Math.floor(index / 10) % 10}.${index % 10}`;
    if (index % 3 === 0) stream.annotatedTag(name, pick(marks, index), `Release ${name}\n`);
    else stream.ref(`refs/tags/${name}`, pick(marks, index));
  }
  return stream;
}

export function manyBranches(bytes: SeededBytes): ImportStream {
  const stream = new ImportStream();
  const marks = addHistory(stream, bytes, 'main', 12);
  for (let index = 1; index < 60; index += 1) {
    const name = index % 4 === 0 ? `users/ada/topic-${index}` : `topic-${index}`;
    stream.commit({
      ref: `refs/heads/${name}`,
      from: pick(marks, index),
      message: `Topic ${index}\n`,
      files: { [`topics/${index}.txt`]: `${bytes.take(24).toString('base64')}\n` },
    });
  }
  return stream;
}

/** Before its history is rewritten: `main`, `feature`, `doomed`, a moving tag `latest`, a tag `v1.0.0`. */
export function beforeRewrite(bytes: SeededBytes): ImportStream {
  const stream = new ImportStream();
  const marks = addHistory(stream, bytes, 'main', 8);
  for (const branch of ['feature', 'doomed']) {
    stream.commit({
      ref: `refs/heads/${branch}`,
      from: marks[0],
      message: `Work on ${branch}\n`,
      files: { [`${branch}.txt`]: `only on ${branch}\n` },
    });
  }
  stream.ref('refs/tags/latest', pick(marks, 7));
  stream.annotatedTag('v1.0.0', pick(marks, 3), 'Release 1.0.0\n');
  return stream;
}

export function withUnfitRefs(bytes: SeededBytes, unfitRefs: readonly string[]): ImportStream {
  const stream = new ImportStream();
  const marks = addHistory(stream, bytes, 'main', 5);
  stream.ref('refs/tags/v1.0.0', marks[0]);
  stream.ref('refs/heads/fine', pick(marks, 1));
  unfitRefs.forEach((name, index) => stream.ref(name, pick(marks, index)));
  return stream;
}

/** Blobs that no compression makes smaller. */
export function bigBlobs(bytes: SeededBytes, megabytes: number): ImportStream {
  const stream = new ImportStream();
  const perFile = 2;
  for (let index = 0; index < megabytes / perFile; index += 1) {
    stream.commit({
      ref: 'refs/heads/main',
      message: `Data ${index + 1}\n`,
      files: { [`data/${index}.bin`]: bytes.take(perFile * 1024 * 1024) },
    });
  }
  return stream;
}

export function profile(bytes: SeededBytes): ImportStream {
  const stream = new ImportStream();
  addHistory(stream, bytes, 'main', 3);
  stream.commit({
    ref: 'refs/heads/main',
    message: 'Add the profile\n',
    files: { 'profile/README.md': '# Welcome\n', 'workflow-templates/ci.yml': 'name: ci\n' },
  });
  return stream;
}

/** A pointer whose object is not stored anywhere. */
export function lfsPointer(bytes: SeededBytes): ImportStream {
  const stream = new ImportStream();
  addHistory(stream, bytes, 'main', 3);
  const oid = bytes.take(32).toString('hex');
  stream.commit({
    ref: 'refs/heads/main',
    message: 'Add a large picture\n',
    files: {
      '.gitattributes': '*.psd filter=lfs diff=lfs merge=lfs -text\n',
      'art/cover.psd': `version https://git-lfs.github.com/spec/v1\noid sha256:${oid}\nsize 7340032\n`,
    },
  });
  return stream;
}

export function trunkBesideMain(bytes: SeededBytes): ImportStream {
  const stream = new ImportStream();
  const marks = addHistory(stream, bytes, 'trunk', 9);
  stream.commit({ ref: 'refs/heads/main', from: pick(marks, 2), message: 'Left behind\n', files: { OLD: 'old\n' } });
  stream.ref('refs/tags/v2.0.0', pick(marks, 8));
  return stream;
}

export function headOfNothing(bytes: SeededBytes): ImportStream {
  const stream = new ImportStream();
  addHistory(stream, bytes, 'develop', 4);
  return stream;
}

/** Tags of a blob and of a tag; the tag of a tree needs the finished commit and is added afterwards. */
export function oddTags(bytes: SeededBytes): ImportStream {
  const stream = new ImportStream();
  const marks = addHistory(stream, bytes, 'main', 4);
  const key = stream.blob('-----BEGIN EXAMPLE KEY-----\n');
  stream.annotatedTag('maintainer-key', key, 'The key of the maintainer\n');
  const inner = stream.annotatedTag('v1.0.0', pick(marks, 2), 'Release 1.0.0\n');
  stream.annotatedTag('v1.0.0-signed', inner, 'A tag of a tag\n');
  return stream;
}

export function unicodeNames(bytes: SeededBytes): ImportStream {
  const stream = new ImportStream();
  const marks = addHistory(stream, bytes, 'main', 4);
  const names = ['heads/日本語', 'heads/größe', 'heads/quote\'d"name', 'heads/🚀-launch', 'tags/версия-1', 'tags/é'];
  names.forEach((name, index) => stream.ref(`refs/${name}`, pick(marks, index)));
  stream.commit({
    ref: 'refs/heads/main',
    message: 'Übergrößen & <script>alert(1)</script> ☃\n',
    files: { 'Straße/naïve – file.txt': '☃\n' },
  });
  return stream;
}

/** Pull request refs, which no mirror wants, and a submodule. */
export function pullsAndSubmodule(bytes: SeededBytes): ImportStream {
  const stream = new ImportStream();
  const marks = addHistory(stream, bytes, 'main', 6);
  for (let number = 1; number <= 25; number += 1) {
    const head = stream.commit({
      ref: `refs/pull/${number}/head`,
      from: pick(marks, number),
      message: `Proposal ${number}\n`,
      files: { 'proposal.txt': `${number}\n` },
    });
    if (number % 5 === 0) stream.ref(`refs/pull/${number}/merge`, head);
  }
  stream.commit({
    ref: 'refs/heads/main',
    message: 'Add a submodule\n',
    files: { '.gitmodules': '[submodule "lib"]\n\tpath = lib\n\turl = https://git.example.invalid/lib.git\n' },
    submodules: { lib: FOREIGN_COMMIT },
  });
  return stream;
}
