import { describe, expect, it } from 'vitest';
import { openPanel, recorded, type Panel, type PanelOptions } from './harness';
import { holder } from './hold';
import { choose, meanOf, means, paintedOf, ready } from './latentHands';

const hold = holder();
const open = async ({ snapshot, ...options }: PanelOptions = {}): Promise<Panel> => {
  return hold(await openPanel({ snapshot: { view: 'latent', ...snapshot }, ...options }));
};

describe('the map of the latent space', () => {
  it('shows the encoded data, in words too', async () => {
    const opened = await open();
    await ready(opened);
    expect(await opened.page.getByTestId('map-summary').innerText()).toMatch(/^200 held-out examples at step 100\. The two directions of most variance: 54\.\d % and 37\.\d % of it\.$/);
    expect(await opened.page.getByTestId('map-points').getAttribute('data-points')).toBe('200');
    expect(await paintedOf(opened)).toBeGreaterThan(1000);
    expect(await opened.aria()).toMatchSnapshot();
  });

  it('tells the example under the pointer, with its picture, and looks at the one clicked', async () => {
    const opened = await open();
    await ready(opened);
    const { page, called } = opened;
    await choose(opened, 'axes', 'two dimensions');
    await page.getByText('z0 across, z1 up').waitFor();
    const map = page.getByTestId('map');
    const box = await map.boundingBox();
    if (!box) throw new Error('The map has no place.');
    for (let i = 0; ; i++) { // on a spiral outwards, as a hand that looks for a point
      const [angle, radius] = [i * 0.5, 4 + i * 0.7];
      await page.mouse.move(box.x + box.width / 2 + radius * Math.cos(angle), box.y + box.height / 2 + radius * Math.sin(angle));
      if (await page.locator('.map-card').count() > 0) break;
      expect(i).toBeLessThan(200);
    }
    await page.getByTestId('hovered').waitFor();
    const [said = ''] = (await page.locator('.map-card').innerText()).split('\n');
    const index = Number(/^held-out example (\d+)$/.exec(said)?.[1]) - 1;
    expect(await page.locator('.map-card').innerText()).toContain(`label ${index % 3}`);
    await page.mouse.down();
    await page.mouse.up();
    await page.getByRole('heading', { name: said }).waitFor();
    await called('keepState');
    const kept = (opened.calls.filter(({ method }) => method === 'keepState').at(-1)?.params ?? {}) as { state: { place: number[]; placeOf: object } };
    await expect.poll(() => (opened.calls.filter(({ method }) => method === 'keepState').at(-1)?.params as typeof kept).state.placeOf).toEqual({ split: 'test', index });
    expect((opened.calls.filter(({ method }) => method === 'keepState').at(-1)?.params as typeof kept).state.place).toEqual(meanOf(index));
  });

  it('is moved and zoomed; examples lassoed are a group', async () => {
    const opened = await open();
    await ready(opened);
    const { page } = opened;
    await paintedOf(opened);
    const box = await page.getByTestId('map').boundingBox();
    if (!box) throw new Error('The map has no place.');
    const before = await page.locator('.map-hand .place').getAttribute('cx');
    await page.mouse.move(box.x + 200, box.y + 200);
    await page.mouse.down();
    await page.mouse.move(box.x + 260, box.y + 200, { steps: 4 });
    await page.mouse.up();
    expect(Number(await page.locator('.map-hand .place').getAttribute('cx')) - Number(before)).toBeCloseTo(60, 0);
    await page.getByRole('button', { name: 'Show all' }).click();
    await page.getByRole('button', { name: 'Lasso' }).click();
    const corners = [[5, 5], [box.width - 5, 5], [box.width - 5, box.height - 5], [5, box.height - 5]] as const;
    await page.mouse.move(box.x + 5, box.y + 5);
    await page.mouse.down();
    for (const [x, y] of corners) await page.mouse.move(box.x + x, box.y + y, { steps: 8 });
    await page.mouse.up();
    await page.getByRole('textbox', { name: 'Name of the group' }).waitFor();
    expect(await page.locator('.group .unit').first().innerText()).toBe('200 held-out examples');
  });

  it('is used with the keyboard alone: a cross looks, corners make a lasso', async () => {
    const opened = await open();
    await ready(opened);
    const { page } = opened;
    const map = page.getByTestId('map');
    await map.focus();
    for (let i = 0; i < 60 && await page.locator('.map-card').count() === 0; i++) await page.keyboard.press(['ArrowRight', 'ArrowDown', 'ArrowRight', 'ArrowUp'][i % 4] ?? '');
    const [said = ''] = (await page.locator('.map-card').innerText()).split('\n');
    await page.keyboard.press('Enter');
    await page.getByRole('heading', { name: said }).waitFor();
    await page.keyboard.press('Home');
    await map.press('Shift+ArrowUp');
    for (const keys of [['Shift+ArrowUp', 'Shift+ArrowLeft'], ['Shift+ArrowRight', 'Shift+ArrowRight'], ['Shift+ArrowDown', 'Shift+ArrowDown', 'Shift+ArrowDown'], ['Shift+ArrowLeft', 'Shift+ArrowLeft']]) {
      for (const key of keys) await page.keyboard.press(key);
      await page.keyboard.press('l');
    }
    await page.keyboard.press('g');
    await page.getByRole('textbox', { name: 'Name of the group' }).waitFor();
    expect(Number(/^(\d+) held-out examples$/.exec(await page.locator('.group .unit').first().innerText())?.[1])).toBeGreaterThan(10);
  });

  it('colours by what the data knows, and says so', async () => {
    const opened = await open();
    await ready(opened);
    await choose(opened, 'colour', 'KL divergence');
    await opened.page.locator('.legend.ramp', { hasText: '10.0' }).waitFor();
    expect(await opened.page.locator('.legend.ramp').innerText()).toBe('10.0\n16.0 nats');
    await choose(opened, 'colour', 'scale');
    await opened.page.locator('.legend.ramp', { hasText: '392.0' }).waitFor();
  });

  it('offers no labels where the data has none', async () => {
    const opened = await open({ handlers: {
      describeData: () => Promise.resolve({ trainCount: 640, testCount: 200, factorNames: [], codeIs: 'gaussian' }),
      encodePiece: ({ count }) => Promise.resolve({ step: 100, count, means: means.slice(0, count * 4), logVariances: means.slice(0, count * 4), reconstruction: new Float32Array(count), kl: new Float32Array(count) }),
    } });
    await ready(opened);
    await opened.page.getByRole('combobox', { name: 'colour' }).click();
    expect(await opened.page.getByRole('option').allInnerTexts()).not.toContain('label');
    expect(await opened.page.getByRole('combobox', { name: 'colour' }).evaluate((list) => (list as HTMLSelectElement).value)).toBe('one');
  });

  it('is fitted by UMAP beside the page', async () => {
    const opened = await open();
    await ready(opened);
    await choose(opened, 'axes', 'UMAP');
    await opened.page.getByText('UMAP of 200 examples, at step 100.').waitFor();
    expect(await paintedOf(opened)).toBeGreaterThan(500);
  });

  it('says what is wrong when the data cannot be encoded', async () => {
    const { page } = await open({ handlers: { describeData: () => Promise.reject(new Error('The training host is gone.')) } });
    await page.getByRole('alert').filter({ hasText: 'The training host is gone.' }).waitFor();
  });

  it('survives a graphics card that is lost, and a theme that changes', async () => {
    const opened = await open();
    await ready(opened);
    await opened.page.getByTestId('map-points').evaluate((canvas) => new Promise<void>((resolve) => {
      const lose = (canvas as HTMLCanvasElement).getContext('webgl2')?.getExtension('WEBGL_lose_context');
      canvas.addEventListener('webglcontextlost', () => { setTimeout(() => lose?.restoreContext()); });
      canvas.addEventListener('webglcontextrestored', () => { resolve(); });
      lose?.loseContext();
    }));
    await opened.page.evaluate(() => { document.body.className = 'vscode-light'; });
    expect(await paintedOf(opened)).toBeGreaterThan(1000);
  });

  it('is encoded anew as training goes on, and keeps what is looked at', async () => {
    const running = { ...recorded.last, manifest: { ...recorded.last.manifest, state: { kind: 'running' as const } } };
    let step = 100;
    const opened = await open({ snapshot: { run: running }, handlers: { encodePiece: ({ from, count }) => Promise.resolve({ step, count: Math.min(count, 200 - from), means: means.slice(4 * from, 800), logVariances: means.slice(4 * from, 800), reconstruction: new Float32Array(200 - from), kl: new Float32Array(200 - from) }) } });
    await ready(opened);
    step = 150;
    const { images } = recorded.last;
    if (!images) throw new Error('Nothing was recorded.');
    await opened.sendHost('state', { state: { kind: 'completed' }, lastStep: 150 });
    await opened.sendHost('images', { ...images, step: 150 });
    await opened.page.getByText('200 held-out examples at step 150').waitFor();
    await opened.page.getByRole('heading', { name: 'held-out example 1' }).waitFor();
  });
});
