import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { loadDataset } from '../../../src/host/datasets/index';
import { buildProgram, type NamedEngine, type Program } from '../../../src/host/engines/index';
import { loadModel } from '../../../src/host/loadModel';
import { describeError } from '../../../src/host/runError';
import { NonFiniteGradientError, NonFiniteLossError, Random, Trainer } from '../../../src/host/training/index';
import { hyperparametersOf, specsOf } from '../../../src/vae/hyperparameters';
import { hasTensorflow } from './available';

const top = mkdtempSync(path.join(os.tmpdir(), 'vae-lab-test-'));
afterAll(() => { rmSync(top, { recursive: true, force: true }); });
const shape = [32, 32, 1] as const;
const random = new Random(4);
const batch = { count: 8, data: Float32Array.from({ length: 8 * 1024 }, () => random.uniform()) };
const noise = random.normals(24);
const values = { learningRate: 1e-3, beta: 1 };

/** Line 10 takes the logarithm of what may be negative; line 9 makes an infinity that nothing uses. */
async function model(hidden: string) {
  const file = path.join(top, 'logs.vae.ts');
  writeFileSync(file, `import * as tf from '@tensorflow/tfjs';
import { sprites, stopGradient, vae } from 'vae-lab';
export const logs = vae({ data: sprites({ trainCount: 64, testCount: 32 }), latentDim: 3,
  encoder: ({ layers, variable }) => {
    const dense = layers.dense({ units: 6, activation: 'tanh' });
    const shift = variable('shift', [6]);
    return (x) => {
      const h = tf.add(dense.apply(tf.reshape(x, [-1, 1024])) as tf.Tensor, shift);
      const chosen = tf.where(tf.greater(h, -100), h, stopGradient(() => tf.log(tf.mul(tf.abs(h), 0))));
      const logs = ${hidden};
      return tf.mul(logs, 1);
    };
  },
  decoder: ({ layers }) => [layers.dense({ units: 6, activation: 'relu' })], training: { batchSize: 8, epochs: 1 } });
`);
  return { file, model: (await loadModel(file, undefined)).model };
}
const fine = 'tf.log(tf.add(chosen, 2))';
/** Its values are finite everywhere; its gradient is 0 / 0 where h is negative. */
const rooted = 'tf.add(tf.where(tf.greater(tf.relu(chosen), 0), tf.sqrt(tf.relu(chosen)), tf.zerosLike(chosen)), 1)';
async function withShift(program: Program, value: number): Promise<void> {
  await program.setState((await program.getState()).map((tensor) => (tensor.name === 'encoder/own/shift' ? { ...tensor, data: tensor.data.map(() => value) } : tensor)));
}

async function endedOn(engine: NamedEngine, hidden: string) {
  const { file, model: logs } = await model(hidden);
  const dataset = await loadDataset(logs.data);
  const { program } = await buildProgram(engine, logs, 1, shape);
  const trainer = await Trainer.create({ program, dataset, latentDim: 3, training: logs.training, hyperparameters: values, specs: specsOf(hyperparametersOf(logs)) });
  const before = await program.getState();
  let steps = 0;
  const error: unknown = await trainer.run({ onPoint: () => { steps++; }, onEpochEnd: () => undefined }).catch((thrown: unknown) => thrown);
  const after = await program.getState();
  program.dispose();
  return { file, error, steps, before, after };
}

describe.each((hasTensorflow ? ['compiled', 'wasm', 'cpu', 'tensorflow'] : ['compiled', 'wasm', 'cpu']) as NamedEngine[])('a loss that is not finite, on %s', (engine) => {
  const ended = (hidden: string) => endedOn(engine, hidden);

  it('comes of no update, and is traced to the operation and the person\'s line', async () => {
    const { file, model: logs } = await model(fine);
    const { program } = await buildProgram(engine, logs, 1, shape);
    expect((await program.step(batch, noise, values)).loss).toBeGreaterThan(0);
    expect(await program.findNonFinite(batch, noise, values, true)).toBeUndefined();
    await withShift(program, -50);
    const before = await program.getState();
    expect((await program.step(batch, noise, values)).loss).toBeNaN();
    expect(await program.getState()).toEqual(before);
    expect(await program.findNonFinite(batch, noise, values, true)).toEqual({ operation: 'Log', madeAt: `${file}:10` });
    expect(await program.getState()).toEqual(before);
    await withShift(program, NaN);
    expect(await program.findNonFinite(batch, noise, values, true)).toEqual({ weight: 'encoder/own/shift' });
    program.dispose();
  });

  it('ends a run with a sentence and a line', async () => {
    const { file, error } = await ended('tf.log(chosen)');
    expect(error).toBeInstanceOf(NonFiniteLossError);
    expect(await describeError(error, { modelFile: file, dir: top, runId: 'one' }, 'CPU', true)).toEqual({
      code: 'nonFinite', location: { file, line: 10 },
      message: expect.stringMatching(/^The loss is no longer finite at step 1 .*Try a lower learning rate\. The first result that was not finite is that of the operation Log, called at logs\.vae\.ts:10\.$/) as string,
    });
  });

  it('ends a run at the step whose gradient is not finite, though the loss is, before any weight has that gradient in it', async () => {
    const { file, error, steps, before, after } = await ended(rooted);
    expect(error).toBeInstanceOf(NonFiniteGradientError);
    expect([steps, after]).toEqual([0, before]);
    expect(await describeError(error, { modelFile: file, dir: top, runId: 'one' }, 'CPU', true)).toEqual({
      code: 'nonFinite', location: { file, line: 10 },
      message: expect.stringMatching(/^A gradient is no longer finite at step 1, though the loss is \(.+\)\. The first result that was not finite is that of the gradient of the operation Sqrt, called at logs\.vae\.ts:10\.$/) as string,
    });
  });
});
