import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildProgram, type ImageShape } from '../../src/host/engines/index';
import { loadExports } from '../../src/host/loadModel';
import { Random } from '../../src/host/training/index';
import { isVaeModel, type VaeModel } from '../../src/vae/model';
import { samplesOf } from '../../src/vae/objectives/index';

const files = readdirSync('samples').filter((name) => name.endsWith('.vae.ts'));
const shapes: Partial<Record<string, ImageShape>> = { sprites: [32, 32, 1], cifar10: [32, 32, 3] };

const models = (await Promise.all(files.map(async (file) => Object.entries(await loadExports(path.resolve('samples', file))).filter((entry): entry is [string, VaeModel] => isVaeModel(entry[1])).map(([name, model]) => ({ file, name, model }))))).flat();

describe('the samples', () => {
  it('have a model each', () => { expect(new Set(models.map(({ file }) => file))).toEqual(new Set(files)); });
  it.each(models)('$file: $name is a model that the fast engine trains', async ({ model }) => {
    const shape = shapes[model.data.kind] ?? [28, 28, 1] as const;
    const { program } = await buildProgram('compiled', model, 1, shape, { data: { trainCount: 60_000, classes: 10 } });
    const random = new Random(1);
    const count = model.training.batchSize;
    const batch = { count, data: Float32Array.from({ length: count * shape[0] * shape[1] * shape[2] }, () => 0.2 * random.uniform()), labels: Int32Array.from({ length: count }, (_, i) => i % 10) };
    const losses: number[] = [];
    for (let step = 0; step < 5; step++) losses.push((await program.step(batch, random.normals(count * samplesOf(model.objective) * model.latentDim), { learningRate: model.training.optimizer.learningRate })).loss);
    expect(losses[4]).toBeLessThan(losses[0] ?? NaN);
    program.dispose();
  });
  it('are what the documentation shows', () => {
    expect(readFileSync('docs/models.md', 'utf8')).toContain(readFileSync('samples/own-objective.vae.ts', 'utf8'));
  });
});
