/**
 * @file `npm test`: the import table, then every group of tests. Arguments go to vitest (`npm test -- --project unit`).
 * The last line is always `N passed, N failed, N skipped`.
 */
import { spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { findBrowser } from './browser.mjs';
import { electronPath } from './electron-path.mjs';
import { findElectron9 } from './electron9.mjs';
import { checkTree, describeViolation } from './import-table.mjs';
import { gitVersion } from './setup/downloads.mjs';
import { bundledGitPath, cacheDir, modulesDir, rootDir } from './setup/paths.mjs';

/** @typedef {import('./vitest-reporter.mjs').Report} Report */

const reportPath = join(cacheDir, `test-report-${process.pid}.json`);

/** @param {string} line */
const print = (line) => void process.stdout.write(`${line}\n`);

/** @param {readonly string[]} args @returns {Promise<number>} exit code */
function runVitest(args) {
  const script = join(modulesDir, 'vitest', 'vitest.mjs');
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, 'run', ...args], {
      cwd: rootDir,
      env: { ...process.env, EPICSTAR_TEST_REPORT: reportPath },
      stdio: 'inherit',
    });
    for (const signal of /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])) {
      process.on(signal, () => child.kill(signal));
    }
    child.once('error', reject);
    child.once('exit', (code, signal) => resolve(signal === null ? (code ?? 1) : 128 + constants.signals[signal]));
  });
}

/** @returns {Report | null} null where vitest ended before it reported */
function readReport() {
  try {
    return JSON.parse(readFileSync(reportPath, 'utf8'));
  } catch {
    return null;
  } finally {
    rmSync(reportPath, { force: true });
  }
}

/** Skipped tests by their reason, a line each. @param {Report} report */
function printSkipped(report) {
  /** @type {Map<string, string[]>} */
  const byReason = new Map();
  for (const { name, reason } of report.skipped) {
    const key = reason === '' ? 'left out by the arguments of this run, or no reason given' : reason;
    byReason.set(key, [...(byReason.get(key) ?? []), name]);
  }
  for (const [reason, names] of byReason) {
    print(`skipped (${names.length}): ${reason}`);
    for (const name of names.slice(0, 5)) {
      print(`    ${name}`);
    }
    if (names.length > 5) {
      print(`    and ${names.length - 5} more`);
    }
  }
}

mkdirSync(cacheDir, { recursive: true });
const violations = checkTree();
for (const violation of violations) {
  print(`import table: ${describeViolation(violation)}`);
}
print(`import table: ${violations.length === 0 ? 'holds' : `${violations.length} violations`}`);

// Unpacked before the tests start, so that no test pays for it.
const browser = findBrowser();
const hasElectron = electronPath() !== null || (process.env['EPICSTAR_TEST_ELECTRON'] ?? '') !== '';
const oldElectron = hasElectron ? null : findElectron9();
const exitCode = await runVitest(process.argv.slice(2));
const report = readReport() ?? { passed: 0, failed: 1, skipped: [] };

printSkipped(report);
if (!browser.isAvailable) {
  print(`not tested in a browser: ${browser.reason}`);
}
if (oldElectron?.isAvailable === false) {
  print(`not tested in Electron: ${oldElectron.reason}`);
}
if (gitVersion(bundledGitPath) === null) {
  print(`not tested with the bundled git, which is not here: git ${gitVersion() ?? '(none)'} of this system was used`);
}
const isBroken = violations.length > 0 || exitCode !== 0;
const failed = report.failed === 0 && isBroken ? 1 : report.failed;
print(`${report.passed} passed, ${failed} failed, ${report.skipped.length} skipped`);
process.exitCode = failed === 0 ? 0 : exitCode > 128 ? exitCode : 1;
