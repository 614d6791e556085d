/** @file What a packed application is made of: sizes by part, and one fingerprint that two equal builds share. */
import { createHash } from 'node:crypto';
import { closeSync, lstatSync, openSync, readdirSync, readFileSync, readlinkSync, readSync } from 'node:fs';
import { join, relative, sep } from 'node:path';

/** @typedef {{ name: string, bytes: number }} Part */
/** @typedef {{ size?: number, unpacked?: boolean, files?: Record<string, ArchiveEntry> }} ArchiveEntry */

/** The first rule that fits a path names its part. @type {readonly (readonly [RegExp, string])[]} */
const rules = [
  [/\/app\.asar$/, 'app.asar'],
  [/\/node_modules\/dugite\//, 'git'],
  [/\/node_modules\/better-sqlite3\//, 'sqlite'],
  [/\/locales\/|\.lproj\//, 'locales'],
  [/\/app\.asar\.unpacked\//, 'other unpacked files'],
  [/\/LICENSES?\.|\/LICENSE$/, 'licences'],
  [/./, 'electron'],
];

/** Files below a folder, links too, with `/`, sorted. @param {string} dir @returns {string[]} */
export function listFiles(dir) {
  return readdirSync(dir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() || entry.isSymbolicLink())
    .map((entry) => relative(dir, join(entry.parentPath, entry.name)).split(sep).join('/'))
    .sort((a, b) => (a < b ? -1 : 1));
}

/** Largest first. @param {string} dir @returns {Part[]} */
export function sizesByPart(dir) {
  return sumBy(
    listFiles(dir).map((file) => ({
      name: rules.find(([pattern]) => pattern.test(`/${file}`))?.[1] ?? '',
      bytes: lstatSync(join(dir, file)).size,
    })),
  );
}

/**
 * What lies in an archive of Electron, by npm package or folder. It begins with two pickles: the length of the header,
 * then the header, a JSON text that is preceded by its own length.
 *
 * @param {string} path
 * @returns {Part[]} largest first
 */
export function sizesInArchive(path) {
  const file = openSync(path, 'r');
  try {
    const head = Buffer.alloc(16);
    readSync(file, head, 0, 16, 0);
    const text = Buffer.alloc(head.readUInt32LE(12));
    readSync(file, text, 0, text.length, 16);
    return sumBy(flatten(JSON.parse(text.toString('utf8')), ''));
  } finally {
    closeSync(file);
  }
}

/** @param {ArchiveEntry} entry @param {string} path @returns {Part[]} */
function flatten(entry, path) {
  if (entry.files === undefined) {
    const name = /^(node_modules\/(?:@[^/]+\/)?[^/]+|[^/]+\/[^/]+|[^/]+)/.exec(path)?.[1] ?? path;
    return [{ name, bytes: entry.unpacked === true ? 0 : (entry.size ?? 0) }];
  }
  return Object.entries(entry.files).flatMap(([name, inner]) => flatten(inner, path === '' ? name : `${path}/${name}`));
}

/** @param {readonly Part[]} parts @returns {Part[]} */
function sumBy(parts) {
  /** @type {Map<string, number>} */
  const sums = new Map();
  for (const { name, bytes } of parts) {
    sums.set(name, (sums.get(name) ?? 0) + bytes);
  }
  return [...sums].map(([name, bytes]) => ({ name, bytes })).sort((a, b) => b.bytes - a.bytes);
}

/** SHA-256 over names, rights to execute and contents, in hexadecimal. @param {string} dir */
export function fingerprint(dir) {
  const whole = createHash('sha256');
  for (const file of listFiles(dir)) {
    const path = join(dir, file);
    const stat = lstatSync(path);
    const content = stat.isSymbolicLink() ? readlinkSync(path) : readFileSync(path);
    const own = createHash('sha256').update(content).digest('hex');
    whole.update(`${own} ${(stat.mode & 0o111) === 0 ? '-' : 'x'} ${file}\n`);
  }
  return whole.digest('hex');
}
