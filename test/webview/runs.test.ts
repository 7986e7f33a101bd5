import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { fineTracks } from '../../src/protocol/fineTracks';
import { runsRequests, type ComparedRun, type DiskUse, type RunRow } from '../../src/protocol/runsApi';
import { serve, type Checked, type Handlers } from '../../src/protocol/rpc';
import { savedFileSchema } from '../../src/protocol/savedFile';
import { shownRun } from '../../src/protocol/shownRun';
import { packTracks } from '../../src/protocol/tracks';
import { contrasts } from './contrasts';
import { closeAll, openPage, recorded, type PanelOptions } from './harness';
import type { Theme } from './themes';

const row = (parts: Partial<RunRow>): RunRow => ({
  id: '20260101-000000-shapes-aaaa', model: 'shapes', file: '/models/shapes.vae.ts', pinned: false, live: false, state: { kind: 'completed' }, createdAt: '2026-01-01T10:00:00.000Z', changed: [], lastStep: 100, lastLoss: 105.4,
  bestLoss: 104.9, engine: 'compiled', device: 'CPU, onnxruntime', seconds: 75, bytes: 3_400_000, ...parts,
});
const [a, b, c] = [
  row({ changed: [{ name: 'beta', value: '1' }] }),
  row({ id: '20260102-000000-shapes-bbbb', createdAt: '2026-01-02T10:00:00.000Z', lastLoss: 120.1, bestLoss: 119.5, state: { kind: 'interrupted' }, changed: [{ name: 'beta', value: '1 \u2192 4' }], seconds: 4000 }),
  row({ id: '20260103-000000-digits-cccc', createdAt: '2026-01-03T10:00:00.000Z', model: 'digits', file: '/models/digits.vae.ts', live: true, state: { kind: 'running' }, engine: 'wasm', lastLoss: undefined, bestLoss: undefined, seconds: undefined }),
];
const disk: DiskUse = { runs: { count: 3, bytes: 10_200_000 }, deleted: [{ id: 'gone-dddd', model: 'shapes', deletedAt: '2026-01-04T10:00:00.000Z', bytes: 1_500_000 }], prepared: { folder: '/cache/vae-lab/prepared', count: 2, bytes: 2_500_000_000 }, downloads: { folder: '/cache/vae-lab', bytes: 11_600_000 }, freeBytes: 81e9 };
const compared = (id: string, shift: number, parts: Partial<ComparedRun> = {}): ComparedRun => ({
  id, tracks: packTracks(shownRun({ ...recorded.last, metrics: recorded.last.metrics.map((point) => ({ ...point, loss: point.loss + shift })) }).history.tracks), latentDim: 4, samplesSeed: 1, fingerprint: 'f', ...(recorded.last.images ? { images: recorded.last.images } : {}), ...parts,
});

let close: (() => Promise<void>) | undefined;
let faults: string[] = [];
let kept: () => unknown;
afterEach(async () => {
  await close?.();
  close = undefined;
  expect(faults).toEqual([]);
});
afterAll(closeAll);

