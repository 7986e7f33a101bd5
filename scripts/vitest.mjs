// Runs vitest on a folder of tests and counts: { passed, failed, skipped }. A run that fails without a failed test counts as one.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const vitest = path.join(path.dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');

/** `report` is where vitest writes its own; `names` are parts of tests' names. */
export function runVitest(folder, report, { names = [], options = [], env = process.env } = {}) {
  rmSync(report, { force: true });
  const { status } = spawnSync(process.execPath, [vitest, 'run', folder, ...names.flatMap((name) => ['-t', name]), ...options, '--reporter=json', `--outputFile.json=${report}`], { stdio: 'inherit', env });
  if (!existsSync(report)) return { passed: 0, failed: 1, skipped: 0 };
  const json = JSON.parse(readFileSync(report, 'utf8'));
  return { passed: json.numPassedTests, failed: json.numFailedTests + (status !== 0 && json.numFailedTests === 0 ? 1 : 0), skipped: json.numPendingTests + json.numTodoTests };
}
