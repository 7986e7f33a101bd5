// Runs the tiers of tests: node scripts/test.mjs [unit|host|webview|integration|gpu] [-- NAME]; without a name all but gpu, which needs a card.
// Ends with what failed, and one line `N passed, N failed, N skipped` summed over the tiers; a tier that ran no test fails.
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { added, emptyCounts, runVitest } from './vitest.mjs';
import { lookForCards } from './tools/cards.mjs';
import { ensureTensorflow } from './tools/tensorflow.mjs';
import { ensureVulkan } from './tools/vulkan.mjs';

const all = ['unit', 'host', 'webview', 'integration'];
const [named, ...rest] = process.argv.slice(2).filter((argument) => argument !== '--');
const tiers = named ? [named] : all;
if (tiers.some((tier) => ![...all, 'gpu'].includes(tier))) {
  console.error(`Unknown tier "${named}". Tiers: ${all.join(', ')}, gpu.`);
  process.exit(2);
}
const sharedData = path.resolve('..', 'shared', 'data');
const env = { ...process.env };
if (!env.VAE_LAB_DATA && existsSync(sharedData)) env.VAE_LAB_DATA = sharedData;
const evidence = path.join('out', 'failed');
rmSync(evidence, { recursive: true, force: true });
mkdirSync(evidence, { recursive: true });

let total = emptyCounts();
const failed = (what) => { total = added(total, { ...emptyCounts(), failed: 1, failures: [what] }); };
const run = (command, args) => spawnSync(command, args, { stdio: 'inherit', env }).status ?? 1;

function runIntegration() {
  const report = path.join('out', 'integration.json');
  rmSync(report, { force: true });
  const status = run(process.execPath, ['scripts/integration.mjs', ...rest]);
  const ended = `scripts/integration.mjs ended with ${status}.`;
  const counts = existsSync(report) ? JSON.parse(readFileSync(report, 'utf8')) : { ...emptyCounts(), failed: 1, failures: [ended] };
  return status !== 0 && counts.failed === 0 ? { ...counts, failed: 1, failures: [ended] } : counts;
}

if (run(process.execPath, ['scripts/typecheck.mjs']) !== 0) failed('scripts/typecheck.mjs: types or lint, named above.');
if (tiers.some((tier) => tier !== 'unit') && run(process.execPath, ['scripts/build.mjs']) !== 0) failed('scripts/build.mjs, as said above.');
if (tiers.includes('host') || tiers.includes('integration')) Object.assign(env, ensureTensorflow('cpu'));
if (tiers.includes('host')) Object.assign(env, await ensureVulkan());
if (tiers.includes('gpu')) {
  Object.assign(env, await lookForCards());
  if (!env.VAE_LAB_NO_NVIDIA) Object.assign(env, ensureTensorflow('gpu'));
}
for (const tier of tiers) {
  console.log(`\n== ${tier} ==`);
  const counts = tier === 'integration' ? runIntegration() : runVitest(`test/${tier}`, path.join('out', `${tier}.json`), { names: rest, options: ['--reporter=default'], env });
  if (counts.passed + counts.failed === 0 && !(env.VAE_LAB_NO_NVIDIA && env.VAE_LAB_NO_WEBGPU)) failed(`The ${tier} tier ran no test.`);
  total = added(total, counts);
}
for (const failure of total.failures) console.error(`\nFAILED ${failure}`);
for (const file of readdirSync(evidence)) console.error(`\n${readFileSync(path.join(evidence, file), 'utf8')}`);
console.log(`\n${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed ? 1 : 0);
