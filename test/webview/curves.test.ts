import { decode } from 'fast-png';
import { describe, expect, it } from 'vitest';
import { packRun } from '../../src/protocol/panelRun';
import type { MetricPoint } from '../../src/protocol/run';
import { FINE_POINTS } from '../../src/protocol/fineTracks';
import { packTracks } from '../../src/protocol/tracks';
import { shownRun } from '../../src/protocol/shownRun';
import { contrasts } from './contrasts';
import { openPanel, recorded, type Panel, type PanelOptions } from './harness';
import { holder } from './hold';
import { themes, type Theme } from './themes';

const hold = holder();
const open = async (options?: PanelOptions): Promise<Panel> => {
  const panel = hold(await openPanel(options));
  await panel.page.getByTestId('samples').waitFor();
  return panel;
};

const running = { ...recorded.last, manifest: { ...recorded.last.manifest, state: { kind: 'running' as const } } };
const [changed] = recorded.last.marks;
/** As the mark of the change is called. */
const AT = `step ${changed?.step}`;
const CHANGE = `${AT}: beta from 1 to 4`;
const region = (of: Panel, name: string) => of.page.getByRole('region', { name, exact: true });
const chart = (of: Panel, name: string) => of.page.getByRole('application', { name, exact: true });
/** Resolves when what is drawn is something else. */
const redrawn = async (of: Panel, name: string, act: () => Promise<unknown>): Promise<void> => {
  const canvas = chart(of, name).locator('canvas');
  const before = await canvas.evaluate((element) => (element as HTMLCanvasElement).toDataURL());
  await act();
  await of.page.waitForFunction(([label, old]) => {
    const now = document.querySelector<HTMLCanvasElement>(`[role=application][aria-label="${label ?? ''}"] canvas`);
    return now !== null && now.toDataURL() !== old;
  }, [name, before]);
};
const box = async (of: Panel, name: string) => {
  const found = await chart(of, name).locator('.u-over').boundingBox();
  if (!found) throw new Error(`${name} is not there.`);
  return found;
};
/** The step under the cursor at a part of a chart's width, as it is read out. */
const stepAt = async (of: Panel, name: string, share: number): Promise<number> => {
  const { x, y, width, height } = await box(of, name);
  await of.page.mouse.move(x + width * share, y + height / 2);
  const said = await region(of, name).locator('.at').innerText();
  return Number(said.replace(/\D/g, ''));
};
const menu = async (of: Panel, name: string, item: string): Promise<void> => {
  await region(of, name).locator('summary').click();
  await region(of, name).getByRole('button', { name: item }).click();
};

