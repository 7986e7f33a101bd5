import { describe, expect, it } from 'vitest';
import type { LatentItem } from '../../src/spec/latentItem';
import { openPanel, recorded, type Panel, type PanelOptions } from './harness';
import { holder } from './hold';
import { changed, choose, meanOf, means, originals, pixels, ready, tool } from './latentHands';

const hold = holder();
const open = async ({ snapshot, ...options }: PanelOptions = {}): Promise<Panel> => {
  return hold(await openPanel({ snapshot: { view: 'latent', ...snapshot }, ...options }));
};

describe('a place', () => {
  it('is moved on the pad by pointer and by keyboard, decoding the newest only', async () => {
    const asked: Float32Array[] = [];
    const opened = await open({ handlers: { decode: ({ z }) => { asked.push(z); return Promise.resolve({ ...recorded.answers.decode, count: 1, pixels: recorded.answers.decode.pixels.slice(0, 1024).map((_, i) => Math.round(40 * ((z[0] ?? 0) + 3)) + (i % 3)) }); } } });
    const { page } = opened;
    await ready(opened);
    await page.getByTestId('pad-image').waitFor();
    await page.getByTestId('pad').scrollIntoViewIfNeeded();
    const box = await page.getByTestId('pad').boundingBox();
    if (!box) throw new Error('The pad has no place.');
    const before = await pixels(opened, 'pad-image');
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
    await page.mouse.down();
    await page.mouse.move(box.x + box.width * 0.75, box.y + box.height * 0.25, { steps: 20 });
    await page.mouse.up();
    await changed(opened, 'pad-image', before);
    await page.getByText('z0 = 1.50, z1 = 1.50').waitFor();
    expect([...asked.at(-1) ?? []].slice(0, 2).map((value) => value.toFixed(2))).toEqual(['1.50', '1.50']);
    expect([...asked.at(-1) ?? []].slice(2)).toEqual(meanOf(0).slice(2)); // the other dimensions are the example's
    await page.getByTestId('pad').press('Shift+ArrowLeft');
    await page.getByText('z0 = 0.50, z1 = 1.50').waitFor();
    await page.getByTestId('pad').press('ArrowDown');
    await page.getByText('z0 = 0.50, z1 = 1.40').waitFor();
    await page.getByTestId('pad').press('Home');
    await page.getByText('z0 = 0.00, z1 = 0.00').waitFor();
    await page.getByRole('heading', { name: 'A place' }).waitFor();
    await page.getByRole('slider', { name: /^z3, KL / }).focus();
    await page.keyboard.press('End');
    await expect.poll(() => asked.at(-1)?.[3]).toBe(4);
  });

  it('keeps a name that is typed as soon as its field is there', async () => {
    const opened = await open();
    await ready(opened);
    const { page } = opened;
    await page.getByRole('button', { name: 'Save to Run' }).click();
    await page.getByText('Saved as "place 1".').waitFor();
    await page.evaluate(() => {
      new MutationObserver((_, observer) => { // before the frame in which it is first drawn
        const field = document.querySelector<HTMLInputElement>('input[aria-label=Name]');
        if (!field) return;
        observer.disconnect();
        field.value = 'my place';
        field.dispatchEvent(new Event('input', { bubbles: true }));
      }).observe(document.body, { childList: true, subtree: true });
    });
    await tool(opened, 'Saved').click();
    const name = page.getByRole('textbox', { name: 'Name', exact: true });
    await name.waitFor();
    for (let drawn = 0; drawn < 10; drawn++) await page.evaluate(() => new Promise((resolve) => { requestAnimationFrame(() => { setTimeout(resolve); }); }));
    expect(await name.inputValue()).toBe('my place');
  });

  it('that is an example, or the end of a path, is where the model has it now, not where it had it when it was kept', async () => {
    const stale = [9, 9, 9, 9];
    const latent = {
      tool: 'path', split: 'test', count: 1000, axes: 'principal', dims: [0, 1], colour: 'label', place: stale, placeOf: { split: 'test', index: 3 }, padDims: [0, 1],
      stops: [{ z: stale, example: { split: 'test', index: 5 } }, { z: stale }], along: 'line', frames: 5, groups: [], vector: { from: '', to: '', strength: 1 }, manifold: { plane: 'dimensions', dims: [0, 1], side: 15 }, label: 0,
    };
    const opened = await open({ snapshot: { kept: { latent } } });
    await ready(opened);
    const { page, called } = opened;
    await page.getByRole('region', { name: 'Interpolation' }).getByRole('button', { name: 'Insert as Code' }).click();
    expect(await called('insertItem')).toMatchObject({ item: { kind: 'path', through: [meanOf(5), stale] } });
    await page.getByRole('region', { name: 'Place' }).getByRole('button', { name: 'Insert as Code' }).click();
    expect(await called('insertItem', 2)).toEqual({ item: { kind: 'point', z: meanOf(3) } });
  });

  it('becomes code, and an item of the run', async () => {
    const opened = await open();
    await ready(opened);
    const { page, called } = opened;
    await page.getByRole('button', { name: 'Insert as Code' }).click();
    expect(await called('insertItem')).toEqual({ item: { kind: 'point', z: meanOf(0) } });
    await page.getByText('Inserted as code.').waitFor();
    await page.getByRole('button', { name: 'Save to Run' }).click();
    expect(await called('saveItem')).toEqual({ name: 'place 1', item: { kind: 'point', z: meanOf(0) } });
    await page.getByText('Saved as "place 1".').waitFor();
    await tool(opened, 'Saved').click();
    const name = page.getByRole('textbox', { name: 'Name', exact: true });
    await name.fill('my place');
    const { images } = recorded.last;
    if (!images) throw new Error('Nothing was recorded.');
    await opened.sendHost('images', { ...images, step: 101 });
    await called('drawItem', 2); // a live run draws the row anew: what is typed stays
    expect(await name.inputValue()).toBe('my place');
    await page.keyboard.press('Enter');
    expect(await called('deleteItem')).toEqual({ name: 'place 1' });
    await page.getByRole('button', { name: 'Look at my place' }).click();
    await page.getByTestId('pad').waitFor();
    await tool(opened, 'Saved').click();
    await page.getByRole('button', { name: 'Delete my place' }).click();
    await page.getByText('Nothing is saved yet.').waitFor();
  });
});

