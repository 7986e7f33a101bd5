// The integration tier: suites inside the extension host of a real VS Code through @vscode/test-electron, then the window driven as a person does.
// Usage: node scripts/integration.mjs [NAME]. Writes out/integration.json: { passed, failed, skipped, failures }.
import { runTests } from '@vscode/test-electron';
import * as esbuild from 'esbuild';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { root } from './vscode/server.mjs';
import { ensureChromium } from './tools/chromium.mjs';
import { ensureCodeServer } from './tools/codeServer.mjs';
import { added, emptyCounts, runVitest } from './vitest.mjs';

const [name] = process.argv.slice(2);
const out = (...parts) => path.join(root, 'out', ...parts);
let total = emptyCounts();
await ensureCodeServer();
await ensureChromium();

const components = process.env.VAE_LAB_COMPONENTS;
const temporary = mkdtempSync(path.join(os.tmpdir(), 'vae-lab-integration-'));
try {
  const built = out('integration');
  rmSync(built, { recursive: true, force: true });
  const suites = readdirSync(path.join(root, 'test', 'integration', 'host')).map((file) => path.join(root, 'test', 'integration', 'host', file));
  await esbuild.build({ entryPoints: suites, outdir: built, bundle: true, platform: 'node', format: 'cjs', external: ['vscode', 'mocha'], logLevel: 'warning' });
  const workspace = path.join(temporary, 'workspace');
  cpSync(path.join(root, 'samples'), workspace, { recursive: true, filter: (file) => !file.includes('.vae-lab') });
  const results = out('integration-host.json');
  rmSync(results, { force: true });
  Object.assign(process.env, { VAE_LAB_RESULTS: results, VAE_LAB_STATE: path.join(temporary, 'state'), VAE_LAB_IDLE_MS: '1000', VAE_LAB_COMPONENTS: path.join(temporary, 'components'), VAE_LAB_LOAD_MS: '5000', VAE_LAB_GREP: name ?? '' });
  const code = await runTests({ vscodeExecutablePath: path.join(root, 'scripts', 'vscode', 'executable.mjs'), extensionDevelopmentPath: root, extensionTestsPath: path.join(built, 'index.js'), launchArgs: [workspace] }).catch(() => 1);
  const ended = `The suites in the extension host ended with ${code}.`;
  const counts = existsSync(results) ? JSON.parse(readFileSync(results, 'utf8')) : { ...emptyCounts(), failed: 1, failures: [ended] };
  total = added(total, code !== 0 && counts.failed === 0 ? { ...counts, failed: 1, failures: [ended] } : counts);
} finally {
  rmSync(temporary, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
}

// The short limit is for the model file there that never returns: TensorFlow may take longer to load on a machine that does other things.
total = added(total, runVitest('test/integration/ui', out('integration-ui.json'), { env: { ...process.env, VAE_LAB_COMPONENTS: components, VAE_LAB_LOAD_MS: undefined }, names: name ? [name] : [], options: ['--no-file-parallelism', '--reporter=verbose'] }));
writeFileSync(out('integration.json'), JSON.stringify(total));
process.exit(total.failed ? 1 : 0);
