/** @file The window, built with the project's own configuration into a folder of its own. */
import { join } from 'node:path';
import { createBuilder } from 'vite';

const rootDir = join(import.meta.dirname, '..', '..');

/** Builds into `outDir`, which has to be a temporary folder. */
export async function buildWindow(outDir: string): Promise<void> {
  const builder = await createBuilder({
    configFile: join(rootDir, 'vite.config.ts'),
    logLevel: 'error',
    environments: { client: { build: { outDir, emptyOutDir: true } } },
  });
  const { client } = builder.environments;
  if (client === undefined) throw new Error('the configuration builds no window');
  await builder.build(client);
}
