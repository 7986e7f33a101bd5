// Packs the extension: node scripts/package.mjs [--out FILE]; prints the size. Builds first.
import { spawnSync } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';

const require = createRequire(import.meta.url);
const out = process.argv[process.argv.indexOf('--out') + 1 || process.argv.length] ?? 'out/vae-lab.vsix';
mkdirSync(path.dirname(out), { recursive: true });
const run = (args) => { const { status } = spawnSync(process.execPath, args, { stdio: 'inherit' }); if (status) process.exit(status); };
run(['scripts/build.mjs']);
run([path.join(path.dirname(require.resolve('@vscode/vsce/package.json')), 'vsce'), 'package', '--no-dependencies', '--skip-license', '--allow-missing-repository', '--out', out]);
console.log(`${out}: ${(statSync(out).size / 2 ** 20).toFixed(2)} MB`);
