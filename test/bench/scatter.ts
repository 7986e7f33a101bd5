// Measures the map of the latent space in a browser, the panel fed with as many points as it takes: jiti test/bench/scatter.ts, and a part of npm run bench:ui
import { closeAll, openPanel, recorded } from '../webview/harness';

const POINTS = 70_000;
const FRAMES = 120;
const SIZE = 20;

/** Script time a frame, in ms, while the map is panned; and what the first picture of it took. */
export async function benchScatter(): Promise<{ pan: number[]; hover: number[]; shownMs: number; points: number }> {
  const normal = (i: number): number => Math.sqrt(-2 * Math.log((((i * 7919) % 10_007) + 1) / 10_008)) * Math.cos(i * 2.399963); // spread as a Gaussian is
  const run = { ...recorded.last, manifest: { ...recorded.last.manifest, latentDim: SIZE, testCount: POINTS } };
  const panel = await openPanel({
    width: 1000, snapshot: { view: 'latent', run, kept: { latent: undefined } },
    handlers: {
      describeData: () => Promise.resolve({ trainCount: POINTS, testCount: POINTS, classes: 10, factorNames: [] }),
      encodePiece: ({ from, count }) => {
        const held = Math.min(count, POINTS - from);
        const means = Float32Array.from({ length: held * SIZE }, (_, i) => normal(from * SIZE + i) + ((from + Math.floor(i / SIZE)) % 10 === i % SIZE ? 3 : 0));
        return Promise.resolve({ step: 100, count: held, means, logVariances: new Float32Array(held * SIZE).fill(-2), reconstruction: new Float32Array(held), kl: new Float32Array(held), labels: Float32Array.from({ length: held }, (_, i) => (from + i) % 10) });
      },
    },
  });
  try {
    const { page } = panel;
    await page.getByTestId('map-points').waitFor();
    await page.getByRole('combobox', { name: 'examples' }).click();
    const began = performance.now();
    await page.getByRole('option', { name: POINTS.toLocaleString('en') }).click();
    await page.locator(`[data-testid=map-points][data-points="${POINTS}"]`).waitFor({ timeout: 120_000 });
    const shownMs = performance.now() - began;
    const session = await page.context().newCDPSession(page);
    await session.send('Performance.enable', { timeDomain: 'threadTicks' }); // processor time: whatever else the machine does is left out
    const script = async (): Promise<number> => 1000 * ((await session.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'ScriptDuration')?.value ?? NaN);
    const frame = (): Promise<void> => page.evaluate(() => new Promise<void>((resolve) => { requestAnimationFrame(() => { requestAnimationFrame(() => { resolve(); }); }); }));
    const box = await page.getByTestId('map').boundingBox();
    if (!box) throw new Error('The map has no place.');
    const frames = async (): Promise<number[]> => {
      const times: number[] = [];
      await frame();
      for (let i = 0; i < FRAMES; i++) {
        const before = await script();
        await page.mouse.move(box.x + box.width / 2 + 80 * Math.sin(i / 7), box.y + box.height / 2 + 60 * Math.cos(i / 9));
        await frame();
        times.push(await script() - before);
      }
      return times;
    };
    const hover = await frames();
    await page.mouse.down();
    const pan = await frames();
    await page.mouse.up();
    return { pan, hover, shownMs, points: POINTS };
  } finally {
    await panel.close();
    await closeAll();
  }
}