describe('a picture of one\'s own', () => {
  const own = (of: Panel, name: string, buffer: Buffer) => of.page.locator('input[type=file]').setInputFiles({ name, mimeType: 'image/png', buffer });
  /** A picture as a browser writes it. */
  const png = async (of: Panel, width: number, height: number): Promise<Buffer> => Buffer.from(await of.page.evaluate(([w, h]) => {
    const canvas = document.createElement('canvas');
    [canvas.width, canvas.height] = [w, h];
    const context = canvas.getContext('2d');
    if (context) { context.fillStyle = '#ff0000'; context.fillRect(0, 0, w, h); }
    return canvas.toDataURL('image/png').split(',')[1] ?? '';
  }, [width, height] as const), 'base64');

  it('is resized, made grey, encoded; its place is looked at; it can be inverted', async () => {
    const opened = await open();
    await ready(opened);
    const { page, called } = opened;
    await own(opened, 'red.png', await png(opened, 200, 100));
    await page.getByText('red.png, 200x100, resized to 32x32').waitFor();
    const sent = await called('encodePictures') as { pictures: { height: number; width: number; channels: number; pixels: Uint8Array } };
    expect([sent.pictures.height, sent.pictures.width, sent.pictures.channels, ...new Set(sent.pictures.pixels)]).toEqual([32, 32, 1, 76]); // 0.299 of 255
    await page.getByRole('heading', { name: 'A place' }).waitFor();
    await page.getByLabel('invert').check();
    expect(new Set((await called('encodePictures', 2) as typeof sent).pictures.pixels)).toEqual(new Set([179]));
  });

  it('is dropped, or pasted', async () => {
    const opened = await open();
    await ready(opened);
    const { page } = opened;
    const bytes = [...await png(opened, 40, 40)];
    const transfer = (name: string) => page.evaluateHandle(([given, called]) => {
      const data = new DataTransfer();
      data.items.add(new File([Uint8Array.from(given)], called, { type: 'image/png' }));
      return data;
    }, [bytes, name] as const);
    await page.getByTestId('own').dispatchEvent('drop', { dataTransfer: await transfer('dropped.png') });
    await page.getByText('dropped.png, 40x40, resized to 32x32').waitFor();
    await page.evaluate((data) => document.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data })), await transfer('pasted.png'));
    await page.getByText('pasted.png, 40x40, resized to 32x32').waitFor();
  });

  it('of too many pixels is not even unpacked; what is no picture is refused', async () => {
    const opened = await open();
    await ready(opened);
    const header = Buffer.from((await png(opened, 1, 1)));
    header.writeUInt32BE(10_000, 16); // a PNG's own width and height
    header.writeUInt32BE(10_000, 20);
    await own(opened, 'huge.png', header);
    await opened.page.getByRole('alert').filter({ hasText: 'huge.png has 100 megapixels; at most 64 are read. Make it smaller first.' }).waitFor();
    await own(opened, 'text.png', Buffer.from('not a picture'));
    await opened.page.getByRole('alert').filter({ hasText: 'text.png is not a picture that can be read.' }).waitFor();
    await own(opened, 'torn.png', (await png(opened, 64, 64)).subarray(0, 60));
    await opened.page.getByRole('alert').filter({ hasText: 'torn.png is damaged' }).waitFor();
    expect(opened.calls.map(({ method }) => method)).not.toContain('encodePictures');
  });
});

