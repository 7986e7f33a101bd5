// Prints what the editor's part costs, measured in a real VS Code with the packed extension: npm run bench:ui
// Absolute times are of this machine at this hour; DESIGN figures stand beside them. Nothing is asserted.
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { connectRun } from '../../src/client/hosts';
import { findHost, listRuns } from '../../src/runs/registry';
import { lens, openFile, palette, panelFrame, waitForPoints } from '../../scripts/vscode/hands.mjs';
import { writeLongRun } from '../integration/longRun';
import { openWindow } from '../integration/ui/window';
import { benchScatter } from './scatter';
import { compare } from './stepCost';
import { closePanel, curvesAfter, memoryOf, noteCurves, openPanel, reopened, setBeside } from './window';

const CLICKS = Number(process.env['BENCH_CLICKS'] ?? 5);
const MOVES = 240;
const LONG_RUN = 100_000;
const ROUNDS = 4;
const STEPS_A_ROUND = 500;
const MINUTES = Number(process.env['BENCH_MINUTES'] ?? 10);
const SAMPLES = 30;
const target = `${process.platform}-${process.arch}`;
const vsix = `out/vae-lab-${target}.vsix`;
const line = (what: string, figure: string, wanted: string): void => { console.log(`${what.padEnd(62)} ${figure.padEnd(34)} wanted: ${wanted}`); };
const sorted = (values: readonly number[]): number[] => [...values].sort((a, b) => a - b);
const quantile = (values: readonly number[], q: number): number => sorted(values)[Math.min(values.length - 1, Math.floor(q * values.length))] ?? NaN;
const ms = (value: number): string => `${value.toFixed(0)} ms`;

if (spawnSync(process.execPath, ['scripts/package.mjs', '--target', target], { stdio: ['ignore', 'ignore', 'inherit'] }).status !== 0) process.exit(1);
const { pan, hover, shownMs, points } = await benchScatter();
line(`map of ${points.toLocaleString('en')} points, script time a frame while panning (median, p95)`, `${quantile(pan, 0.5).toFixed(1)}, ${quantile(pan, 0.95).toFixed(1)} ms`, 'under 8 ms');
line('  the same while a pointer moves over it', `${quantile(hover, 0.5).toFixed(1)}, ${quantile(hover, 0.95).toFixed(1)} ms`, '-');
line('  from choosing so many to seeing them, their encoding left out', ms(shownMs), '-');