/** The page of runs, and this test in the extension's place, with runs of its own. */
async function open({ rows = [a, b, c], handlers = {}, ...options }: { rows?: RunRow[]; handlers?: Partial<Handlers<typeof runsRequests>> } & Pick<PanelOptions, 'theme' | 'width' | 'state'> = {}) {
  const { shown: page, connection, start, faults: broken, kept: state } = await openPage('runs', options);
  kept = state;
  faults = broken;
  const calls: [string, unknown][] = [];
  let now = rows;
  const tell = async (next: RunRow[]): Promise<Record<string, never>> => {
    now = next;
    await connection.sendNotification('rows', { rows: now });
    return {};
  };
  const none = (): Promise<Record<string, never>> => Promise.resolve({});
  const change = (id: string, parts: Partial<RunRow>) => tell(now.map((one) => (one.id === id ? { ...one, ...parts } : one)));
  const all: Handlers<typeof runsRequests> = {
    runsSnapshot: () => Promise.resolve({ rows: now, texts: {}, locale: 'en', section: 'runs' }), openRun: none, openManifest: none, exportRun: none, trainModel: none, saveFile: none, diffRuns: none,
    renameRun: ({ id, label }) => change(id, { label: label || undefined }), pinRun: ({ id, pinned }) => change(id, { pinned }),
    deleteRuns: ({ ids }) => tell(now.filter(({ id }) => !ids.includes(id))), restoreRuns: ({ ids }) => tell([...now, ...rows.filter(({ id }) => ids.includes(id))]),
    compareRuns: ({ ids }) => Promise.resolve({ runs: ids.map((id, i) => compared(id, 10 * i)) }), diskUse: () => Promise.resolve(disk), cleanUp: () => Promise.resolve({ ...disk, deleted: [], prepared: { ...disk.prepared, count: 0, bytes: 0 } }), ...handlers,
  };
  for (const method of Object.keys(all) as (keyof typeof all)[]) {
    const answer = all[method] as (params: unknown) => Promise<never>;
    (all as Record<string, unknown>)[method] = (params: unknown) => { calls.push([method, params]); return answer(params); };
  }
  serve(connection, runsRequests, all);
  await start();
  close = async () => { connection.dispose(); await page.close(); };
  await page.getByRole('heading', { name: 'Runs' }).waitFor();
  const names = (): Promise<string[]> => page.locator('table.runs tbody th').evaluateAll((cells) => cells.map((cell) => cell.querySelector('button')?.textContent ?? ''));
  const ids = (): Promise<string[]> => page.locator('table.runs tbody tr').evaluateAll((lines) => lines.map((line) => line.getAttribute('data-id')?.slice(-4) ?? ''));
  return { page, calls, tell, names, ids, focused: () => page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent ?? '') };
}

