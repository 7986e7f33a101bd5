import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';
import type { DoctorReport, Probe } from '../../src/protocol/doctor';
import { doctorRequests, type DoctorState } from '../../src/protocol/doctorApi';
import type { Handlers } from '../../src/protocol/rpc';
import { contrasts } from './contrasts';
import { openServed } from './harness';
import { holder } from './hold';
import { themes, type Theme } from './themes';

type Page = Awaited<ReturnType<typeof openServed>>;
const hold = holder();

const works = (changes: Partial<Extract<Probe, { outcome: 'works' }>> = {}): Probe => ({ outcome: 'works', device: 'CPU, onnxruntime 1.30.0', startMs: 300, msPerStep: 3.91, steps: 500, peakRssMb: 351, gate: { passed: true, error: 6e-7, oracle: 'cpu' }, ...changes });
const engines: DoctorReport['engines'] = [
  { engine: 'compiled', probe: works() }, { engine: 'tensorflow', probe: { outcome: 'absent', message: 'It is not set up.' } },
  { engine: 'webgpu', probe: { outcome: 'failed', message: 'No graphics card answers through WebGPU. Install the driver of the card, with Vulkan where the system is Linux, or train with another engine.' } },
  { engine: 'wasm', probe: works({ device: 'CPU, TensorFlow.js wasm', gate: { passed: false, error: 0.2, oracle: 'cpu' } }) },
  { engine: 'cpu', probe: { outcome: 'failed', message: 'Its process ended (SIGILL). Train with another engine, and tell the developers of VAE Lab.' } },
];
const report: DoctorReport = {
  version: '1.2.3', node: { path: '/n/node', version: 'v24.0.0' }, machine: { platform: 'linux', arch: 'x64', cores: 2, cpu: 'C', memoryGb: 24 }, gpus: [{ name: 'NVIDIA H200', driver: '560.35.03', memoryMb: 143771, capability: '9.0' }], forGpu: true,
  adapters: [{ name: 'NVIDIA 2335', way: 'PCI', driver: 'nvidia' }], cuda: { version: '12.6', libraries: ['libcuda.so.1'] }, engines, auto: 'compiled',
  model: { file: '/w/01-sprites.vae.ts', name: 'shapes', batchSize: 128, imageShape: [32, 32, 1], data: { trainCount: 4096 } },
};
const chinese = z.record(z.string(), z.string()).parse(JSON.parse(readFileSync('l10n/bundle.l10n.zh-cn.json', 'utf8')));
async function open(state: DoctorState, { texts = {}, locale = 'en', ...options }: { texts?: Record<string, string>; locale?: string; theme?: Theme; width?: number; handlers?: Partial<Handlers<typeof doctorRequests>> } = {}): Promise<Page> {
  const none = (): Promise<Record<string, never>> => Promise.resolve({});
  const handlers = { doctorSnapshot: () => Promise.resolve({ texts, locale, state }), examine: none, cancel: none, choose: none, setUpTensorflow: none, copyReport: none, ...options.handlers };
  return hold(await openServed('doctor', doctorRequests, handlers, options));
}
const told = (page: Page, state: DoctorState): Promise<void> => page.connection.sendNotification('doctorState', state);