describe('curves', () => {
  it('are read under the pointer, all together', async () => {
    const of = await open();
    const step = await stepAt(of, 'Loss', 0.5);
    expect(step).toBeGreaterThan(40);
    expect(step).toBeLessThan(60);
    expect(await region(of, 'Loss').locator('.last').innerText()).toMatch(/^step \d+\s+training [\d.]+\s+held-out [\d.]+$/);
    await region(of, 'KL divergence').locator('.at').waitFor();
    await of.page.mouse.move(1, 1);
    await region(of, 'Loss').locator('.at').waitFor({ state: 'detached' });
  });

  it('are zoomed by dragging, by wheel with a modifier and by keys, all together, while points come; a double click shows all', async () => {
    const of = await open({ snapshot: { run: running } });
    const { x, y, width, height } = await box(of, 'Loss');
    await of.page.mouse.move(x + width * 0.6, y + height / 2);
    await of.page.mouse.down();
    await of.page.mouse.move(x + width * 0.8, y + height / 2, { steps: 5 });
    await of.page.mouse.up();
    const all = of.page.getByRole('button', { name: 'Show all' });
    await all.and(of.page.locator(':enabled')).waitFor();
    const left = await stepAt(of, 'KL divergence', 0.02);
    expect(left).toBeGreaterThan(55);
    expect(await stepAt(of, 'KL divergence', 0.98)).toBeLessThan(85);
    await of.sendHost('metrics', { points: [{ step: 101, epoch: 11, split: 'train', seconds: 5, loss: 1, parts: { reconstruction: 1, kl: 0 } }] });
    await of.page.locator('[data-points="101"]').waitFor();
    expect(await stepAt(of, 'KL divergence', 0.02)).toBe(left); // what is looked at stays
    await of.page.keyboard.down('Control');
    await redrawn(of, 'Loss', () => of.page.mouse.wheel(0, -100));
    await of.page.keyboard.up('Control');
    expect(await stepAt(of, 'Loss', 0.02)).toBeGreaterThanOrEqual(left);
    await of.page.mouse.dblclick(x + width / 2, y + height / 2);
    await of.page.getByRole('button', { name: 'Show all', disabled: true }).waitFor();
    expect(await stepAt(of, 'Loss', 0.02)).toBeLessThan(5);
    await chart(of, 'Loss').focus();
    await redrawn(of, 'Loss', () => of.page.keyboard.press('+'));
    await redrawn(of, 'Loss', () => of.page.keyboard.press('Shift+ArrowRight'));
    await of.page.keyboard.press('0');
    await of.page.getByRole('button', { name: 'Show all', disabled: true }).waitFor();
  });

  it('are read by keys, and said', async () => {
    const of = await open();
    await chart(of, 'Loss').focus();
    await of.page.keyboard.press('ArrowLeft');
    const said = region(of, 'Loss').locator('.last[aria-live=polite]');
    await said.filter({ hasText: /step 9\d/ }).waitFor();
    await of.page.keyboard.press('ArrowLeft');
    await of.page.keyboard.press('ArrowLeft');
    await said.filter({ hasText: /step 9[0-5]/ }).waitFor();
    expect(await of.page.evaluate(() => scrollX)).toBe(0);
  });

  it('scroll the page where the wheel is turned without a modifier', async () => {
    const of = await open({ width: 400 });
    const { x, y } = await box(of, 'Loss');
    await of.page.mouse.move(x + 20, y + 20);
    await of.page.mouse.wheel(0, 120);
    await of.page.waitForFunction(() => scrollY > 0);
    expect(await of.page.getByRole('button', { name: 'Show all', disabled: true }).count()).toBe(1);
  });

  it('have logarithmic axes and are smoothed, and are so when the panel is opened again', async () => {
    const of = await open();
    await redrawn(of, 'Loss', () => of.page.getByLabel('Log y').check());
    await redrawn(of, 'Loss', () => of.page.getByLabel('Log x').check());
    await redrawn(of, 'Loss', () => of.page.getByRole('slider', { name: 'Smoothing' }).fill('4'));
    await redrawn(of, 'Loss', () => of.page.getByRole('radio', { name: 'Time' }).click());
    const kept = { axis: 'seconds', logX: true, logY: true, smoothing: 1 - 2 ** -4 };
    expect(await of.called('keepState', 4)).toEqual({ part: 'curves', state: kept });
    const picture = await chart(of, 'Loss').locator('canvas').evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
    await of.close();
    const again = await open({ snapshot: { kept: { curves: kept } } });
    expect(await again.page.getByRole('slider', { name: 'Smoothing' }).getAttribute('aria-valuetext')).toBe('over 16 points');
    await again.page.waitForFunction((old) => document.querySelector<HTMLCanvasElement>('[role=application][aria-label=Loss] canvas')?.toDataURL() === old, picture);
    await again.close();
    const damaged = await open({ snapshot: { kept: { curves: { axis: 'miles', smoothing: 7 } } } });
    expect(await damaged.page.getByLabel('Log x').isChecked()).toBe(false);
  });

  it('name their marks when they are pointed at or reached', async () => {
    const of = await open();
    const mark = region(of, 'Loss').getByRole('img', { name: CHANGE });
    await mark.focus();
    await region(of, 'Loss').locator('.mark-name', { hasText: CHANGE }).filter({ visible: true }).waitFor();
    await region(of, 'KL divergence').getByRole('img', { name: AT }).hover();
    await region(of, 'KL divergence').locator('.mark-name').filter({ visible: true }).waitFor();
  });

  it('are told in words and shown as numbers', async () => {
    const of = await open();
    const lastLoss = recorded.last.metrics.filter(({ split }) => split === 'train').at(-1)?.loss.toFixed(1);
    expect(await region(of, 'Loss').locator('.heard').innerText()).toMatch(new RegExp(`^Training: from [\\d.]+ at step 1 to ${lastLoss} at step 100; lowest [\\d.]+ at step \\d+\\. Held-out: from .* Changed: ${CHANGE}\\.$`));
    await menu(of, 'Loss', 'Show Data Table');
    const table = region(of, 'Loss').getByRole('table');
    expect(await table.getByRole('row').count()).toBe(61);
    expect(await table.locator('caption').innerText()).toBe('Loss: 60 of 100 rows. The CSV file has all.');
    expect(await table.getByRole('row').last().innerText()).toMatch(/^100\s/);
    await menu(of, 'Loss', 'Hide Data Table');
    await table.waitFor({ state: 'detached' });
  });

  it('are saved and copied, as picture and as numbers', async () => {
    const of = await open();
    await of.page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await menu(of, 'Loss', 'Save as CSV...');
    const csv = await of.called('saveFile') as { name: string; format: string; content: Uint8Array };
    expect([csv.name, csv.format]).toEqual(['shapes-loss', 'csv']);
    const lines = Buffer.from(csv.content).toString('utf8').trimEnd().split('\r\n');
    expect([lines.length, lines[0]]).toEqual([101, 'step,seconds,training,held-out,"held-out, all"']);
    await menu(of, 'Loss', 'Save as PNG...');
    const png = await of.called('saveFile', 2) as { content: Uint8Array };
    const { width, height } = decode(png.content);
    expect(width).toBeGreaterThan(250);
    expect(height).toBeGreaterThan(180);
    await menu(of, 'Loss', 'Copy as CSV');
    await of.page.waitForFunction(async (text) => (await navigator.clipboard.readText()).replaceAll('\r', '') === text, lines.map((line) => `${line}\n`).join('')); // some clipboards end lines their own way
    await menu(of, 'Loss', 'Copy as PNG');
    await of.page.waitForFunction(async () => (await navigator.clipboard.read())[0]?.types.includes('image/png'));
  });

  describe('of a long run', () => {
    const coarse = { ...shownRun({ ...recorded.last, metrics: recorded.last.metrics.filter((_, i) => i % 10 === 0) }), isCoarse: true as const };
    const panelSnapshot = () => Promise.resolve({ subject: { file: '/models/shapes.vae.ts', name: 'shapes', runId: coarse.manifest.id }, view: 'training' as const, texts: {}, locale: 'en', run: packRun(coarse) });
    const all = { points: { runId: coarse.manifest.id, tracks: packTracks(shownRun(recorded.last).history.tracks) } };
    const drawn = (of: Panel, points: number) => of.page.locator(`[data-testid=curves][data-points="${points}"]`).waitFor();

    it('are drawn from some of its points, then from all; none are saved before', async () => {
      let send = (): void => undefined;
      const sent = new Promise<void>((resolve) => { send = resolve; });
      const of = await open({ handlers: { panelSnapshot, points: async () => { await sent; return all; } } });
      await drawn(of, coarse.history.tracks.train.length);
      await menu(of, 'Loss', 'Save as CSV...');
      await menu(of, 'KL divergence', 'Show Data Table');
      expect(of.calls.filter(({ method }) => method === 'saveFile')).toEqual([]);
      send();
      const { content } = await of.called('saveFile') as { content: Uint8Array };
      expect(Buffer.from(content).toString('utf8').trimEnd().split('\r\n')).toHaveLength(101);
      await drawn(of, 100);
      expect(of.calls.filter(({ method }) => method === 'points').map(({ params }) => params)).toEqual([{ smoothing: 0, most: FINE_POINTS }, { smoothing: 0 }]);
    });

    it('stay as they are where the others do not come, which is said; saving asks for them again', async () => {
      let asked = 0;
      const of = await open({ handlers: { panelSnapshot, points: () => (asked++ === 0 ? Promise.reject(new Error('The disk is gone.')) : Promise.resolve(all)) } });
      await of.page.getByRole('alert').filter({ hasText: 'The disk is gone.' }).waitFor();
      await drawn(of, coarse.history.tracks.train.length);
      await menu(of, 'Loss', 'Save as CSV...');
      const { content } = await of.called('saveFile') as { content: Uint8Array };
      expect(Buffer.from(content).toString('utf8').trimEnd().split('\r\n')).toHaveLength(101);
    });
  });

  it('say so where they cannot be copied', async () => {
    const of = await open();
    await of.page.evaluate(() => { Object.defineProperty(navigator, 'clipboard', { value: { write: () => Promise.reject(new Error('Write permission denied.')) } }); });
    await menu(of, 'Loss', 'Copy as PNG');
    await of.page.getByRole('alert').filter({ hasText: 'Write permission denied.' }).waitFor();
  });

  it('are seen as large as the panel, and left by Escape', async () => {
    const of = await open();
    await of.page.getByRole('button', { name: 'Loss: full screen' }).click();
    const dialog = of.page.getByRole('dialog', { name: 'Loss' });
    const canvas = dialog.locator('canvas');
    await canvas.waitFor();
    const { width = 0, height = 0 } = await canvas.boundingBox() ?? {};
    expect(width).toBeGreaterThan(800);
    expect(height).toBeGreaterThan(700);
    await of.page.screenshot({ path: 'out/curve-full.png' });
    await of.page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });
    await chart(of, 'Loss').locator('canvas').waitFor();
  });

  it('of a hundred thousand steps are drawn whole, and go on', async () => {
    const metrics: MetricPoint[] = Array.from({ length: 100_000 }, (_, i) => ({ step: i + 1, epoch: 1 + Math.floor(i / 1000), split: 'train', seconds: i / 100, loss: 100 + 50 * Math.cos(i / 7000) + (i === 60_000 ? 400 : 0), parts: { reconstruction: 80, kl: 20 }, gradientNorm: 1 }));
    const of = await open({ snapshot: { run: { ...running, metrics, marks: [] } } });
    await of.page.locator('[data-points="100000"]').waitFor();
    const asked = () => of.calls.flatMap(({ method, params }) => (method === 'points' ? [params] : []));
    await expect.poll(asked).toEqual([{ smoothing: 0, most: FINE_POINTS }]); // what came at once is more than the page keeps
    expect(await region(of, 'Loss').locator('.heard').innerText()).toContain('to 92.6 at step 100,000');
    await of.sendHost('metrics', { points: [{ step: 100_001, epoch: 101, split: 'train', seconds: 1000, loss: 42, parts: { reconstruction: 30, kl: 12 } }] });
    await region(of, 'Loss').locator('.last', { hasText: 'training 42.0' }).waitFor();
    const near = await stepAt(of, 'Loss', 0.6);
    expect(Math.abs(near - 60_000)).toBeLessThan(500);
    await of.page.locator('[data-points="100001"]').waitFor();
    const { x, y, width, height } = await box(of, 'Loss');
    await of.page.mouse.move(x + 0.6 * width, y + height / 2);
    await of.page.keyboard.down('Control');
    for (let i = 0; i < 60; i++) await of.page.mouse.wheel(0, -100);
    await of.page.keyboard.up('Control');
    const across = async (): Promise<number[]> => { const steps: number[] = []; for (let share = 0.05; share < 1; share += 0.05) steps.push(await stepAt(of, 'Loss', share)); return [...new Set(steps)]; };
    await expect.poll(async () => { const steps = await across(); return steps.length > 5 && steps.every((step, i) => step === (steps[0] ?? 0) + i); }).toBe(true); // each of them, where the page had one of several
    const closest = asked().at(-1);
    expect(closest).toEqual({ smoothing: 0, most: FINE_POINTS, range: { axis: 'step', min: expect.any(Number) as number, max: expect.any(Number) as number } });
    await of.page.getByLabel('Smoothing').focus();
    const spike = async (): Promise<string> => { await of.page.getByLabel('Smoothing').press('ArrowRight'); return JSON.stringify(asked().at(-1)); };
    expect(await spike()).toContain('smoothing');
    await menu(of, 'Loss', 'Show Data Table');
    await region(of, 'Loss').getByText('rows of a long run. The CSV file has all.').waitFor();
    await menu(of, 'Loss', 'Save as CSV...');
    const { content } = await of.called('saveFile') as { content: Uint8Array };
    expect(Buffer.from(content).toString('utf8').trimEnd().split('\r\n')).toHaveLength(100_002);
  });

  it('bear gaps, a single point, no finite one, and a change of the theme while they are drawn', async () => {
    const point = (step: number, loss: number): MetricPoint => ({ step, epoch: 1, split: 'train', seconds: step, loss, parts: { reconstruction: loss, kl: -1 } });
    const of = await open({ snapshot: { run: { ...running, metrics: [point(1, -3)], marks: [] } } });
    await of.page.getByLabel('Log y').check();
    await of.sendHost('metrics', { points: [point(2, -2), point(900, 4), point(901, 5)] });
    await of.page.locator('[data-points="4"]').waitFor();
    for (const theme of ['light', 'highContrast', 'dark'] satisfies Theme[]) {
      await redrawn(of, 'Loss', () => of.page.evaluate(({ className, variables }) => {
        for (const [name, value] of Object.entries(variables)) document.documentElement.style.setProperty(`--vscode-${name}`, value);
        document.body.className = className;
      }, themes[theme]));
    }
    await of.connection.sendNotification('metrics', { points: [{ ...point(902, 1), loss: null }] });
    await of.sendHost('metrics', { points: [point(903, 6)] });
    await region(of, 'Loss').locator('.last', { hasText: 'training 6.0' }).waitFor();
    expect(await of.page.getByTestId('curves').getAttribute('data-points')).toBe('5');
  });
});

describe('the curves in each theme and at any width', () => {
  for (const theme of ['dark', 'light', 'highContrast'] satisfies Theme[]) {
    for (const width of [400, 1000]) {
      it(`fit and can be read, with menu and numbers: ${theme}, ${width} px`, async () => {
        const of = await open({ theme, width, snapshot: { run: running, kept: { curves: { axis: 'step', logX: false, logY: true, smoothing: 0.75 } } } });
        await menu(of, 'Loss', 'Show Data Table');
        await region(of, 'Loss').getByRole('img', { name: AT }).focus();
        await region(of, 'Reconstruction').locator('summary').click();
        await region(of, 'Reconstruction').getByRole('button', { name: 'Copy as CSV' }).waitFor();
        await of.page.screenshot({ path: `out/curves-${theme}-${width}.png`, fullPage: true });
        expect(await of.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
        expect(await of.page.evaluate(contrasts)).toEqual([]);
      });
    }
  }
});
