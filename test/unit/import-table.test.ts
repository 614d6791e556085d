/** @file The import table holds for the whole tree, and the check of it catches what it must. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkSource, checkTree, describeViolation, importTable, listSources } from '../../scripts/import-table.mjs';

const rootDir = join(import.meta.dirname, '..', '..');
const reasonsOf = (file: string, text: string): string[] => checkSource(file, text).map((one) => one.reason);

const core = 'src-main/engine/core/mirror-job.ts';
const onedev = 'src-main/engine/adapters/onedev/client.ts';
const contract = 'src-preload/contract/views.ts';
const renderer = 'src-renderer/features/history/history.tsx';

const refused: readonly (readonly [file: string, text: string])[] = [
  ['src-main/engine/domain/plan.ts', `import type { Clock } from '../ports/clock.ts';`],
  ['src-main/engine/domain/plan.ts', `import { z } from 'zod';`],
  ['src-main/engine/ports/git.ts', `import type { Engine } from '../core/engine-api.ts';`],
  ['src-main/engine/ports/git.ts', `import type { Readable } from 'node:stream';`],
  [core, `import { join } from 'node:path';`],
  [core, `import type { Stats } from 'node:fs';`],
  [core, `import { z } from 'zod';`],
  [core, `import { clone } from '../adapters/git/clone.ts';`],
  [core, `export * from '../adapters/git/clone.ts';`],
  [core, `export { clone } from '../adapters/git/clone.ts';`],
  [core, `export type { Clone } from '../adapters/git/clone.ts';`],
  [core, `export const load = () => import('../adapters/git/clone.ts');`],
  [core, 'export const load = () => import(`../adapters/git/clone.ts`);'],
  [core, `export type Clone = import('../adapters/git/clone.ts').Clone;`],
  [core, `export const load = (name: string) => import(name);`],
  [core, `const fs = require('node:fs');`],
  [core, `import fs = require('node:fs');`],
  [core, `import '../adapters/git/clone.ts';`],
  [core, `import { thing } from '../../../test/playground/thing.ts';`],
  [core, `import { thing } from '../../helpers/thing.ts';`],
  [core, `import { thing } from '/src-main/engine/domain/plan.ts';`],
  [core, `import { thing } from 'file:///thing.ts';`],
  [onedev, `import { request } from '../github/client.ts';`],
  [onedev, `import type { Options } from '../github/client.ts';`],
  [onedev, `import { createRunner } from '../../core/job-runner.ts';`],
  [onedev, `import { Octokit } from '@octokit/rest';`],
  [onedev, `import { app } from 'electron';`],
  [onedev, `import { readFile } from 'fs/promises';`],
  ['src-main/engine/adapters/unknown/client.ts', `export const one = 1;`],
  ['src-main/helpers/thing.ts', `export const one = 1;`],
  [contract, `import { app } from 'electron';`],
  [contract, `import type { Job } from '../../src-main/engine/domain/job.ts';`],
  [contract, `import { join } from 'node:path';`],
  [contract, `import { exposed } from '../index.ts';`],
  ['src-preload/index.ts', `import { z } from 'zod';`],
  ['src-preload/index.ts', `import { mirror } from '../src-main/engine/core/mirror-job.ts';`],
  [renderer, `import { ipcRenderer } from 'electron';`],
  [renderer, `import { join } from 'node:path';`],
  [renderer, `import type { Job } from '../../../src-main/engine/domain/job.ts';`],
  [renderer, `import { exposed } from '../../../src-preload/index.ts';`],
  [renderer, `import { rateOf } from '../activity/rates.ts';`],
  ['src-renderer/ui/list.tsx', `import { HistoryPage } from '../features/history/history-page.tsx';`],
  ['src-main/bridge/handlers.ts', `import { createEngine } from '../engine/core/engine.ts';`],
  ['src-main/bridge/handlers.ts', `import type { Job } from '../engine/domain/job.ts';`],
  ['src-main/bridge/handlers.ts', `import type { Store } from '../engine/ports/store.ts';`],
  ['src-main/bridge/handlers.ts', `import fastify from 'fastify';`],
  ['src-main/web/server.ts', `import { app } from 'electron';`],
  ['src-main/web/server.ts', `import { tray } from '../shell/tray.ts';`],
  ['src-main/web/server.ts', `import { openStore } from '../engine/adapters/sqlite/store.ts';`],
  ['src-main/cli/sync.ts', `import { server } from '../web/server.ts';`],
  ['src-main/shell/tray.ts', `import { openStore } from '../engine/adapters/sqlite/store.ts';`],
  ['src-main/headless.ts', `import { app } from 'electron';`],
  ['src-main/headless.ts', `export const load = () => import('electron-store');`],
  ['src-main/headless.ts', `import { tray } from './shell/tray.ts';`],
  ['test/playground/onedev/server.ts', `import { path } from '../../../src-main/engine/adapters/onedev/path.ts';`],
];

const allowed: readonly (readonly [file: string, text: string])[] = [
  [core, `import { planOf } from '../domain/plan.ts'; import type { Git } from '../ports/git.ts';`],
  [core, `import { backoff } from './retry-policy.ts'; import type { Engine } from './engine-api.ts';`],
  [onedev, `import { z } from 'zod'; import { request } from 'undici'; import { join } from 'node:path';`],
  [onedev, `import type { MirrorTarget } from '../../ports/mirror-target.ts'; export * from './paths.ts';`],
  ['src-main/engine/adapters/github/client.ts', `import { Octokit } from '@octokit/rest';`],
  [contract, `import { z } from 'zod'; import { page } from './page.ts';`],
  ['src-preload/index.ts', `import { contextBridge } from 'electron'; import { calls } from './contract/calls.ts';`],
  [renderer, `import { createRoot } from 'react-dom/client'; import './history.css'; import '../../ui/list.tsx';`],
  ['src-main/bridge/handlers.ts', `import type { Engine } from '../engine/core/engine-api.ts';`],
  ['src-main/bridge/handlers.ts', `import { errorSpecs } from '../engine/core/engine-api.ts';`],
  ['src-main/web/server.ts', `import fastify from 'fastify'; import websocket from '@fastify/websocket';`],
  ['src-main/shell/tray.ts', `import { Tray } from 'electron'; import Store from 'electron-store';`],
  ['src-main/headless.ts', `import { openStore } from './engine/adapters/sqlite/store.ts'; import pino from 'pino';`],
  ['src-main/main.ts', `import { app } from 'electron'; import { tray } from './shell/tray.ts';`],
  [core, `// import { join } from 'node:path';\nexport const text = "import x from 'electron'";`],
];

describe('the import table', () => {
  it('holds for every source file', () => {
    expect(checkTree(rootDir).map(describeViolation)).toEqual([]);
  });

  it('has looked at the files that are there', () => {
    const sources = listSources(rootDir);
    expect(sources).toContain('src-main/engine/domain/errors.ts');
    expect(sources).toContain('src-main/engine/ports/git.ts');
  });

  it.each(refused)('refuses in %s: %s', (file, text) => {
    expect(reasonsOf(file, text)).toHaveLength(1);
  });

  it.each(allowed)('allows in %s: %s', (file, text) => {
    expect(reasonsOf(file, text)).toEqual([]);
  });

  it('names the line and the reason', () => {
    const found = checkSource(core, `\n\nimport { join } from 'node:path';\n`);
    expect(found.map(describeViolation)).toEqual([`${core}:3  "node:path": engine/core may not import node:*`]);
  });

  it('refuses a file that it cannot read', () => {
    expect(reasonsOf(core, 'import {')).toEqual([expect.stringContaining('cannot be parsed')]);
  });

  it('names only packages that the project has', () => {
    const manifest: unknown = JSON.parse(readFileSync(join(rootDir, 'package-lock.json'), 'utf8'));
    const installed = Object.keys((manifest as { packages: Record<string, unknown> }).packages);
    const named = importTable.flatMap((row) => (row.packages === 'any' ? [] : row.packages));
    const unknown = named.filter(
      (name) => !installed.some((path) => path.startsWith(`node_modules/${name.replace(/\*$/, '')}`)),
    );
    expect(unknown).toEqual([]);
  });
});
