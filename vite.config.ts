/**
 * @file Builds the window (client), the programs (main) and the preload into dist/. What has no source is left out.
 */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { defineConfig } from 'vite';

const rootDir = import.meta.dirname;
const at = (...parts: readonly string[]): string => join(rootDir, ...parts);

/** Entries whose source exists, by the name of their bundle. */
function present(entries: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(Object.entries(entries).filter(([, path]) => existsSync(path)));
}

const inputs = {
  client: present({ index: at('src-renderer', 'index.html') }),
  main: present({ main: at('src-main', 'main.ts'), headless: at('src-main', 'headless.ts') }),
  preload: present({ index: at('src-preload', 'index.ts') }),
};

export default defineConfig({
  root: at('src-renderer'),
  base: './',
  cacheDir: at('.cache', 'vite'),
  plugins: [react()],
  environments: {
    client: {
      build: {
        outDir: at('dist', 'renderer'),
        emptyOutDir: true,
        // The window's content policy allows scripts and styles of its own origin alone: nothing inlined.
        assetsInlineLimit: 0,
        // What is bundled says whose it is, wherever the window goes.
        license: { fileName: 'licences.txt' },
        // It comes from this computer: one piece is there sooner than several.
        chunkSizeWarningLimit: 1_500,
        rolldownOptions: { input: inputs.client },
      },
    },
    main: {
      consumer: 'server',
      resolve: { external: true },
      build: {
        ssr: true,
        outDir: at('dist', 'main'),
        emptyOutDir: true,
        target: 'node24',
        sourcemap: true,
        copyPublicDir: false,
        rolldownOptions: { input: inputs.main, output: { format: 'es', entryFileNames: '[name].js' } },
      },
    },
    preload: {
      consumer: 'server',
      resolve: { noExternal: true },
      build: {
        ssr: true,
        outDir: at('dist', 'preload'),
        emptyOutDir: true,
        target: 'node24',
        copyPublicDir: false,
        rolldownOptions: {
          input: inputs.preload,
          external: ['electron'],
          // A sandboxed preload is one CommonJS file.
          output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
        },
      },
    },
  },
  builder: {
    async buildApp(builder) {
      for (const [name, input] of Object.entries(inputs)) {
        const environment = builder.environments[name];
        if (environment === undefined) {
          continue;
        }
        if (Object.keys(input).length > 0) {
          await builder.build(environment);
        } else {
          // Vite builds everything by itself where nothing counts as built.
          environment.isBuilt = true;
        }
      }
    },
  },
});
