import { describe, expect, it } from 'vitest';
import { contrasts } from './contrasts';
import { openPanel, recorded, type Panel, type PanelOptions } from './harness';
import { holder } from './hold';
import type { Theme } from './themes';

const hold = holder();
const open = async (options?: PanelOptions): Promise<Panel> => {
  const panel = hold(await openPanel(options));
  await panel.page.getByTestId('tuning').waitFor();
  return panel;
};

const running = { ...recorded.last, manifest: { ...recorded.last.manifest, state: { kind: 'running' as const } } };
const subject = { file: '/models/shapes.vae.ts', name: 'shapes' };
/** The model's file as it was when the run began. */
const modelFile = { isThere: true, numbers: { beta: 4, learningRate: 1e-3 } };
const row = (of: Panel, name: string) => of.page.getByTestId('tuning').getByRole('group', { name, exact: true });

describe('the form of hyperparameters', () => {
  it('lists every one with its value, its range and when it holds', async () => {
    const of = await open({ snapshot: { run: running } });
    expect(await of.page.getByTestId('tuning').ariaSnapshot()).toMatchSnapshot();
  });

  it('sets one by its slider when that is let go, and offers to write it into the file', async () => {
    const of = await open({ snapshot: { run: running, modelFile }, handlers: { setHyperparameter: () => Promise.resolve({ step: 101 }) } });
    expect(await row(of, 'beta').getByRole('button', { name: 'Write into File' }).count()).toBe(0);
    await row(of, 'beta').getByRole('slider').focus();
    await of.page.keyboard.press('ArrowRight');
    const { value } = await of.called('setHyperparameter') as { name: string; value: number };
    expect(value).toBeGreaterThan(4);
    expect(value).toBeLessThan(4.5);
    await row(of, 'beta').getByText('from step 101 on').waitFor();
    await of.sendHost('mark', { step: 101, seconds: 3, name: 'beta', from: 4, to: value });
    await of.sendHost('manifest', { ...running.manifest, hyperparameters: { ...running.manifest.hyperparameters, beta: value } });
    await of.page.locator('header .hyperparameters', { hasText: `beta${value}` }).waitFor();
    await row(of, 'beta').getByText('the file has 4').waitFor();
    await row(of, 'beta').getByRole('button', { name: 'Write into File' }).click();
    expect(await of.called('writeValue')).toEqual({ name: 'beta', value });
    await of.send('modelFile', { subject, modelFile: { isThere: true, numbers: { ...modelFile.numbers, beta: value } } });
    await row(of, 'beta').getByText('written into the model file').waitFor();
    await of.sendHost('metrics', { points: [{ step: 101, epoch: 11, split: 'train', seconds: 3, loss: 100, parts: { reconstruction: 90, kl: 10 } }] });
    await of.page.getByRole('region', { name: 'Loss', exact: true }).getByRole('img', { name: `step 101: beta from 4 to ${value}` }).waitFor();
  });

  it('says which follow a schedule, until they are set, and draws the value that one has after it', async () => {
    const following = { ...running.manifest, hyperparameters: { ...running.manifest.hyperparameters, beta: 2 }, following: ['beta'] };
    const told = (step: number, beta: number) => ({ points: [{ step, epoch: 11, split: 'train' as const, seconds: step, loss: 100, parts: { reconstruction: 90, kl: 10 }, scheduled: { beta } }] });
    const of = await open({ snapshot: { run: { ...running, manifest: following } } });
    await of.sendHost('metrics', told(101, 2));
    await row(of, 'beta').getByText('follows a schedule').waitFor();
    expect(await row(of, 'learningRate').getByText('follows a schedule').count()).toBe(0);
    await of.sendHost('mark', { step: 102, seconds: 102, name: 'beta', from: 2, to: 3, endsSchedule: true });
    await of.sendHost('manifest', { ...following, hyperparameters: { ...following.hyperparameters, beta: 3 }, following: [] });
    await row(of, 'beta').getByText('follows a schedule').waitFor({ state: 'detached' });
    await of.sendHost('metrics', told(102, 3));
    await of.page.getByRole('region', { name: 'beta', exact: true }).getByText('training 3').waitFor();
    expect(await row(of, 'beta').getByText('follows a schedule').count()).toBe(0);
  });

  it('says where file and run differ: also when what was written is undone, and not where no number stands', async () => {
    const of = await open({ snapshot: { run: running, modelFile: { isThere: true, numbers: { beta: 2 } } }, handlers: { writeValue: () => Promise.resolve({ written: true }) } });
    await row(of, 'beta').getByRole('button', { name: 'Write into File' }).click();
    expect(await of.called('writeValue')).toEqual({ name: 'beta', value: 4 });
    await of.send('modelFile', { subject, modelFile: { isThere: true, numbers: { beta: 4 } } });
    await row(of, 'beta').getByText('written into the model file').waitFor();
    expect(await row(of, 'beta').getByText('the file has').count()).toBe(0);
    await of.send('modelFile', { subject, modelFile: { isThere: true, numbers: { beta: 2 } } }); // undone
    await row(of, 'beta').getByText('the file has 2').waitFor();
    expect(await row(of, 'beta').getByText('written').count()).toBe(0);
    expect(await row(of, 'learningRate').getByRole('button').count()).toBe(0); // an expression, or nothing
    await of.send('modelFile', { subject, modelFile: { isThere: true, numbers: { 'training.epochs': 20 } } });
    await row(of, 'epochs').getByText('the file has 20').waitFor();
  });

  it('says that the file is gone, and has it written again', async () => {
    const of = await open({ snapshot: { run: running, modelFile: { isThere: false, numbers: {} } } });
    await of.page.getByRole('status').filter({ hasText: 'The model file is not there any more. The run has its text.' }).waitFor();
    await of.page.getByRole('button', { name: 'Write It Again' }).click();
    expect(await of.called('command')).toEqual({ name: 'restoreModelFile' });
    await of.send('modelFile', { subject, modelFile });
    await of.page.getByRole('button', { name: 'Write It Again' }).waitFor({ state: 'detached' });
  });

  it('sets one by its number, and refuses what is out of range without asking', async () => {
    const of = await open({ snapshot: { run: running } });
    const field = row(of, 'beta').getByRole('textbox');
    for (const [typed, said] of [['-3', 'beta must be a number of at least 0 and at most 1000; got -3.'], ['four', 'written as 0.5 or 5e-4'], ['', 'written as 0.5 or 5e-4']] as const) {
      await field.fill(typed);
      await field.press('Enter');
      await row(of, 'beta').getByRole('status').filter({ hasText: said }).waitFor();
    }
    expect(await field.inputValue()).toBe('');
    await field.fill('2.5');
    await field.press('Enter');
    expect(await of.called('setHyperparameter')).toEqual({ name: 'beta', value: 2.5 });
    expect(of.calls.filter(({ method }) => method === 'setHyperparameter')).toHaveLength(1);
  });

  it('keeps what is typed while points come', async () => {
    const of = await open({ snapshot: { run: running } });
    const field = row(of, 'beta').getByRole('textbox');
    await field.fill('2.');
    await of.sendHost('metrics', { points: [{ step: 101, epoch: 11, split: 'train', seconds: 3, loss: 100, parts: { reconstruction: 90, kl: 10 } }] });
    await of.page.locator('[data-points="101"]').waitFor();
    expect(await field.inputValue()).toBe('2.');
    await field.press('5');
    await field.press('Enter');
    expect(await of.called('setHyperparameter')).toEqual({ name: 'beta', value: 2.5 });
  });

  it('says so where a value cannot be set, or does not stand in the file', async () => {
    const of = await open({ snapshot: { run: running, modelFile: { isThere: true, numbers: { learningRate: 5e-4 } } }, handlers: { setHyperparameter: ({ name }) => (name === 'beta' ? Promise.reject(new Error('The training host is gone.')) : Promise.resolve({ step: 7 })), writeValue: () => Promise.resolve({ written: false }) } });
    await row(of, 'beta').getByRole('textbox').fill('2');
    await row(of, 'beta').getByRole('textbox').press('Enter');
    await row(of, 'beta').getByRole('status').filter({ hasText: 'The training host is gone.' }).waitFor();
    expect(await row(of, 'beta').getByRole('textbox').inputValue()).toBe('4');
    await row(of, 'learningRate').getByRole('textbox').fill('1e-4');
    await row(of, 'learningRate').getByRole('textbox').press('Enter');
    await row(of, 'learningRate').getByText('from step 7 on').waitFor();
    await row(of, 'learningRate').getByRole('button', { name: 'Write into File' }).click();
    await row(of, 'learningRate').getByText('learningRate does not stand as a number in the model file.').waitFor();
  });

  it('shows in the file those that a new run needs', async () => {
    const of = await open({ snapshot: { run: running } });
    await of.page.getByRole('button', { name: 'latentDim 4' }).click();
    expect(await of.called('showNumber')).toEqual({ name: 'latentDim' });
    await row(of, 'epochs').getByRole('button', { name: 'epochs' }).click();
    expect(await of.called('showNumber', 2)).toEqual({ name: 'training.epochs' });
  });

  it('applies by the file those that shape no weight, and says what the host says', async () => {
    let answer: (applied: boolean) => void = () => undefined;
    const of = await open({ snapshot: { run: running }, handlers: { applyValue: () => new Promise((resolve, reject) => { answer = (applied) => { if (applied) resolve({}); else reject(new Error('10 epochs are trained already. Give more epochs than that.')); }; }) } });
    const field = row(of, 'epochs').getByRole('textbox');
    await field.fill('0');
    await field.press('Enter');
    await row(of, 'epochs').locator('.tuning-wrong').waitFor();
    await field.fill('20');
    await field.press('Enter');
    expect(await of.called('applyValue')).toEqual({ name: 'training.epochs', value: 20 }); // the 0 was not asked for
    await row(of, 'epochs').getByText('Building the changed step').waitFor();
    answer(false);
    await row(of, 'epochs').getByText('10 epochs are trained already. Give more epochs than that.').waitFor();
    await field.fill('30');
    await field.press('Enter');
    expect(await of.called('applyValue', 2)).toEqual({ name: 'training.epochs', value: 30 });
    answer(true);
    await row(of, 'epochs').getByRole('status').waitFor({ state: 'detached' });
  });

  it('is at rest for a run that has ended, and not there before it has begun', async () => {
    const of = await open();
    expect(await row(of, 'beta').getByRole('slider').isDisabled()).toBe(true);
    await of.page.getByText('of the run as it ended').waitFor();
    await of.send('shown', { subject: { file: '/models/shapes.vae.ts', name: 'shapes' }, run: { ...recorded.first, manifest: { ...recorded.first.manifest, stepsPerEpoch: 0 } } });
    await of.page.getByTestId('tuning').waitFor({ state: 'detached' });
  });

  for (const theme of ['dark', 'light', 'highContrast'] satisfies Theme[]) {
    for (const width of [400, 1000]) {
      it(`fits and can be read: ${theme}, ${width} px`, async () => {
        const of = await open({ theme, width, snapshot: { run: running, modelFile: { isThere: false, numbers: { learningRate: 5e-4, 'training.epochs': 20 } } } });
        await row(of, 'beta').getByRole('textbox').fill('-1');
        await row(of, 'beta').getByRole('textbox').press('Enter');
        await row(of, 'learningRate').getByRole('textbox').fill('1e-4');
        await row(of, 'learningRate').getByRole('textbox').press('Enter');
        await row(of, 'learningRate').getByRole('button', { name: 'Write into File' }).waitFor();
        await of.page.getByTestId('tuning').screenshot({ path: `out/tuning-${theme}-${width}.png` });
        expect(await of.page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(width);
        expect(await of.page.evaluate(contrasts)).toEqual([]);
      });
    }
  }
});
