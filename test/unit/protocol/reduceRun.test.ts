import { describe, expect, it } from 'vitest';
import { snapshotSchema, type Snapshot } from '../../../src/protocol/hostApi';
import { reduceRun } from '../../../src/protocol/reduceRun';

const run: Snapshot = {
  manifest: {
    schemaVersion: 1, id: 'r1', modelFile: 'a.vae.ts', modelName: 'a', source: '', createdAt: '', engine: 'cpu', device: 'CPU', seed: 1, epochs: 1, batchSize: 1, stepsPerEpoch: 9,
    latentDim: 2, imageShape: [1, 1, 1], testCount: 1, hyperparameters: {}, hyperparameterSpecs: {}, prior: { kind: 'standardNormal', kl: 'closed', range: [-3, 3] }, host: { pid: 1, startedAt: '', node: '' }, state: { kind: 'running' }, lastStep: 0,
  },
  metrics: [], marks: [],
};
const point = (step: number, split: 'train' | 'test', loss: number) => ({ step, epoch: 1, split, seconds: step, loss, parts: { reconstruction: loss, kl: 0 } });

describe('reduceRun', () => {
  it('keeps the history, and the last held-out loss', () => {
    const first = reduceRun(run, 'metrics', { points: [point(1, 'train', 9), point(1, 'test', 8)], speed: { stepsPerSecond: 2 } });
    const second = reduceRun(first, 'metrics', { points: [point(2, 'train', 7)] });
    expect(second.metrics.map(({ step, split }) => [step, split])).toEqual([[1, 'train'], [1, 'test'], [2, 'train']]);
    expect([second.manifest.lastStep, second.manifest.lastLoss, second.speed]).toEqual([2, 8, { stepsPerSecond: 2 }]);
    expect(run.metrics).toEqual([]);
    expect(snapshotSchema.safeParse(second).success).toBe(true);
  });
  it('forgets what an engine trained that another begins again', () => {
    const before = reduceRun({ ...run, marks: [{ step: 1, seconds: 1, name: 'beta', from: 1, to: 2 }] }, 'metrics', { points: [point(1, 'train', 9)], speed: { stepsPerSecond: 2 } });
    expect(reduceRun(before, 'restarted', { ...run.manifest, engine: 'wasm' })).toEqual({ manifest: { ...run.manifest, engine: 'wasm' }, metrics: [], marks: [] });
  });
  it('keeps what was set by hand, whatever is told later of a schedule before it', () => {
    const told = (step: number, scheduled: Record<string, number>) => ({ points: [{ ...point(step, 'train', 1), scheduled }] });
    const set = [{ step: 5, seconds: 1, name: 'learningRate', from: 1e-3, to: 2e-4, endsSchedule: true as const }].reduce((now, mark) => reduceRun(now, 'mark', mark), reduceRun(run, 'metrics', told(3, { learningRate: 1e-3, beta: 0.3 })));
    const after = reduceRun({ ...set, manifest: { ...set.manifest, hyperparameters: { learningRate: 2e-4, beta: 0.3 } } }, 'metrics', told(4, { learningRate: 1e-3, beta: 0.4 }));
    expect(after.manifest.hyperparameters).toEqual({ learningRate: 2e-4, beta: 0.4 });
    expect(reduceRun(after, 'metrics', told(5, { learningRate: 9e-4 })).manifest.hyperparameters).toEqual({ learningRate: 9e-4, beta: 0.4 }); // a schedule that began anew
  });
  it('takes marks and states', () => {
    const mark = { step: 3, seconds: 1, name: 'beta', from: 1, to: 4 };
    expect(reduceRun(run, 'mark', mark).marks).toEqual([mark]);
    expect(reduceRun(run, 'state', { state: { kind: 'paused' }, lastStep: 5, lastLoss: 1 }).manifest).toMatchObject({ state: { kind: 'paused' }, lastStep: 5, lastLoss: 1 });
  });
});
