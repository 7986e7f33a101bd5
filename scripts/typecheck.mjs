// Type-checks each folder of src under its own rules (no DOM outside webview, no Node in pure folders), then the tests.
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';

const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const projects = [...readdirSync('src').map((folder) => `src/${folder}`), 'test'].filter((project) => readdirSync(project).length > 1);
let failed = 0;
for (const project of projects) {
  const { status } = spawnSync(process.execPath, [tsc, '-p', project], { stdio: 'inherit' });
  console.log(`${status === 0 ? 'ok  ' : 'FAIL'} ${project}`);
  if (status !== 0) failed++;
}
process.exit(failed ? 1 : 0);
