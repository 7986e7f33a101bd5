// npm run soak:train -- [--steps 100000] [--times 40] [--write]
// Trains on sprites in a real window, whose panel is closed and opened again so many times, and tells what host, extension host and the window's page hold, the two latter when their garbage was collected. Linux.
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { lens, openFile, palette, waitForPoints } from '../../scripts/vscode/hands.mjs';
import { connectRun } from '../../src/client/hosts';
import { findHost, listRuns } from '../../src/runs/registry';
import { openWindow } from '../integration/ui/window';
import { garbageCollector } from './garbage';
import { writeRow } from './report';
import { residenceOf, slope, startedHere, sumOf, type Residence } from './residence';

const PATIENCE_MS = 300_000;
const { values } = parseArgs({ args: process.argv.slice(2).filter((argument) => argument !== '--'), options: { steps: { type: 'string', default: '100000' }, times: { type: 'string', default: '40' }, write: { type: 'boolean' } } });
const [steps, times] = [Number(values.steps), Number(values.times)];
const file = '01-sprites.vae.ts';
const text = readFileSync(`samples/${file}`, 'utf8').replace('epochs: 20', 'epochs: 100000').replace('batchSize: 128', 'batchSize: 32');

const window = await openWindow({ files: { [file]: text } });
try {
  const { page } = window;
  page.setDefaultTimeout(PATIENCE_MS);
  const garbage = await page.context().newCDPSession(page);
  await openFile(page, file);
  await lens(page, 'Train VAE').first().click();
  await waitForPoints(page, 10, PATIENCE_MS);
  const [{ manifest: { id = '' } = {} } = {}] = await listRuns();
  const host = await findHost(id);
  if (!host) throw new Error('There is no host.');
  const run = await connectRun(id);
  const [extensionHost = NaN] = startedHere('--type=extensionHost');
  const collect = await garbageCollector(extensionHost);
  let step = 0;
  run.api.on('metrics', ({ points }) => { step = points.at(-1)?.step ?? step; reached.forEach((look) => { look(); }); });
  const reached = new Set<() => void>();
  const until = (least: number): Promise<void> => new Promise((resolve) => {
    const look = (): void => { if (step >= least) { reached.delete(look); resolve(); } };
    reached.add(look);
    look();
  });
  const held: { readonly step: number; readonly of: Readonly<Record<'host' | 'extension host' | 'page', Residence>> }[] = [];
  for (let time = 0; time <= times; time++) {
    await until((time * steps) / times);
    await page.locator('.tab', { hasText: 'VAE Lab' }).click();
    await palette(page, 'View: Close All Editors in Group'); // the panel's: the page shows no curves now
    await page.locator('.tab', { hasText: 'VAE Lab' }).waitFor({ state: 'detached' });
    const told = step;
    await page.locator('.statusbar-item', { hasText: /shapes step/ }).click();
    await waitForPoints(page, told, PATIENCE_MS);
    await Promise.all([garbage.send('HeapProfiler.collectGarbage'), collect()]); // a browser lets go of closed panels' pages as late as it likes
    const of = { host: residenceOf(host.pid), 'extension host': sumOf(startedHere('--type=extensionHost').map(residenceOf)), page: sumOf(startedHere('--type=renderer').map(residenceOf)) };
    held.push({ step, of });
    console.log(`step ${String(step).padStart(6)}  ${Object.entries(of).map(([name, { mb, handles }]) => `${name} ${mb.toFixed(0)} MB, ${handles} handles`).join('; ')}`);
  }
  run.close();
  const later = held.slice(Math.floor(held.length / 2));
  const figures = (Object.keys(later[0]?.of ?? {}) as (keyof (typeof held)[number]['of'])[]).map((name) => {
    const of = (value: (residence: Residence) => number): number => slope(later.map((sample) => [sample.step, value(sample.of[name])])) * 10_000;
    return `${name} ${(held.at(-1)?.of[name].mb ?? NaN).toFixed(0)} MB (${of(({ mb }) => mb).toFixed(2)} MB and ${of(({ handles }) => handles).toFixed(2)} handles per 10,000 steps)`;
  });
  const said = `${step} steps of sprites, the panel closed and opened ${held.length} times; over the last half, garbage of extension host and page collected: ${figures.join('; ')}`;
  console.log(said);
  if (values.write) writeRow('Soak', said, 'nothing; what grows is the curves', `npm run soak:train -- --steps ${steps} --write`);
} finally {
  await window.close();
}
process.exit(0);