describe('the table of runs', () => {
  it('tells of every run, as a table', async () => {
    const { page } = await open();
    const table = page.getByRole('table').first();
    expect(await table.getByRole('columnheader').allInnerTexts()).toEqual(['Model', 'State', 'Changed', 'Last loss', 'Best loss', 'Engine', 'Duration', 'Started \u25bc', 'Size']);
    expect(await table.getByRole('rowheader').count()).toBe(3);
    expect((await table.getByRole('row').nth(2).innerText()).replace(/\s+/g, ' ')).toMatch(/^ ?shapes interrupted beta 1 \u2192 4 120\.1 119\.5 compiled 1 h 6 min 1\/2\/26, .* 3\.4 MB/);
    expect(await table.ariaSnapshot()).toContain('caption: 3 of 3 runs.');
  });

  it('sorts by any column, pinned ones first, and filters by every word', async () => {
    const { page, ids } = await open();
    expect(await ids()).toEqual(['cccc', 'bbbb', 'aaaa']);
    await page.getByRole('button', { name: 'Best loss' }).click();
    expect(await ids()).toEqual(['aaaa', 'bbbb', 'cccc']); // without one: last
    expect(await page.getByRole('columnheader', { name: 'Best loss' }).getAttribute('aria-sort')).toBe('ascending');
    await page.getByRole('button', { name: 'Best loss' }).click();
    expect(await ids()).toEqual(['bbbb', 'aaaa', 'cccc']);
    await page.getByRole('button', { name: 'Pin digits' }).click();
    await page.locator('[data-id$=cccc] [aria-pressed=true]').waitFor();
    expect(await ids()).toEqual(['cccc', 'bbbb', 'aaaa']);
    await page.getByLabel('Filter runs').fill('shapes beta 4');
    expect(await ids()).toEqual(['bbbb']);
    await page.getByLabel('Filter runs').fill('nothing like it');
    await page.getByText('No run fits the filter.').waitFor();
  });

  it('opens, renames, deletes and undoes by keyboard alone', async () => {
    const { page, calls, ids, focused } = await open();
    await page.getByRole('button', { name: 'digits', exact: true }).focus();
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toBe('shapes');
    await page.keyboard.press('Enter');
    expect(calls.at(-1)).toEqual(['openRun', { id: b?.id }]);
    await page.keyboard.press('F2');
    const field = page.getByRole('textbox', { name: 'New name of shapes' });
    await field.waitFor();
    await page.keyboard.insertText('warm-up');
    await page.keyboard.press('Enter');
    await page.getByRole('button', { name: 'warm-up', exact: true }).waitFor();
    expect(calls.at(-1)).toEqual(['renameRun', { id: b?.id, label: 'warm-up' }]);
    await page.waitForFunction(() => document.activeElement?.textContent === 'warm-up');
    await page.keyboard.press('F2');
    await page.getByRole('textbox', { name: 'New name of warm-up' }).waitFor();
    await page.keyboard.insertText('other');
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => document.activeElement?.textContent === 'warm-up');
    await page.keyboard.press('Delete');
    await page.getByText('The run is deleted.').waitFor();
    expect(await ids()).toEqual(['cccc', 'aaaa']);
    await page.getByRole('button', { name: 'Undo' }).press('Enter');
    await page.getByRole('button', { name: 'warm-up', exact: true }).or(page.locator('[data-id$=bbbb]')).first().waitFor();
    expect(await ids()).toEqual(['cccc', 'bbbb', 'aaaa']);
    expect(await page.getByText('The run is deleted.').count()).toBe(0);
  });

  it('tells models of one name apart, and why a live run cannot be deleted', async () => {
    const { page } = await open({ rows: [row({}), row({ id: 'bbbb', file: '/models/deep/shapes.vae.ts', label: 'mine' }), row({ id: 'cccc', model: 'digits', file: '/models/digits.vae.ts', live: true, state: { kind: 'running' } })] });
    const names = (await page.locator('table.runs tbody th').allInnerTexts()).map((text) => text.replace(/\s+/g, ' '));
    expect(names.sort()).toEqual(['digits', 'mine shapes, deep/shapes.vae.ts', 'shapes models/shapes.vae.ts']);
    expect(await page.getByRole('button', { name: 'Delete digits' }).getAttribute('title')).toBe('It trains. Stop it first.');
    expect(await page.getByRole('button', { name: 'Delete shapes' }).getAttribute('title')).toBeNull();
  });

  it('is found as it was when it was hidden', async () => {
    const { page, ids } = await open({ state: { filter: 'shapes', sort: { column: 'best', ascending: true }, selected: [a?.id, b?.id, 'gone'] } });
    expect(await ids()).toEqual(['aaaa', 'bbbb']);
    await page.locator('[data-testid=compare][data-runs="2"]').waitFor();
    await page.getByLabel('Filter runs').fill('4');
    const view = { axis: 'step', logX: false, logY: false, smoothing: 0 };
    await expect.poll(kept).toEqual({ filter: '4', sort: { column: 'best', ascending: true }, selected: [a?.id, b?.id], view });
    await page.getByRole('radio', { name: 'Time' }).click();
    await page.getByLabel('Log y').check();
    await expect.poll(kept).toMatchObject({ view: { ...view, axis: 'seconds', logY: true } });
    await close?.();
    const { ids: fresh } = await open({ state: { filter: 7, sort: 'by nothing' } });
    expect(await fresh()).toEqual(['cccc', 'bbbb', 'aaaa']);
  });

  it('says why a run could not be deleted, and shows what could', async () => {
    const { page } = await open({ handlers: { deleteRuns: () => Promise.reject(new Error('The run x is training. Stop it first.')) } });
    expect(await page.getByRole('button', { name: 'Delete digits' }).isDisabled()).toBe(true);
    await page.getByRole('button', { name: 'Delete shapes' }).first().click();
    await page.getByRole('alert').filter({ hasText: 'is training. Stop it first.' }).waitFor();
    expect(await page.getByRole('button', { name: 'Undo' }).count()).toBe(0);
  });

  it('has what can be done with a run in reach where the table is wider than the page', async () => {
    const { page } = await open({ width: 800 });
    expect(await page.locator('.runs-scroll').evaluate((table) => table.scrollWidth > table.clientWidth)).toBe(true);
    for (const name of ['Pin', 'Rename', 'Export', 'Delete']) {
      const box = await page.getByRole('button', { name: `${name} shapes` }).first().boundingBox();
      expect(box && box.x >= 0 && box.x + box.width <= 800, name).toBe(true);
    }
  });
  it('says what to do where there is none', async () => {
    const { page, calls } = await open({ rows: [] });
    await page.getByText('There are no runs yet. Train a model to make one.').waitFor();
    await page.getByRole('button', { name: 'Train VAE' }).click();
    await page.waitForFunction(() => true);
    expect(calls.map(([method]) => method)).toContain('trainModel');
  });
});

