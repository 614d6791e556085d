/**
 * @file Who may import what, as data, and the check of it. Parses every source file with a real parser: static,
 * dynamic, type-only and re-exporting imports all count.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { dirname, join, posix, relative, sep } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseSync } from 'vite';

const rootDir = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * @typedef {{
 *   layer: string,
 *   files: RegExp,
 *   layers: readonly string[],
 *   node: boolean,
 *   packages: readonly string[] | 'any',
 *   notPackages?: readonly string[],
 * }} Row
 *   `layers`: other layers that may be imported (its own always may); `packages`: npm packages, `@scope/*` for a whole
 *   scope. `engine-api` is what the engine shows to its faces: its public types and what they speak in.
 * @typedef {{ file: string, line: number, specifier: string, reason: string }} Violation
 */

/** @param {string} name @param {readonly string[]} packages @returns {Row} */
const adapter = (name, packages) => ({
  layer: `adapters/${name}`,
  files: new RegExp(`^src-main/engine/adapters/${name}/`),
  layers: ['engine/domain', 'engine/ports'],
  node: true,
  packages,
});

const adapterRows = [
  adapter('github', ['@octokit/*', 'undici', 'zod']),
  adapter('onedev', ['undici', 'zod']),
  adapter('folder', ['zod']),
  adapter('git', ['dugite']),
  adapter('lfs', ['undici', 'zod']),
  adapter('sqlite', ['better-sqlite3', 'kysely', 'zod']),
  adapter('smee', ['undici', 'zod']),
  adapter('system', ['pino', 'pino-roll', 'undici', 'zod']),
];

const windowPackages = ['react', 'react-dom', '@base-ui/react', '@tanstack/*', 'wouter', 'papaparse'];
/** What all features share. */
const rendererParts = ['ui', 'connection'];

/** Each page of the window stands alone: features do not import each other. */
const featureRows = [
  'activity',
  'connection',
  'history',
  'pictures',
  'popup',
  'repositories',
  'rescued',
  'settings',
  'setup',
].map((name) => ({
  layer: `renderer/features/${name}`,
  files: new RegExp(`^src-renderer/features/${name}/`),
  layers: ['contract', ...rendererParts.map((part) => `renderer/${part}`)],
  node: false,
  packages: windowPackages,
}));

const faces = ['bridge', 'web', 'cli'];
const engineParts = [
  'engine/domain',
  'engine/ports',
  'engine/core',
  'engine-api',
  ...adapterRows.map((row) => row.layer),
];

