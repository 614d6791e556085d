/** @file The window, built with the project's own configuration into a folder of its own. */
import { join } from 'node:path';
import { createBuilder } from 'vite';

const rootDir = join(import.meta.dirname, '..', '..');

/**
 * Builds into `outDir`, which has to be a temporary folder.
 *
 * @param asShipped as it is packed. Else React watches over its own rules and complains in the console, and all is a
 *   few times slower.
 */
export async function buildWindow(outDir: string, asShipped = false): Promise<void> {
  const before = process.env['NODE_ENV'];
  // The one thing that tells the builder; a test runner sets it to something of its own.
  if (asShipped) process.env['NODE_ENV'] = 'production';
  try {
    const builder = await createBuilder({
      configFile: join(rootDir, 'vite.config.ts'),
      logLevel: 'error',
      environments: { client: { build: { outDir, emptyOutDir: true } } },
    });
    const { client } = builder.environments;
    if (client === undefined) throw new Error('the configuration builds no window');
    await builder.build(client);
  } finally {
    if (before === undefined) delete process.env['NODE_ENV'];
    else process.env['NODE_ENV'] = before;
  }
}
