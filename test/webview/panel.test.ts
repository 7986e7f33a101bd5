import { describe, expect, it } from 'vitest';
import { contrasts } from './contrasts';
import { openPanel, recorded, recordedEvents, type Panel, type PanelOptions } from './harness';
import { holder } from './hold';
import type { Theme } from './themes';
import { packRun } from '../../src/protocol/panelRun';
import { shownRun } from '../../src/protocol/shownRun';

const hold = holder();
const open = async (options?: PanelOptions): Promise<Panel> => hold(await openPanel(options));

const pixels = (of: Panel, testId: string): Promise<string> => of.page.getByTestId(testId).evaluate((canvas) => (canvas as HTMLCanvasElement).toDataURL());
/** Resolves when a picture is no longer what it was. */
const changed = (of: Panel, testId: string, from: string): Promise<void> => of.page.getByTestId(testId).evaluate((canvas, before) => new Promise<void>((resolve) => {
  const look = (): void => { if ((canvas as HTMLCanvasElement).toDataURL() === before) requestAnimationFrame(look); else resolve(); };
  look();
}), from);
const running = { ...recorded.last, manifest: { ...recorded.last.manifest, state: { kind: 'running' as const } }, speed: { stepsPerSecond: 21.4, secondsLeft: 75 } };

describe('the panel', () => {
  it('shows a finished run from its snapshot', async () => {
    const { page, aria, kept } = await open();
    await page.getByTestId('samples').waitFor();
    expect(await page.getByTestId('curves').getAttribute('data-points')).toBe('100');
    expect(await aria()).toMatchSnapshot();
    expect(kept()).toEqual({ file: '/models/shapes.vae.ts', name: 'shapes', runId: recorded.last.manifest.id });
  });

  it('follows a recorded run from its start to its end', async () => {
    const { page, sendHost, aria, close } = await open({ snapshot: { run: recorded.first } });
    await page.getByTestId('state').waitFor();
    for (const { event, payload } of recordedEvents) await sendHost(event, payload as never);
    await page.getByTestId('state').filter({ hasText: 'completed' }).waitFor();
    await page.getByTestId('reconstructions').waitFor();
    const live = await aria();
    await close();
    const { page: again, aria: fresh } = await open();
    await again.getByTestId('samples').waitFor();
    expect(live).toBe(await fresh()); // deltas and snapshot tell the same
  });

  it('draws the gradients\' norm and what follows a schedule, where a run has them', async () => {
    const { page, sendHost } = await open({ snapshot: { run: { ...running, metrics: running.metrics.map(({ gradientNorm: _norm, layers: _layers, ...point }) => point) } } });
    await page.getByTestId('samples').waitFor();
    expect(await page.getByRole('region', { name: 'Gradient norm' }).count()).toBe(0);
    const points = [101, 102, 103].map((step, i) => ({ step, epoch: 11, split: 'train' as const, seconds: step / 10, loss: 100, parts: { reconstruction: 90, kl: 10 }, gradientNorm: [1234.5, 0, 0.0123][i] ?? 0, scheduled: { learningRate: 1e-3 / (i + 3) } }));
    await sendHost('metrics', { points });
    const norm = page.getByRole('region', { name: 'Gradient norm' });
    expect(await norm.innerText()).toContain('training 0.0123');
    expect(await norm.getByRole('img', { name: 'Gradient norm' }).count()).toBe(1);
    expect(await page.getByRole('region', { name: 'learningRate' }).innerText()).toContain('training 2e-4');
    expect(await page.locator('header .hyperparameters').innerText()).toContain('2e-4');
    await sendHost('mark', { step: 103, seconds: 10, name: 'learningRate', from: 2e-4, to: 1e-3, endsSchedule: true });
  });

  it('asks to pause, resume, stop, set and train, each once', async () => {
    const { page, called, calls, sendHost, send } = await open({ snapshot: { run: { ...running, moments: [] } } }); // or it would ask for the newest of them
    await page.getByText('21.4 steps/s').waitFor();
    expect(await page.locator('header .progress').innerText()).toBe('step 100 of 100 \u00b7 epoch 10 of 10 \u00b7 21.4 steps/s \u00b7 1 min 15 s left');
    await page.getByRole('button', { name: 'Pause' }).click();
    await called('pause');
    await sendHost('state', { state: { kind: 'paused' }, lastStep: 100 });
    await page.getByRole('button', { name: 'Resume' }).click();
    await called('resume');
    await page.getByRole('button', { name: 'Set Hyperparameter...' }).click();
    expect(await called('command')).toEqual({ name: 'setHyperparameter' });
    await page.getByRole('button', { name: 'Stop' }).click();
    await called('stop');
    await sendHost('state', { state: { kind: 'stopped' }, lastStep: 100 });
    await page.getByRole('button', { name: 'Train again' }).click();
    expect(await called('command', 2)).toEqual({ name: 'train' });
    await page.getByRole('button', { name: 'Resume' }).click();
    expect(await called('command', 3)).toEqual({ name: 'resume' });
    await page.getByRole('button', { name: 'Branch...' }).click();
    expect(await called('command', 4)).toEqual({ name: 'branch' });
    await send('shown', { subject: { file: '/models/shapes.vae.ts', name: 'shapes', runId: 'another' }, run: { ...recorded.first, manifest: { ...recorded.first.manifest, id: 'another' } } });
    await page.getByRole('button', { name: 'Cancel' }).waitFor();
    expect(calls.map(({ method }) => method)).toEqual(['panelSnapshot', 'pause', 'resume', 'command', 'stop', 'command', 'command', 'command']);
  });

  it('offers the ways out of a loss that diverged', async () => {
    const { last } = recorded;
    const error = { code: 'nonFinite' as const, message: 'The loss is not finite at step 40.' };
    const offers = [{ kind: 'branch' as const, title: 'Go on from step 32 with a tenth of the learning rate' }];
    const { page, called } = await open({ snapshot: { run: { ...last, manifest: { ...last.manifest, state: { kind: 'failed', error } } } }, handlers: { divergenceOffers: () => Promise.resolve({ offers }) } });
    await page.getByRole('toolbar', { name: 'Ways out' }).getByRole('button', { name: 'Go on from step 32' }).click();
    expect(await called('takeOffer')).toEqual({ kind: 'branch' });
    await page.screenshot({ path: 'out/diverged.png' });
  });

  it('draws samples, again from another seed, and has them saved', async () => {
    const panel = await open({ snapshot: { view: 'samples' }, handlers: { sample: ({ seed }) => Promise.resolve(seed === 1 ? recorded.answers.sample : { ...recorded.answers.sample, pixels: recorded.answers.sample.pixels.map((value) => 255 - value) }) } });
    const { page, called, aria } = panel;
    await page.getByTestId('drawn').waitFor();
    expect(await called('sample')).toEqual({ count: 64, seed: 1 });
    await page.getByRole('button', { name: 'Save as PNG...', disabled: false }).waitFor();
    expect(await aria()).toMatchSnapshot();
    const before = await pixels(panel, 'drawn');
    await page.getByRole('button', { name: 'Draw again' }).click();
    await changed(panel, 'drawn', before);
    await page.getByRole('button', { name: 'Save as PNG...' }).click();
    const saved = await called('savePictures') as { name: string; columns: number; pictures: { count: number; pixels: Uint8Array }[] };
    expect(saved.columns).toBe(8);
    expect(saved.pictures[0]?.pixels).toEqual(recorded.answers.sample.pixels.map((value) => 255 - value));
  });

  it('is reached by keyboard: toolbar, tabs, the controls of the view', async () => {
    const { page, called } = await open({ snapshot: { run: running } });
    await page.getByTestId('samples').waitFor();
    const focused = (): Promise<string> => page.evaluate(() => document.activeElement?.textContent.trim() ?? '');
    await page.keyboard.press('Tab');
    expect(await focused()).toBe('Pause');
    await page.keyboard.press('Enter');
    await called('pause');
    for (const name of ['Stop', 'Set Hyperparameter...', 'Training']) {
      await page.keyboard.press('Tab');
      expect(await focused()).toBe(name);
    }
    await page.keyboard.press('ArrowRight');
    await page.getByTestId('drawn').waitFor();
    await page.keyboard.press('ArrowRight');
    await page.getByTestId('pad-image').waitFor();
  });

  it('says so where there is no run, where one starts, and where it failed', async () => {
    const { page, send, aria, called } = await open({ snapshot: { run: undefined, subject: { file: '/models/shapes.vae.ts', name: 'shapes' } } });
    await page.getByText('No runs yet').waitFor();
    expect(await aria()).toMatchSnapshot('no run');
    await page.getByRole('button', { name: 'Train VAE' }).click();
    expect(await called('command')).toEqual({ name: 'train' });
    await send('notice', { notice: { kind: 'waiting', text: 'Starting the training host', actions: [] } });
    await page.getByText('Starting the training host').waitFor();
    const failed = { kind: 'failed' as const, error: { code: 'modelFile' as const, message: 'my mistake', location: { file: '/models/shapes.vae.ts', line: 3 } } };
    await send('notice', {});
    await send('shown', { subject: { file: '/models/shapes.vae.ts', name: 'shapes', runId: 'x' }, run: { ...recorded.first, manifest: { ...recorded.first.manifest, state: failed } } });
    await page.getByRole('alert').filter({ hasText: 'shapes.vae.ts:3: my mistake' }).waitFor();
    expect(await aria()).toMatchSnapshot('failed');
    await page.getByRole('button', { name: 'Open Model File' }).click();
    expect(await called('command', 2)).toEqual({ name: 'openModelFile' });
  });

  it('asks for everything again when it is told that it missed something, and stays in its view', async () => {
    let asked = 0;
    const answer = { subject: { file: '/models/shapes.vae.ts', name: 'shapes', runId: 'x' }, view: 'training' as const, texts: {}, locale: 'en', run: packRun(shownRun(recorded.last)) };
    const { page, send } = await open({ handlers: { panelSnapshot: () => Promise.resolve({ ...answer, ...(asked++ > 0 ? { notice: { kind: 'error' as const, text: 'No Node runs', actions: [] } } : {}) }) } });
    await page.getByRole('tab', { name: 'Samples' }).click();
    await send('stale', {});
    await page.getByText('No Node runs').waitFor();
    await page.getByRole('tab', { name: 'Samples', selected: true }).waitFor();
    expect(asked).toBe(2);
  });

  it('says that gradients were not compared and that the step changed, and forgets a run that begins again', async () => {
    const { page, sendHost } = await open({ snapshot: { run: running } });
    await page.getByText('21.4 steps/s').waitFor();
    await sendHost('manifest', { ...running.manifest, gate: { unchecked: 'The run ended before.' }, stepNotice: 'The training step of the model had changed after step 9, and was compiled again.' });
    await page.getByText('The gradients of this model could not be compared with another engine\'s: The run ended before.').waitFor();
    await page.getByText('had changed after step 9').waitFor();
    await sendHost('restarted', { ...running.manifest, lastStep: 0, state: { kind: 'preparing', what: 'Building the model' } });
    await page.getByTestId('state').filter({ hasText: 'Building the model' }).waitFor();
    await page.locator('[data-testid=curves][data-points="0"]').waitFor();
    expect(await page.getByText('could not be compared').count()).toBe(0);
  });

  it('keeps what could not be done apart from why the run failed, until it is put away', async () => {
    const { page, sendHost } = await open({ snapshot: { run: running }, handlers: { pause: () => Promise.reject(new Error('The host is busy.')) } });
    await page.getByRole('button', { name: 'Pause' }).click();
    const [trouble, failure] = [page.getByRole('alert').filter({ hasText: 'The host is busy.' }), page.getByRole('alert').filter({ hasText: 'shapes.vae.ts:3: my mistake' })];
    await trouble.waitFor();
    await sendHost('state', { state: { kind: 'failed', error: { code: 'modelFile', message: 'my mistake', location: { file: '/models/shapes.vae.ts', line: 3 } } }, lastStep: 100 });
    await failure.getByRole('button', { name: 'Train again' }).waitFor();
    await trouble.getByRole('button', { name: 'Close' }).click();
    await trouble.waitFor({ state: 'detached' });
    expect(await failure.count()).toBe(1);
  });

  it('shows the sentence of a call that failed', async () => {
    const { page, sendHost } = await open({ snapshot: { run: running }, handlers: { pause: () => Promise.reject(new Error('The training host is gone.')) } });
    await page.getByRole('button', { name: 'Pause' }).click();
    await page.getByRole('alert').filter({ hasText: 'The training host is gone.' }).waitFor();
    await sendHost('state', { state: { kind: 'interrupted' }, lastStep: 100 });
    await page.getByTestId('state').filter({ hasText: 'interrupted' }).waitFor();
  });

  it('passes over what is not meant for it, and what does not fit', async () => {
    const { page, connection, sendHost } = await open({ snapshot: { run: running } });
    await page.getByTestId('samples').waitFor();
    await page.evaluate(() => { for (const strange of ['text', null, 7, { type: 'theme' }, { jsonrpc: '2.0', method: 'unknown', params: [] }]) window.postMessage(strange, '*'); });
    await connection.sendNotification('metrics', { points: [{ step: 'x' }] });
    await connection.sendNotification('images', { step: 3 });
    await sendHost('state', { state: { kind: 'paused' }, lastStep: 7 });
    await page.getByTestId('state').filter({ hasText: 'paused' }).waitFor();
    expect(await page.getByTestId('curves').getAttribute('data-points')).toBe('100');
  });

  it('can be closed in the middle of a call', async () => {
    let asked: () => void = () => undefined;
    const sampling = new Promise<void>((resolve) => { asked = resolve; });
    let answer: (strip: typeof recorded.answers.sample) => void = () => undefined;
    const opened = await open({ snapshot: { view: 'samples' }, handlers: { sample: () => new Promise((resolve) => { answer = resolve; asked(); }) } });
    await sampling;
    await opened.page.close();
    answer(recorded.answers.sample); // goes nowhere, and breaks nothing
    await expect(opened.sendHost('state', { state: { kind: 'paused' }, lastStep: 7 })).resolves.toBeUndefined();
  });
});