/** The first row whose `files` match is a file's row. @type {readonly Row[]} */
export const importTable = [
  { layer: 'engine/domain', files: /^src-main\/engine\/domain\//, layers: [], node: false, packages: [] },
  {
    layer: 'engine/ports',
    files: /^src-main\/engine\/ports\//,
    layers: ['engine/domain'],
    node: false,
    packages: [],
  },
  {
    layer: 'engine-api',
    files: /^src-main\/engine\/core\/(engine|setup)-api\.ts$/,
    layers: ['engine/domain', 'engine/ports', 'engine/core'],
    node: false,
    packages: [],
  },
  {
    layer: 'engine/core',
    files: /^src-main\/engine\/core\//,
    layers: ['engine/domain', 'engine/ports', 'engine-api'],
    node: false,
    packages: [],
  },
  ...adapterRows,
  { layer: 'contract', files: /^src-preload\/contract\//, layers: [], node: false, packages: ['zod'] },
  { layer: 'preload', files: /^src-preload\/index\.ts$/, layers: ['contract'], node: false, packages: ['electron'] },
  ...featureRows,
  ...rendererParts.map((name) => ({
    layer: `renderer/${name}`,
    files: new RegExp(`^src-renderer/${name}/`),
    layers: ['contract', ...rendererParts.map((part) => `renderer/${part}`)],
    node: false,
    packages: windowPackages,
  })),
  {
    layer: 'renderer',
    files: /^src-renderer\//,
    layers: ['contract', ...rendererParts.map((part) => `renderer/${part}`), ...featureRows.map((row) => row.layer)],
    node: false,
    packages: windowPackages,
  },
  {
    layer: 'bridge',
    files: /^src-main\/bridge\//,
    layers: ['contract', 'engine-api'],
    node: false,
    packages: [],
  },
  {
    layer: 'shell',
    files: /^src-main\/shell\//,
    layers: ['contract', 'bridge', 'engine-api'],
    node: true,
    packages: ['electron', 'electron-store', 'electron-updater'],
  },
  {
    layer: 'web',
    files: /^src-main\/web\//,
    layers: ['contract', 'bridge', 'engine-api'],
    node: true,
    packages: ['fastify', '@fastify/*'],
  },
  {
    layer: 'cli',
    files: /^src-main\/cli\//,
    layers: ['contract', 'bridge', 'engine-api'],
    node: true,
    packages: ['commander', 'cli-progress'],
  },
  {
    layer: 'headless',
    files: /^src-main\/(headless|compose(-\w+)?)\.ts$/,
    layers: [...engineParts, 'contract', ...faces],
    node: true,
    packages: 'any',
    notPackages: ['electron', 'electron-store', 'electron-updater'],
  },
  {
    layer: 'main',
    files: /^src-main\/(main|open-local|open-attached|command-line-mode)\.ts$/,
    layers: [...engineParts, 'contract', ...faces, 'headless', 'shell'],
    node: true,
    packages: 'any',
  },
  // The stand-ins share no code with the adapters that they test, nor with anything else of the product.
  { layer: 'playground', files: /^test\/playground\//, layers: [], node: true, packages: 'any' },
];

const checkedDirs = ['src-main', 'src-preload', 'src-renderer', 'test/playground'];

/** @param {string} file path from the root, with `/` */
function rowOf(file) {
  return importTable.find((row) => row.files.test(file));
}

/**
 * @typedef {{ specifier: string | null, offset: number }} Import
 *   `specifier` is null where it is computed
 */

/** The import that one node of the syntax tree is, if it is one. @param {any} node @returns {Import | null} */
function importOf(node) {
  const literal = (/** @type {any} */ source) =>
    source?.type === 'Literal' && typeof source.value === 'string'
      ? source.value
      : source?.type === 'TemplateLiteral' && source.quasis.length === 1
        ? source.quasis[0].value.cooked
        : null;
  switch (node.type) {
    case 'ImportDeclaration':
    case 'ExportAllDeclaration':
      return { specifier: literal(node.source), offset: node.start };
    case 'ExportNamedDeclaration':
      return node.source === null || node.source === undefined
        ? null
        : { specifier: literal(node.source), offset: node.start };
    case 'ImportExpression':
      return { specifier: literal(node.source), offset: node.start };
    case 'TSImportType':
      return { specifier: literal(node.source ?? node.argument), offset: node.start };
    case 'TSExternalModuleReference':
      return { specifier: literal(node.expression), offset: node.start };
    case 'CallExpression':
      return node.callee.type === 'Identifier' && node.callee.name === 'require'
        ? { specifier: literal(node.arguments[0]), offset: node.start }
        : null;
    default:
      return null;
  }
}

/** @param {unknown} node @param {Import[]} found */
function collect(node, found) {
  if (Array.isArray(node)) {
    for (const item of node) {
      collect(item, found);
    }
    return;
  }
  if (node === null || typeof node !== 'object') {
    return;
  }
  if ('type' in node) {
    const one = importOf(node);
    if (one !== null) {
      found.push(one);
    }
  }
  for (const value of Object.values(node)) {
    collect(value, found);
  }
}

/** `@scope/name/sub` -> `@scope/name`. @param {string} specifier */
function packageOf(specifier) {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

/** @param {string} name @param {readonly string[]} list */
function isListed(name, list) {
  return list.some((entry) => (entry.endsWith('/*') ? name.startsWith(entry.slice(0, -1)) : name === entry));
}

/** Why this import is not allowed, or null. @param {Row} row @param {string} file @param {Import} one */
function refusal(row, file, one) {
  const { specifier } = one;
  if (specifier === null) {
    return 'an import whose name is computed cannot be checked';
  }
  if (specifier.startsWith('.')) {
    const target = posix.normalize(posix.join(posix.dirname(file), specifier.replace(/[?#].*$/, '')));
    const targetRow = rowOf(target);
    if (targetRow === row) {
      return null;
    }
    if (targetRow === undefined) {
      const isOwnManifest = target === 'package.json' && row.packages === 'any';
      return isOwnManifest ? null : `${target} is in no layer`;
    }
    if (row.layers.includes(targetRow.layer)) {
      return null;
    }
    return `${row.layer} may not import ${targetRow.layer}`;
  }
  if (specifier.startsWith('node:')) {
    return row.node ? null : `${row.layer} may not import node:*`;
  }
  if (specifier.startsWith('/') || specifier.startsWith('#') || /^[a-z]+:/.test(specifier)) {
    return 'only relative paths, node:* and packages are imported';
  }
  if (isBuiltin(specifier)) {
    return `write node:${specifier}`;
  }
  const name = packageOf(specifier);
  const isAllowed = row.packages === 'any' ? !isListed(name, row.notPackages ?? []) : isListed(name, row.packages);
  return isAllowed ? null : `${row.layer} may not import the package ${name}`;
}

/**
 * Violations in one file's text.
 *
 * @param {string} file path from the root, with `/`
 * @param {string} text
 * @returns {Violation[]}
 */
export function checkSource(file, text) {
  const row = rowOf(file);
  if (row === undefined) {
    return [{ file, line: 1, specifier: '', reason: 'the file is in no layer of the table' }];
  }
  const { program, errors } = parseSync(file, text);
  if (errors.length > 0) {
    return [{ file, line: 1, specifier: '', reason: `cannot be parsed: ${errors[0]?.message ?? ''}` }];
  }
  /** @type {Import[]} */
  const found = [];
  collect(program, found);
  return found.flatMap((one) => {
    const reason = refusal(row, file, one);
    const line = text.slice(0, one.offset).split('\n').length;
    return reason === null ? [] : [{ file, line, specifier: one.specifier ?? '…', reason }];
  });
}

/** Every source file that the table is about, as a path from the root with `/`. @param {string} root */
export function listSources(root = rootDir) {
  return checkedDirs.flatMap((dir) => {
    /** @type {import('node:fs').Dirent[]} */
    let entries = [];
    try {
      entries = readdirSync(join(root, dir), { recursive: true, withFileTypes: true });
    } catch (error) {
      if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ENOENT') {
        throw error;
      }
    }
    return entries
      .filter((entry) => entry.isFile() && /\.[cm]?[jt]sx?$/.test(entry.name))
      .map((entry) => relative(root, join(entry.parentPath, entry.name)).split(sep).join('/'))
      .sort();
  });
}

/** Violations in the whole tree. @param {string} root @returns {Violation[]} */
export function checkTree(root = rootDir) {
  return listSources(root).flatMap((file) => checkSource(file, readFileSync(join(root, file), 'utf8')));
}

/** @param {Violation} violation */
export function describeViolation(violation) {
  const { file, line, specifier, reason } = violation;
  return `${file}:${line}  ${specifier === '' ? '' : `"${specifier}": `}${reason}`;
}

if (process.argv[1] !== undefined && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const violations = checkTree();
  process.stdout.write(violations.map((violation) => `${describeViolation(violation)}\n`).join(''));
  process.exitCode = violations.length === 0 ? 0 : 1;
}