describe('a path', () => {
  it('leads through the places chosen, with norms and real neighbours, as line, great circle, or along the data', async () => {
    const opened = await open();
    await ready(opened);
    const { page, calls, called } = opened;
    await tool(opened, 'Path').focus();
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Between Two Examples' }).click();
    await page.getByTestId('interpolation').getByRole('button').nth(10).waitFor();
    await page.getByRole('button', { name: /^frame 11 of 11, norm 3\.\d\d, 0\.00 from 2$/ }).waitFor();
    expect(await opened.aria()).toMatchSnapshot();
    const lastPath = (): number[] => [...(calls.filter(({ method, params }) => method === 'decode' && (params as { z: Float32Array }).z.length > 4).at(-1)?.params as { z: Float32Array } | undefined)?.z ?? []];
    const line = lastPath();
    expect(line.slice(0, 4)).toEqual(meanOf(0));
    expect(line.slice(40)).toEqual(meanOf(1));
    await choose(opened, 'along', 'a great circle');
    await expect.poll(lastPath).not.toEqual(line);
    await page.getByRole('button', { name: 'Insert as Code' }).last().click();
    expect(await called('insertItem')).toEqual({ item: { kind: 'path', through: [meanOf(0), meanOf(1)], steps: 11, along: 'greatCircle' } });
    const circle = lastPath();
    await choose(opened, 'along', 'the data');
    await expect.poll(lastPath).not.toEqual(circle);
    await page.getByRole('button', { name: 'Save to Run' }).last().click();
    const { item } = await called('saveItem') as { item: Extract<LatentItem, { kind: 'path' }> };
    expect([item.through.length, item.steps, item.along]).toEqual([11, 11, 'line']); // the places themselves
    await page.getByRole('button', { name: 'Add an Example' }).click();
    await page.locator('.stops li').nth(2).waitFor();
    await page.getByRole('button', { name: /^Remove held-out example/ }).first().click();
    await expect.poll(() => page.locator('.stops li').count()).toBe(2);
  });

  it('is copied, and saved as PNG and GIF', async () => {
    const opened = await open();
    await ready(opened);
    const { page, called } = opened;
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await tool(opened, 'Path').click();
    await page.getByRole('button', { name: 'Between Two Examples' }).click();
    await page.getByTestId('interpolation').waitFor();
    await page.getByRole('button', { name: 'Save as GIF...' }).click();
    expect(await called('savePictures')).toMatchObject({ name: 'shapes-interpolation', columns: 11, format: 'gif', pictures: [{ count: 11, height: 32, width: 32 }] });
    await page.getByRole('button', { name: 'Save as PNG...' }).click();
    expect(await called('savePictures', 2)).toMatchObject({ format: 'png' });
    await page.getByRole('button', { name: 'Copy' }).click();
    await page.getByText('Copied.').waitFor();
    expect(await page.evaluate(async () => {
      const [item] = await navigator.clipboard.read();
      const bitmap = await createImageBitmap(await (item as ClipboardItem).getType('image/png'));
      return [bitmap.width, bitmap.height];
    })).toEqual([11 * 32, 32]);
  });
});

