/** @file `npm run epicstar`: the command line from its sources. The window that `serve` offers is built first. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildWhenStale } from './build-when-stale.mjs';
import { rootDir } from './setup/paths.mjs';

const window = join(rootDir, 'dist', 'renderer', 'index.html');
if (process.argv[2] === 'serve' && !buildWhenStale(window, ['src-renderer', 'src-preload'])) {
  process.exitCode = 1;
} else {
  await import(pathToFileURL(join(rootDir, 'src-main', 'headless.ts')).href);
}
