// Runs vitest on a folder of tests and counts: { passed, failed, skipped, failures }. A run that fails without a failed test counts as one.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const vitest = path.join(path.dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');

const reporter = path.join(import.meta.dirname, 'unownedErrors.mjs');

export const emptyCounts = () => ({ passed: 0, failed: 0, skipped: 0, failures: [] });
/** The sum of two counts. */
export const added = (a, b) => ({ passed: a.passed + b.passed, failed: a.failed + b.failed, skipped: a.skipped + b.skipped, failures: [...a.failures, ...b.failures] });

/** `report` is where vitest writes its own; `names` are parts of tests' names. */
export function runVitest(folder, report, { names = [], options = [], env = process.env } = {}) {
  const unowned = `${report}.errors`;
  for (const file of [report, unowned]) rmSync(file, { force: true });
  const { status } = spawnSync(process.execPath, [vitest, 'run', folder, ...names.flatMap((name) => ['-t', name]), ...options, '--reporter=json', `--outputFile.json=${report}`, `--reporter=${reporter}`], { stdio: 'inherit', env: { ...env, VAE_LAB_UNOWNED: unowned } });
  if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0, failures: [`${folder}: vitest ended with ${status} and no report.`] };
  const json = JSON.parse(readFileSync(report, 'utf8'));
  const failures = [...json.testResults.flatMap(failuresOf), ...JSON.parse(readFileSync(unowned, 'utf8'))];
  return { passed: json.numPassedTests, failed: json.numFailedTests + (status !== 0 && json.numFailedTests === 0 ? 1 : 0), skipped: json.numPendingTests + json.numTodoTests, failures };
}

/** A line for each test of a file that failed, or for the file that could not be run: what is said again at the end, where a long log is cut from its head. */
function failuresOf({ name, status, message, assertionResults }) {
  const file = path.relative('.', name);
  const failed = assertionResults.filter((result) => result.status === 'failed').map((result) => `${file} > ${result.fullName}\n${result.failureMessages.join('\n')}`);
  return failed.length === 0 && status === 'failed' ? [`${file}\n${message}`] : failed;
}
