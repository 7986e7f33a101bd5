// Packs the extension into out/vae-lab.vsix and prints its size: node scripts/package.mjs
import { spawnSync } from 'node:child_process';
import { mkdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..');
const require = createRequire(import.meta.url);
const out = path.join(root, 'out', 'vae-lab.vsix');
mkdirSync(path.dirname(out), { recursive: true });
const run = (...args) => {
  const { status } = spawnSync(process.execPath, args, { stdio: 'inherit', cwd: root });
  if (status !== 0) process.exit(status ?? 1);
};
run(path.join(root, 'scripts', 'build.mjs'));
// With dependencies: VS Code looks for the TypeScript plugin in the extension's node_modules. Links stay relative: the pictures are in the package.
run(path.join(path.dirname(require.resolve('@vscode/vsce/package.json')), 'vsce'), 'package', '--no-rewrite-relative-links', '--out', out);
console.log(`${path.relative(root, out)}: ${(statSync(out).size / 2 ** 20).toFixed(2)} MB`);