describe('runs side by side', () => {
  it('overlay their curves, show pictures of the same things, and are diffed by the editor', async () => {
    const { page, calls } = await open();
    await page.getByLabel(`Select shapes ${a?.id ?? ''}`).check();
    await page.getByText('Select another run to see both side by side.').waitFor();
    expect(await page.getByRole('button', { name: 'Compare manifests' }).isDisabled()).toBe(true);
    await page.getByLabel(`Select shapes ${b?.id ?? ''}`).check();
    await page.locator('[data-testid=compare][data-runs="2"]').waitFor();
    expect(await page.locator('.overlays [role=img]').evaluateAll((charts) => charts.map((chart) => chart.getAttribute('aria-label')))).toEqual(['Loss', 'Reconstruction', 'KL divergence']);
    await page.getByRole('img', { name: 'shapes bbbb: 16 samples' }).waitFor();
    expect(await page.locator('.legend li').allInnerTexts()).toEqual([expect.stringMatching(/^ ?shapes aaaa [\d.]+ nats at step 100$/), expect.stringMatching(/^ ?shapes bbbb/)]);
    expect(await page.getByRole('note').count()).toBe(0);
    await page.getByRole('button', { name: 'Compare manifests' }).click();
    await page.getByRole('button', { name: 'Compare model files' }).click();
    expect(calls.filter(([method]) => method === 'diffRuns').map(([, params]) => params)).toEqual([{ left: a?.id, right: b?.id, what: 'manifest' }, { left: a?.id, right: b?.id, what: 'source' }]);
    await page.getByRole('button', { name: 'Select none' }).click();
    await page.getByTestId('compare').waitFor({ state: 'detached' });
  });

  it('are read, zoomed and saved as the curves of one run are', async () => {
    const { page, calls } = await open();
    for (const run of [a, b]) await page.getByLabel(`Select shapes ${run?.id ?? ''}`).check();
    const figure = (name: string) => page.getByRole('region', { name, exact: true });
    const [loss, kl] = [figure('Loss'), figure('KL divergence')];
    await loss.locator('.heard').first().filter({ hasText: /^shapes aaaa: from [\d.]+ at step \d+ to [\d.]+ at step 100; lowest .* shapes bbbb: from/ }).waitFor({ state: 'attached' });
    expect(await loss.getByRole('heading').innerText()).toBe('Loss nats, held-out, all');
    const readAtMiddle = async (): Promise<number> => {
      const box = await kl.locator('.u-over').boundingBox();
      if (!box) throw new Error('There is no chart.');
      await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
      return Number((await kl.locator('.at').innerText()).replace('step ', ''));
    };
    const plot = loss.getByRole('application', { name: 'Loss' });
    await plot.focus();
    await page.keyboard.press('ArrowLeft');
    expect((await loss.locator('.last').innerText()).replace(/\s+/g, ' ')).toMatch(/^step \d+ shapes aaaa [\d.]+ ?shapes bbbb [\d.]+$/);
    const before = await readAtMiddle();
    await plot.focus();
    for (let i = 0; i < 4; i++) await page.keyboard.press('Shift+ArrowRight');
    for (let i = 0; i < 4; i++) await page.keyboard.press('+');
    for (let i = 0; i < 9; i++) await page.keyboard.press('Shift+ArrowRight');
    await expect.poll(readAtMiddle).toBeGreaterThan(before + 10); // all charts are zoomed together
    await plot.focus();
    await page.keyboard.press('0');
    await expect.poll(readAtMiddle).toBe(before); // drawn a frame after the key
    const menu = loss.getByLabel('Loss: copy, save, data');
    await menu.click();
    await loss.getByRole('button', { name: 'Show Data Table' }).click();
    expect((await loss.locator('thead').innerText()).trim()).toBe('step\tshapes aaaa\tshapes bbbb\tshapes aaaa: seconds\tshapes bbbb: seconds');
    await menu.click();
    await loss.getByRole('button', { name: 'Save as CSV...' }).click();
    await menu.click();
    await loss.getByRole('button', { name: 'Save as PNG...' }).click();
    await expect.poll(() => calls.filter(([method]) => method === 'saveFile').length).toBe(2);
    const saved = calls.flatMap(([method, params]) => (method === 'saveFile' ? [savedFileSchema.parse(params)] : []));
    expect(saved.map(({ name, format }) => `${name}.${format}`)).toEqual(['runs-loss.csv', 'runs-loss.png']);
    const rows = new TextDecoder().decode(saved[0]?.content).trim().split('\r\n').map((line) => line.split(','));
    expect(rows[0]).toEqual(['step', 'shapes aaaa', 'shapes bbbb', 'shapes aaaa: seconds', 'shapes bbbb: seconds']);
    for (const [, first, second] of rows.slice(1)) expect(Number(second) - Number(first)).toBeCloseTo(10, 4);
    expect([...saved[1]?.content.slice(1, 4) ?? []]).toEqual([0x50, 0x4e, 0x47]);
    await loss.getByRole('button', { name: 'Loss: full screen' }).click();
    await page.getByRole('dialog', { name: 'Loss' }).getByRole('application').waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  it('are read again while a run trains, and once more when it has ended', async () => {
    const rows = [a, b, c].flatMap((one) => (one ? [one] : []));
    const live = rows.map((one) => (one.id === a?.id ? { ...one, live: true } : one));
    const { page, calls, tell } = await open();
    for (const run of [a, b]) await page.getByLabel(`Select shapes ${run?.id ?? ''}`).check();
    const read = (): number => calls.filter(([method]) => method === 'compareRuns').length;
    await expect.poll(read).toBe(1);
    for (const [told, times] of [[live, 2], [live, 3], [rows, 4], [rows, 4]] as const) {
      await tell([...told]);
      await expect.poll(read).toBe(times);
    }
  });

  it('stand over time where that is asked for, as they did when the page was hidden', async () => {
    const { page } = await open({ state: { selected: [a?.id, b?.id], view: { axis: 'seconds', logX: false, logY: true, smoothing: 0 } } });
    const loss = page.getByRole('region', { name: 'Loss', exact: true });
    await loss.getByRole('application', { name: 'Loss' }).focus();
    await page.keyboard.press('ArrowLeft');
    await loss.getByText(/^[\d.]+ s$/).waitFor();
    await page.keyboard.press('+');
    await page.getByRole('button', { name: 'Show all' }).click(); // which is off where all is seen
    await page.getByRole('radio', { name: 'Steps' }).click();
    await loss.getByRole('application', { name: 'Loss' }).focus();
    await page.keyboard.press('ArrowLeft');
    await loss.getByText(/^step \d+$/).waitFor();
  });

  it('of long runs are drawn from some of their points, closely from more, and saved from all', async () => {
    const whole = shownRun({ ...recorded.last, metrics: recorded.last.metrics.filter(({ split }) => split === 'train') }).history.tracks;
    const long = (id: string, { range, most }: Pick<Checked<typeof runsRequests, 'compareRuns'>, 'range' | 'most'>): ComparedRun => compared(id, 0, { tracks: packTracks(most === undefined ? whole : fineTracks(whole, { smoothing: 0, range }, 60)) });
    const { page, calls } = await open({ handlers: { compareRuns: ({ ids, ...asked }) => Promise.resolve({ runs: ids.map((id) => long(id, asked)) }) } });
    for (const run of [a, b]) await page.getByLabel(`Select shapes ${run?.id ?? ''}`).check();
    const loss = page.getByRole('region', { name: 'Loss', exact: true });
    const plot = loss.getByRole('application', { name: 'Loss' });
    const asked = () => calls.flatMap(([method, params]) => (method === 'compareRuns' ? [runsRequests.compareRuns.params.parse(params)] : []));
    await plot.focus();
    await expect.poll(() => asked().length).toBe(1);
    for (let i = 0; i < 5; i++) await page.keyboard.press('+');
    await expect.poll(() => { const { min, max } = asked().at(-1)?.range ?? { min: 0, max: Infinity }; return max - min; }).toBeLessThan(40);
    let inRow = 0;
    await expect.poll(async () => { // each step that is pointed at has its own loss
      await page.keyboard.press('ArrowLeft');
      await page.evaluate(() => new Promise((resolve) => { requestAnimationFrame(resolve); }));
      const [, step = '', shown = ''] = /^step (\d+) shapes aaaa ([\d.]+)/.exec((await loss.locator('.last').innerText()).replace(/\s+/g, ' ')) ?? [];
      const own = whole.train.columns.get('loss')?.at(Number(step) - 1) ?? NaN;
      inRow = Math.abs(own - Number(shown)) < 0.06 ? inRow + 1 : 0;
      return inRow;
    }).toBeGreaterThan(9);
    const menu = loss.getByLabel('Loss: copy, save, data');
    await menu.click();
    await loss.getByRole('button', { name: 'Save as CSV...' }).click();
    await expect.poll(() => calls.filter(([method]) => method === 'saveFile').length).toBe(1);
    expect(asked().at(-1)).toEqual({ ids: [a?.id, b?.id] });
    const saved = calls.flatMap(([method, params]) => (method === 'saveFile' ? [savedFileSchema.parse(params)] : []));
    expect(new TextDecoder().decode(saved[0]?.content).trim().split('\r\n')).toHaveLength(1 + whole.train.length);
    await menu.click();
    await loss.getByRole('button', { name: 'Show Data Table' }).click();
    await loss.getByText(/^Loss: \d+ rows of a long run\. The CSV file has all\.$/).waitFor();
  });

  it('say where they do not show the same', async () => {
    const { page } = await open({ handlers: { compareRuns: ({ ids }) => Promise.resolve({ runs: ids.map((id, i) => compared(id, 0, i === 0 ? {} : { fingerprint: 'g' })) }) } });
    for (const run of [a, b]) await page.getByLabel(`Select shapes ${run?.id ?? ''}`).check();
    await page.getByRole('note').filter({ hasText: 'trained on different data' }).waitFor();
  });
});

describe('the disk', () => {
  it('tells what runs take, restores, and cleans up', async () => {
    const { page, calls } = await open();
    const section = page.getByRole('region', { name: 'Disk' });
    await section.getByText('81.0 GB free').waitFor();
    expect((await section.getByRole('row').allInnerTexts()).map((text) => text.replace(/\s+/g, ' ').trim())).toEqual(['Runs 3 10.2 MB', 'Deleted runs 1 1.5 MB Delete for Good...', 'shapes gone-dddd 1.5 MB Restore', 'Data sets made ready 2 2.5 GB Clean Up...', 'Downloads 11.6 MB /cache/vae-lab']);
    await section.getByRole('button', { name: 'Restore shapes gone-dddd' }).click();
    await section.getByRole('button', { name: 'Clean Up...' }).click();
    await section.getByText('0 B').first().waitFor();
    expect(calls.filter(([method]) => method === 'restoreRuns' || method === 'cleanUp')).toEqual([['restoreRuns', { ids: ['gone-dddd'] }], ['cleanUp', { what: 'prepared' }]]);
  });
});

describe('the page of runs in each theme and at any width', () => {
  for (const theme of ['dark', 'light', 'highContrast'] satisfies Theme[]) {
    for (const width of [400, 1200]) {
      it(`fits and can be read: ${theme}, ${width} px`, async () => {
        const { page } = await open({ theme, width });
        for (const run of [a, b]) await page.getByLabel(`Select shapes ${run?.id ?? ''}`).check();
        await page.locator('[data-testid=compare][data-runs="2"]').waitFor();
        await page.getByText('81.0 GB free').waitFor();
        await page.screenshot({ path: `out/runs-${theme}-${width}.png`, fullPage: true });
        expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
        expect(await page.locator('table.runs caption span').evaluate((text) => text.getBoundingClientRect().right), 'what keys do is read without scrolling').toBeLessThanOrEqual(width);
        expect(await page.evaluate(contrasts)).toEqual([]);
      });
    }
  }
});