const long = readFileSync('samples/01-sprites.vae.ts', 'utf8').replace('epochs: 20', 'epochs: 100000');
const window = await openWindow({ vsix, files: { 'long.vae.ts': long }, env: process.env['VAE_LAB_DATA'] ? { VAE_LAB_DATA: process.env['VAE_LAB_DATA'] } : {} });
try {
  const { page } = window;
  const panel = panelFrame(page);
  await noteCurves(page);
  line(`.vsix for ${target}`, `${(statSync(vsix).size / 2 ** 20).toFixed(2)} MB`, 'under 6 MB without native parts');

  await openFile(page, '01-sprites.vae.ts');
  await lens(page, 'no runs yet').waitFor();
  await page.setViewportSize({ width: 1440, height: 2600 }); // the list is drawn as far as it is seen, the slowest first
  await palette(page, 'Developer: Show Running Extensions');
  const activation = await page.locator('.runtime-extensions-editor .extension', { hasText: 'VAE Lab' }).locator('.activation-time').innerText();
  line('activation', activation.replace(/\s+/g, ' '), 'under 50 ms');
  await page.setViewportSize({ width: 1440, height: 900 });
  await page.keyboard.press('Escape');
  await page.locator('.monaco-modal-editor-block').waitFor({ state: 'detached' });
  const closeAll = async (): Promise<void> => {
    await palette(page, 'View: Close All Editors');
    await page.locator('.tab').first().waitFor({ state: 'detached' });
  };
  for (const [file, name, steps, wanted] of [['squared-error.vae.ts', 'squaredError', 20, '-'], ['digits.vae.ts', 'digits', LONG_RUN, 'under 1 s']] as const) { // the first opens VS Code's first webview
    await writeLongRun(window.folder, path.join(window.folder, file), name, steps);
    await openFile(page, file);
    await lens(page, /^last run/).waitFor();
    const opened = Date.now();
    await lens(page, /^last run/).click();
    const { first, all } = await curvesAfter(page, opened, steps);
    line(`a run of ${steps.toLocaleString('en')} recorded steps, from the click to its curves (first, all points)`, `${ms(first)}, ${ms(all)}`, wanted);
    await closeAll();
  }

  for (const [file, rounds] of [['01-sprites.vae.ts', CLICKS], ['digits.vae.ts', CLICKS]] as const) {
    const clicks: number[] = [];
    for (let i = 0; i < rounds; i++) {
      await openFile(page, file);
      const train = lens(page, 'Train VAE').first();
      await train.waitFor();
      const began = performance.now();
      await train.click();
      await panel.getByTestId('state').filter({ hasText: 'training' }).waitFor();
      await waitForPoints(page, 1);
      clicks.push(performance.now() - began);
      await palette(page, 'VAE Lab: Stop Training');
      await panel.getByTestId('state').filter({ hasText: 'stopped' }).waitFor();
    }
    line(`click to first point, ${file} (${rounds} times; first, median)`, `${ms(clicks[0] ?? NaN)}, ${ms(quantile(clicks, 0.5))}`, 'under 5 s');
    await closeAll();
  }

  await openFile(page, 'long.vae.ts');
  await lens(page, 'Train VAE').first().click();
  await waitForPoints(page, 20);
  const run = (await listRuns()).find(({ live }) => live);
  const host = await findHost(run?.manifest.id ?? '');
  if (!run || !host) throw new Error('No run is live.');
  const { api, close } = await connectRun(run.manifest.id);
  await lens(page, 'Explore').first().click();
  await panel.getByTestId('pad-image').waitFor();
  await panel.getByTestId('map-points').waitFor();
  await panel.getByTestId('map-summary').filter({ hasNotText: 'Encoding' }).waitFor(); // what the view asks for when it opens is there
  await panel.getByTestId('pad').scrollIntoViewIfNeeded();
  const box = await panel.getByTestId('pad').boundingBox();
  if (!box) throw new Error('The pad has no place.');
  await panel.getByTestId('pad').evaluate((pad) => {
    const scope = window as unknown as { drawn?: () => void; moved: number; waits: number[] };
    scope.waits = [];
    let last = '';
    pad.addEventListener('pointermove', () => { scope.moved = performance.now(); }, true);
    const original = CanvasRenderingContext2D.prototype.putImageData;
    CanvasRenderingContext2D.prototype.putImageData = new Proxy(original, {
      apply(target, context: CanvasRenderingContext2D, args: Parameters<typeof original>) {
        Reflect.apply(target, context, args);
        if (context.canvas.dataset['testid'] !== 'pad-image') return;
        const pixels = args[0].data.join();
        if (pixels !== last) scope.drawn?.();
        last = pixels;
      },
    });
  });
  /** Milliseconds from each pointer move to the frame that shows what was decoded for it. */
  const drag = async (): Promise<number[]> => {
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    for (let i = 0; i < MOVES; i++) {
      await panel.getByTestId('pad').evaluate(() => {
        const scope = window as unknown as { drawn?: (() => void) | undefined; moved: number; waits: number[]; seen: Promise<void> };
        scope.moved = Infinity;
        scope.seen = new Promise((resolve) => {
          scope.drawn = () => {
            if (scope.moved === Infinity) return;
            scope.drawn = undefined;
            const { moved } = scope;
            requestAnimationFrame(() => { scope.waits.push(performance.now() - moved); resolve(); }); // the frame in which it is seen
          };
        });
      });
      await page.mouse.move(box.x + box.width * (0.5 + 0.4 * Math.sin(i / 5)), box.y + box.height * (0.5 + 0.4 * Math.cos(i / 7)));
      await panel.getByTestId('pad').evaluate(() => (window as unknown as { seen: Promise<void> }).seen);
    }
    await page.mouse.up();
    return panel.getByTestId('pad').evaluate(() => (window as unknown as { waits: number[] }).waits.splice(0));
  };
  const waits = await drag();
  const { speed } = await api.request('snapshot', {});
  const step = 1000 / (speed?.stepsPerSecond ?? NaN);
  line(`latent pad, drag to pixels while training (${MOVES} moves; median, p95)`, `${ms(quantile(waits, 0.5))}, ${ms(quantile(waits, 0.95))}; a step is ${ms(step)}`, `p95 under ${ms(step + 30)}`);
  await api.request('pause', {});
  const paused = await drag();
  line('  the same while paused (median, p95)', `${ms(quantile(paused, 0.5))}, ${ms(quantile(paused, 0.95))}`, '-');
  await api.request('resume', {});
  await panel.getByRole('tab', { name: 'Training' }).click();

  const extensionHost = Number(execFileSync('pgrep', ['-n', '-f', '--', '--type=extensionHost'], { encoding: 'utf8' }).trim());
  const live = { page, folder: window.folder, api, host: host.pid, extensionHost };
  const { first, all, empty } = await reopened(live, CLICKS);
  line(`closed panel opened again, to curves as they were, to all points (medians of ${CLICKS})`, `${ms(quantile(first, 0.5))}, ${ms(quantile(all, 0.5))}`, 'under 300 ms');
  line('  an empty page in its place', ms(quantile(empty, 0.5)), '-');
  const { mb, perHour } = await memoryOf(live, MINUTES, SAMPLES);
  line(`memory of the window's page while it trains (${MINUTES} minutes)`, `${mb.toFixed(0)} MB, ${perHour.toFixed(1)} MB an hour`, 'flat over an hour');
  const measured = Array.from({ length: 128 }, (_, i) => i); // what the use of the latent space is shown of, once a second
  for (const [what, wanted, set, asks] of [
    ['open panel', 'under 3 %', (on: boolean) => (on ? openPanel(page) : closePanel(page)), undefined],
    ['beside the code, without a panel', 'under 1 %', (on: boolean) => setBeside(live, on), () => api.request('encode', { indices: measured })],
  ] as const) {
    const { toNone, toOther, own } = await compare(live, { rounds: ROUNDS, steps: STEPS_A_ROUND }, set, asks);
    line(`${what}, processor time a step, host + extension (${ROUNDS} x ${STEPS_A_ROUND} steps)`, toNone, wanted);
    line('  against without it beside as much work of another process', toOther, wanted);
    line('  what of that can be named: the extension host, what it asks the host', own, wanted);
  }
  await api.request('shutdown', {}).catch(() => undefined);
  close();
} finally {
  await window.close();
}
