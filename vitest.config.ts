/** @file The test groups. Each is a folder under test/; what a group may take is written here and nowhere else. */
import { defineConfig } from 'vitest/config';

const group = (name: string, testTimeoutMs: number, globalSetup: string[] = []) => ({
  test: {
    globalSetup,
    name,
    include: [`test/${name}/**/*.test.{ts,tsx}`],
    testTimeout: testTimeoutMs,
    hookTimeout: Math.max(testTimeoutMs, 30_000),
  },
});

/** Where scripts/test.mjs wants the outcome; vitest run by hand needs none. */
const reportPath = process.env['EPICSTAR_TEST_REPORT'];

export default defineConfig({
  cacheDir: '.cache/vitest',
  test: {
    reporters:
      reportPath === undefined ? ['default'] : ['default', ['./scripts/vitest-reporter.mjs', { path: reportPath }]],
    environment: 'node',
    pool: 'forks',
    maxWorkers: 2,
    allowOnly: false,
    passWithNoTests: false,
    projects: [
      group('unit', 10_000),
      group('adapters', 30_000),
      group('conformance', 60_000),
      group('e2e', 120_000),
      group('faults', 120_000),
      group('electron', 60_000, ['test/electron/build-once.ts']),
    ],
  },
});