describe('groups and what follows from them', () => {
  it('make an attribute vector, which moves the place and becomes code', async () => {
    const opened = await open();
    await ready(opened);
    const { page, called, calls } = opened;
    await page.getByRole('button', { name: 'label 1, 67 examples: make a group' }).click();
    await page.getByRole('textbox', { name: 'Name of the group' }).fill('ones');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'Delete ones' }).waitFor();
    await choose(opened, 'from', 'label 0');
    await choose(opened, 'to', 'ones');
    expect(await opened.aria()).toMatchSnapshot();
    const mean = (label: number): number[] => [0, 1, 2, 3].map((d) => { const of = Array.from({ length: 200 }, (_, i) => i).filter((i) => i % 3 === label); return of.reduce((sum, i) => sum + (means[4 * i + d] ?? 0) / of.length, 0); });
    const direction = mean(1).map((value, d) => value - (mean(0)[d] ?? 0));
    await page.getByRole('slider', { name: 'strength' }).focus();
    await page.keyboard.press('End');
    await page.getByRole('button', { name: 'strength 3.00: go there' }).click();
    await page.getByRole('heading', { name: 'A place' }).waitFor();
    const kept = (): number[] => (calls.filter(({ method }) => method === 'keepState').at(-1)?.params as { state: { place: number[] } }).state.place;
    await expect.poll(() => kept()[0] ?? NaN).toBeCloseTo((meanOf(0)[0] ?? 0) + 3 * (direction[0] ?? 0), 4);
    await page.locator('section', { hasText: 'Attribute vector' }).last().getByRole('button', { name: 'Insert as Code' }).click();
    const { item } = await called('insertItem') as { item: Extract<LatentItem, { kind: 'direction' }> };
    item.direction.forEach((value, d) => { expect(value).toBeCloseTo(direction[d] ?? NaN, 4); });
    await page.locator('.group').getByRole('button', { name: 'Save to Run' }).click();
    expect(await called('saveItem')).toMatchObject({ name: 'ones 1', item: { kind: 'group', split: 'test', indices: expect.arrayContaining([1, 4, 7]) as number[] } });
    await page.getByRole('button', { name: 'Delete ones' }).click();
    await page.getByText('Draw a lasso on the map').waitFor();
  });

  it('dimensions are traversed, the one with the most KL first; a row becomes code', async () => {
    const opened = await open();
    await ready(opened);
    const { page, called } = opened;
    await tool(opened, 'Traversals').click();
    await page.getByTestId('traversals').getByRole('img').nth(3).waitFor();
    const kls = (await page.getByTestId('traversals').locator('button .unit').allInnerTexts()).map(Number);
    expect(kls).toEqual([...kls].sort((a, b) => b - a));
    expect(kls).toHaveLength(4);
    await page.getByRole('button', { name: /^z2, KL .*: choose this row$/ }).click();
    await page.getByRole('button', { name: 'Insert as Code' }).last().click();
    expect(await called('insertItem')).toMatchObject({ item: { kind: 'direction', direction: [0, 0, 1, 0], from: meanOf(0).map((value, d) => (d === 2 ? 0 : value)) } });
  });

  it('the manifold is a grid whose places are looked at by pointer and by keyboard', async () => {
    const opened = await open();
    await ready(opened);
    const { page, calls } = opened;
    await tool(opened, 'Manifold').click();
    await page.getByTestId('manifold').waitFor();
    const last = (): { z: Float32Array } => calls.filter(({ method, params }) => method === 'decode' && (params as { z: Float32Array }).z.length === 4 * 225).at(-1)?.params as { z: Float32Array };
    const grid = last();
    expect([grid.z[0], grid.z[1]].map((value) => value?.toFixed(3))).toEqual(['-1.834', '1.834']); // the 1/30 and 29/30 quantiles
    await page.getByTestId('manifold').focus();
    await page.keyboard.press('ArrowRight');
    await page.getByRole('heading', { name: 'A place' }).waitFor();
    await choose(opened, 'plane', 'PCA');
    await page.getByText('two deviations of the data to each side of its mean').waitFor();
    await expect.poll(() => last().z[2]).not.toBe(grid.z[2]);
  });

  it('the aggregate posterior of each dimension stands beside the prior, in words too', async () => {
    const opened = await open();
    await ready(opened);
    await tool(opened, 'Posterior').click();
    await opened.page.getByTestId('posteriors').waitFor();
    expect(await opened.page.getByTestId('posteriors').ariaSnapshot()).toMatchSnapshot();
  });
});

