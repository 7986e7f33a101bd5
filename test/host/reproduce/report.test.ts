import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { loadDataset } from '../../../src/host/datasets/index';
import { buildProgram } from '../../../src/host/engines/index';
import { Random } from '../../../src/host/training/index';
import { samplesOf } from '../../../src/vae/objectives/index';
import { sprites } from '../../../src/vae/index';
import { protocols } from '../../reproduce/protocols';
import { reportOf } from '../../reproduce/report';
import { before, holds, isInOrder, merged, readResults, type Line } from '../../reproduce/results';
import { train } from '../../reproduce/train';

const line = (seed: number, epoch: number, metric: string, ours: number): Line => ({ seed, epoch, metric, ours });

describe('the reproduction', () => {
  it('is documented as the report writes it: npm run docs:reproduction', () => {
    expect(readFileSync('docs/reproduction.md', 'utf8')).toBe(reportOf(readResults()));
  });
  it('has a number out of place said, and one that is missing', () => {
    const lines = [line(1, 1, 'test -ELBO', 129), line(2, 1, 'test -ELBO', 129.5), line(1, 5, 'test -ELBO', 108.4), line(1, 20, 'active units', 19)];
    const report = reportOf(merged({}, 'reference-vae', 'CPU', '2026-01-01', lines));
    expect(report).toContain('| test -ELBO | 1 | 129, 129.50 | 129.25 (129 to 129.50) | 127.1 | \u00b1 1.5 | **no** |');
    expect(report).toContain('| test -ELBO | 5 | 108.40 | 108.40 | 108.2 | \u00b1 0.7 | yes |');
    expect(report).toContain('| test -ELBO | 10 | not run | not run | 105.6 | \u00b1 0.7 | - |');
    expect(report).toContain('| active units | 20 | 19 | 19 | 20 | the same | **no** |');
  });
  it('holds the mean of the seeds, not each', () => {
    expect([holds({ metric: '', epoch: 1, reference: 10, within: 1 }, [8, 11.5]), holds({ metric: '', epoch: 1, reference: 10, within: 1 }, [8, 9]), holds({ metric: '', epoch: 1, reference: 3, between: [2, 5] }, [5]), holds({ metric: '', epoch: 1, reference: 3, between: [2, 5] }, [6])]).toEqual([true, false, true, false]);
    const [{ order = [] } = {}] = [protocols['iwae-order']];
    const told = (...values: number[]): Line[] => values.map((value, i) => line(1, 10, order[i] ?? '', value));
    const iwae = protocols['iwae-order'];
    if (!iwae) throw new Error('no protocol');
    expect([isInOrder(iwae, told(90, 89, 88)), isInOrder(iwae, told(90, 91, 88)), isInOrder(iwae, told(90, 89))]).toEqual([true, false, undefined]);
  });
  it('replaces what was found before of the same seed, epoch and metric', () => {
    expect(merged(merged({}, 'a', 'CPU', 'x', [line(1, 1, 'm', 5), line(2, 1, 'm', 6)]), 'a', 'CPU', 'y', [line(1, 1, 'm', 7)])['a']?.lines.map(({ ours }) => ours)).toEqual([7, 6]);
  });
  it('goes on after the models that were trained to their end', () => {
    const results = merged({}, 'a', 'CPU', 'x', [{ ...line(1, 5, 'm', 5), part: 0 }, { ...line(1, 10, 'm', 4), part: 0 }, { ...line(1, 5, 'n', 3), part: 1 }, line(2, 10, 'm', 2)]);
    const found = (seed: number, part: number): number[] => before(results, 'a', seed, part, 10).map(({ ours }) => ours);
    expect([found(1, 0), found(1, 1), found(2, 0), before(results, 'b', 1, 0, 10)]).toEqual([[5, 4], [], [], []]);
  });
  it.each(Object.keys(protocols))('%s: its models train on the compiled engine', async (name) => {
    const protocol = protocols[name];
    for (const { model } of protocol?.parts ?? []) {
      const made = await model();
      const { program } = await buildProgram('compiled', { ...made, training: { ...made.training, batchSize: 8 } }, 1, [28, 28, 1]);
      const random = new Random(1);
      const batch = { count: 8, data: Float32Array.from({ length: 8 * 784 }, () => Math.round(0.6 * random.uniform())) };
      const losses: number[] = [];
      const count = 8 * samplesOf(made.objective) * made.latentDim;
      for (let step = 0; step < 8; step++) losses.push((await program.step(batch, random.normals(count), { learningRate: 1e-3 })).loss);
      expect(losses[7]).toBeLessThan(losses[0] ?? NaN);
      program.dispose();
    }
  });
  it('trains as a run does, and gives the model after each epoch', async () => {
    const found: string[] = [];
    const model = (await protocols['iwae-order']?.parts[1]?.model());
    if (!model) throw new Error('no model');
    const data = sprites({ trainCount: 256, testCount: 32, binarization: 'dynamic' });
    const device = await train({ ...model, data, training: { ...model.training, batchSize: 64 } }, 3, 2, async ({ epoch, subject, trainLoss }) => {
      found.push(`${epoch} ${subject.model.training.seed} ${subject.count} ${String(Number.isFinite(trainLoss))} ${(await subject.program.encode((await loadDataset(data)).batch('test', [0]))).mean.length}`);
    });
    expect([found, device]).toEqual([['1 3 32 true 50', '2 3 32 true 50'], expect.stringContaining('CPU')]);
  });
});