describe('the doctor\'s page', () => {
  it('tells of every engine, what to do where one does not work, and which one auto takes', async () => {
    const { page, aria } = await open({ chosen: 'auto', report });
    await page.getByTestId('verdict').waitFor();
    expect(await aria()).toMatchSnapshot();
  });

  it('offers to set TensorFlow up again where that was done for the CPU beside a card', async () => {
    const { page, called } = await open({ chosen: 'auto', report: { ...report, engines: engines.map((one) => (one.engine === 'tensorflow' ? { engine: 'tensorflow', probe: works({ device: 'CPU, TensorFlow 2.21.0' }) } : one)) } });
    await page.getByRole('row', { name: /^It was set up for the CPU\. It can train on the GPU/ }).getByRole('button', { name: 'Set up tensorflow' }).click();
    await called('setUpTensorflow');
  });

  it('shows how far an examination is, and rows as they come; it can be cancelled and begun again', async () => {
    const shown = await open({ chosen: 'auto', trying: { fraction: 0 } });
    const { page } = shown;
    expect(await page.getByTestId('said').innerText()).toBe('Looking at the machine');
    const { auto: _auto, ...known } = { ...report, engines: engines.slice(0, 1) };
    await told(shown, { chosen: 'auto', report: known, trying: { engine: 'tensorflow', fraction: 0.25 } });
    await page.getByText('Trying the engine tensorflow').waitFor();
    expect(await page.getByRole('progressbar', { name: 'Progress' }).getAttribute('value')).toBe('0.25');
    expect(await page.getByRole('row', { name: /^compiled/ }).innerText()).toContain('3.9');
    expect(await page.getByTestId('verdict').count()).toBe(0);
    expect(await page.getByRole('button', { name: 'Copy Report' }).count()).toBe(0);
    await page.getByRole('button', { name: 'Cancel' }).click();
    await shown.called('cancel');
    await told(shown, { chosen: 'auto', problem: 'The examination was cancelled.' });
    await page.getByRole('alert').filter({ hasText: 'The examination was cancelled.' }).waitFor();
    await page.getByRole('button', { name: 'Examine Again' }).click();
    await shown.called('examine');
  });

  it('chooses an engine, sets one up and copies the report, by keyboard alone', async () => {
    const shown = await open({ chosen: 'auto', report });
    const { page, calls } = shown;
    await page.getByTestId('verdict').waitFor();
    const names: string[] = [];
    for (let i = 0; i < 7; i++) {
      await page.keyboard.press('Tab');
      names.push(await page.evaluate(() => { const { activeElement: at } = document; return at?.getAttribute('aria-label') ?? at?.textContent ?? ''; }));
      await page.keyboard.press('Enter');
    }
    expect(names).toEqual(['Examine Again', 'Copy Report', 'Choose compiled', 'Set up tensorflow', 'Choose webgpu', 'Choose wasm', 'Choose cpu']);
    await shown.called('choose', 4);
    expect(calls.slice(1)).toEqual([
      { method: 'examine', params: {} }, { method: 'copyReport', params: {} }, { method: 'choose', params: { engine: 'compiled' } }, { method: 'setUpTensorflow', params: {} },
      { method: 'choose', params: { engine: 'webgpu' } },
      { method: 'choose', params: { engine: 'wasm' } }, { method: 'choose', params: { engine: 'cpu' } },
    ]);
    await told(shown, { chosen: 'wasm', report });
    await page.getByRole('row', { name: /^wasm/ }).getByText('chosen').waitFor();
    await page.getByRole('button', { name: 'Choose auto' }).waitFor();
  });

  it('says what came of a button: copied, or why not', async () => {
    const { page } = await open({ chosen: 'auto', report }, { handlers: { choose: () => Promise.reject(new Error('The settings cannot be written.')) } });
    await page.getByRole('button', { name: 'Copy Report' }).click();
    await page.getByRole('status').filter({ hasText: 'The report is in the clipboard.' }).waitFor();
    await page.getByRole('button', { name: 'Choose cpu' }).click();
    await page.getByRole('status').filter({ hasText: 'The settings cannot be written.' }).waitFor();
  });

  it('speaks Chinese', async () => {
    const { page } = await open({ chosen: 'auto', report }, { texts: chinese, locale: 'zh-cn' });
    await page.getByTestId('verdict').waitFor();
    const words = await page.locator('main').innerText();
    const left = words.replace(/VAE Lab|NVIDIA|WebGPU|Vulkan|Linux|onnxruntime|TensorFlow(\.js)?|wasm|tensorflow|compiled|shapes|SIGILL|Set Up|Engine|setup-engine|vae-lab|nvidia-smi|libcuda|linux|Node|sprites/gi, '');
    expect(left.match(/[A-Za-z]{4,} [A-Za-z]{3,}/g) ?? []).toEqual([]);
  });

  it.each(Object.keys(themes) as Theme[])('can be read in the theme %s, and at 420 pixels', async (theme) => {
    const { page } = await open({ chosen: 'auto', report }, { theme, width: 420 });
    await page.getByTestId('verdict').waitFor();
    await page.screenshot({ path: `out/doctor-${theme}.png`, fullPage: true });
    expect(await page.evaluate(contrasts)).toEqual([]);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(420);
  });
});