describe('the latent tab', () => {
  it('shows the same when it is opened again', async () => {
    const first = await open();
    await ready(first);
    await tool(first, 'Path').click();
    await first.page.getByRole('button', { name: 'Between Two Examples' }).click();
    await first.page.getByTestId('interpolation').waitFor();
    await choose(first, 'axes', 'two dimensions');
    await first.page.getByText('z0 across, z1 up').waitFor();
    const { page } = first;
    const state = (): { tool: string; axes: string } => (first.calls.filter(({ method }) => method === 'keepState').at(-1)?.params as { state: { tool: string; axes: string } }).state;
    await expect.poll(state).toMatchObject({ tool: 'path', axes: 'dimensions' });
    await page.mouse.move(0, 0);
    await page.getByRole('button', { name: /^frame 11 of 11, norm/ }).waitFor();
    await page.getByTestId('map').focus();
    const before = await first.aria();
    const kept = { latent: state() };
    await first.close();
    const again = await open({ snapshot: { kept } });
    await again.page.getByRole('button', { name: /^frame 11 of 11, norm/ }).waitFor();
    await again.page.getByText('z0 across, z1 up').waitFor();
    expect(await again.aria()).toBe(before);
  });

  it.each([['nothing', undefined], ['what it does not know', { tool: 'cube' }], ['another model\'s', { place: [1, 2] }]])('begins anew from %s', async (_, latent) => {
    const opened = await open({ snapshot: { kept: { latent } } });
    await ready(opened);
    await opened.page.getByTestId('pad').waitFor();
  });

  it('waits for a model that is being built', async () => {
    const { page, calls } = await open({ snapshot: { run: { ...recorded.first, manifest: { ...recorded.first.manifest, state: { kind: 'preparing', what: 'Building the model' } } } } });
    await page.getByText('The latent space opens when the model is built.').waitFor();
    expect(calls.map(({ method }) => method)).toEqual(['panelSnapshot']);
    expect(originals.count).toBe(200);
  });
});
