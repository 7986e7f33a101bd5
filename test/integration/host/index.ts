import { readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { format } from 'node:util';
import Mocha from 'mocha';

/** Runs every suite beside this file in the extension host, and leaves a results file: an exit code alone would pass when the host dies. */
export async function run(): Promise<void> {
  Mocha.reporters.Base.consoleLog = (...args: unknown[]) => { console.log(`[mocha] ${format(...args)}`); };
  const mocha = new Mocha({ ui: 'bdd', color: false, timeout: 60_000, ...(process.env['VAE_LAB_GREP'] ? { grep: process.env['VAE_LAB_GREP'] } : {}) });
  for (const file of readdirSync(__dirname).filter((entry) => entry.endsWith('.test.js'))) mocha.addFile(path.join(__dirname, file));
  await new Promise<void>((resolve, reject) => {
    const failures: string[] = [];
    const runner = mocha.run((failed) => {
      const { passes = 0, pending = 0 } = runner.stats ?? {};
      writeFileSync(process.env['VAE_LAB_RESULTS'] ?? '', JSON.stringify({ passed: passes, failed, skipped: pending, failures }));
      if (failed > 0) reject(new Error(`${failed} failed`));
      else resolve();
    });
    runner.on('fail', (test, error) => { failures.push(`${test.fullTitle()}\n${error.stack ?? error.message}`); });
  });
}
