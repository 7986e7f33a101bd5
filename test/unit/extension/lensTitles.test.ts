import { describe, expect, it } from 'vitest';
import { firstLens, stateText, type RunSummary } from '../../../src/extension/modelFiles/lensTitles';

const t = (text: string, ...values: string[]): string => text.replace(/\{(\d)\}/g, (_, i: string) => values[Number(i)] ?? '');
const lenses = (run: RunSummary | undefined): [string, string] => [firstLens(run), stateText(run, t, t)];

describe('the lenses of a model', () => {
  it('follow its run', () => {
    expect(lenses(undefined)).toEqual(['train', 'no runs yet']);
    expect(lenses({ state: { kind: 'preparing', what: 'Building the model' }, lastStep: 0 })).toEqual(['pause', 'Building the model...']);
    expect(lenses({ state: { kind: 'running' }, lastStep: 1204, lastLoss: 131.23 })).toEqual(['pause', 'step 1,204 \u00b7 131.2 nats']);
    expect(lenses({ state: { kind: 'paused' }, lastStep: 3 })).toEqual(['resume', 'step 3']);
    expect(lenses({ state: { kind: 'completed' }, lastStep: 9, lastLoss: 105.61 })).toEqual(['train', 'last run 105.6 nats']);
    expect(lenses({ state: { kind: 'interrupted' }, lastStep: 9 })).toEqual(['resume', 'interrupted at step 9']);
    expect(lenses({ state: { kind: 'failed', error: { code: 'data', message: 'x' } }, lastStep: 9 })).toEqual(['train', 'last run failed']);
  });
});
