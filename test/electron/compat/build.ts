/** @file The shell and its window, built for the old Electron with the project's own builder. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import react from '@vitejs/plugin-react';
import { build, type Plugin } from 'vite';
import { flexGap } from './flex-gap.ts';

const rootDir = join(import.meta.dirname, '..', '..', '..');
const builtIns = join(import.meta.dirname, 'built-ins.ts');

const ownCrypto = join(import.meta.dirname, 'crypto.ts');

/** Node 12 knows neither the prefix nor this module. */
export const oldNode: Plugin = {
  name: 'old-node',
  enforce: 'pre',
  resolveId(source, importer) {
    if (source === 'node:crypto' && importer !== ownCrypto) return ownCrypto;
    if (source === 'node:fs/promises') return join(import.meta.dirname, 'fs-promises.ts');
    return source.startsWith('node:') ? { id: source.slice('node:'.length), external: true } : null;
  },
};

/** What the page lacks comes first in its script, since its content policy allows no other. */
const oldPage: Plugin = {
  name: 'old-page',
  transform(code, id) {
    return id.endsWith('/src-renderer/main.tsx') ? `import ${JSON.stringify(builtIns)};\n${code}` : null;
  },
};

/** One file of CommonJS for the old Electron's Node. */
export async function buildProgram(entry: string, outDir: string, name: string, plugins: Plugin[]): Promise<void> {
  await build({
    root: rootDir,
    configFile: false,
    logLevel: 'error',
    plugins,
    ssr: { noExternal: true },
    build: {
      ssr: entry,
      outDir,
      emptyOutDir: true,
      copyPublicDir: false,
      // All that is newer than this is put into older words, private methods among them.
      target: 'es2020',
      minify: false,
      rolldownOptions: {
        external: ['electron', 'bufferutil', 'utf-8-validate'],
        output: { format: 'cjs', codeSplitting: false, entryFileNames: name },
      },
    },
  });
}

/** A script that gives a page what its JavaScript lacks: for what tests bring into pages. */
async function buildPageScript(outDir: string): Promise<void> {
  await build({
    root: rootDir,
    configFile: false,
    logLevel: 'error',
    build: {
      outDir,
      emptyOutDir: true,
      copyPublicDir: false,
      target: 'chrome83',
      lib: { entry: builtIns, formats: ['iife'], name: 'builtIns', fileName: () => 'built-ins.js' },
    },
  });
}

/** Builds all that an attached desktop program needs into `outDir`: a temporary folder. */
export async function buildForOldElectron(outDir: string): Promise<void> {
  await buildProgram(join(import.meta.dirname, 'main.ts'), join(outDir, 'main'), 'main.cjs', [oldNode]);
  await buildProgram(join(rootDir, 'src-preload', 'index.ts'), join(outDir, 'preload'), 'index.cjs', []);
  await buildPageScript(join(outDir, 'page'));
  // From here Electron takes the name by which the desktop knows it.
  await writeFile(join(outDir, 'package.json'), JSON.stringify({ name: 'epicstar', main: 'main/main.cjs' }));
  await build({
    root: join(rootDir, 'src-renderer'),
    base: './',
    configFile: false,
    logLevel: 'error',
    plugins: [react(), oldPage],
    css: { postcss: { plugins: [flexGap] } },
    build: {
      outDir: join(outDir, 'renderer'),
      emptyOutDir: true,
      assetsInlineLimit: 0,
      target: 'chrome83',
      cssTarget: 'chrome83',
      rolldownOptions: { input: join(rootDir, 'src-renderer', 'index.html') },
    },
  });
}