describe('the panel in each theme and at any width', () => {
  for (const theme of ['dark', 'light', 'highContrast'] satisfies Theme[]) {
    for (const width of [400, 1000]) {
      it(`fits and can be read: ${theme}, ${width} px`, async () => {
        const { page } = await open({ theme, width, snapshot: { run: running } });
        for (const [tab, testId] of [['Training', 'samples'], ['Samples', 'drawn'], ['Latent space', 'map-points']] as const) {
          await page.getByRole('tab', { name: tab }).click();
          await page.getByTestId(testId).waitFor();
          await page.screenshot({ path: `out/panel-${theme}-${width}-${testId}.png`, fullPage: true });
          expect(await page.evaluate(() => document.documentElement.scrollWidth), `${tab} does not scroll sideways`).toBeLessThanOrEqual(width);
          expect(await page.evaluate(contrasts), `${tab} can be read`).toEqual([]);
        }
      });
    }
  }
});

describe('the tests themselves', () => {
  it('see text that cannot be read', async () => {
    const { page } = await open();
    await page.getByTestId('samples').waitFor();
    await page.locator('.device').evaluate((element) => { element.style.color = '#333333'; });
    expect(await page.evaluate(contrasts)).toEqual([expect.stringMatching(/^CPU, TensorFlow.js wasm: 1\.\d\d$/)]);
  });

  it('see a broken content security policy', async () => {
    const opened = await openPanel();
    await opened.page.getByTestId('samples').waitFor();
    await opened.page.evaluate(() => { const script = document.createElement('script'); script.textContent = 'window.broken = true'; document.body.append(script); });
    expect(opened.faults.join(' ')).toMatch(/script-src/);
    expect(await opened.page.evaluate(() => 'broken' in window)).toBe(false);
    await opened.close();
  });
});
