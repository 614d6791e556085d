/**
 * @file Writes what a test run came to as JSON, for scripts/test.mjs: counts, and every skipped test with its reason.
 */
import { writeFileSync } from 'node:fs';

/**
 * @typedef {{ name: string, reason: string }} Skipped
 * @typedef {{ passed: number, failed: number, skipped: readonly Skipped[] }} Report
 */

export default class SummaryReporter {
  /** @param {{ path: string }} options where the report goes */
  constructor(options) {
    this.path = options.path;
  }

  /**
   * @param {readonly import('vitest/node').TestModule[]} modules
   * @param {readonly unknown[]} unhandledErrors
   */
  onTestRunEnd(modules, unhandledErrors) {
    let passed = 0;
    // An error outside of any test fails the run as a failed test does.
    let failed = unhandledErrors.length;
    /** @type {Skipped[]} */
    const skipped = [];
    for (const module of modules) {
      const failedBefore = failed;
      for (const test of module.children.allTests()) {
        const result = test.result();
        if (result.state === 'passed') {
          passed += 1;
        } else if (result.state === 'skipped') {
          const note = result.note ?? '';
          skipped.push({ name: `${module.project.name}: ${test.fullName}`, reason: note });
        } else {
          failed += 1;
        }
      }
      // A file that cannot be loaded, or whose hook failed, has no failed test of its own.
      if (module.state() === 'failed' && failed === failedBefore) {
        failed += 1;
      }
    }
    writeFileSync(this.path, JSON.stringify({ passed, failed, skipped }));
  }
}
