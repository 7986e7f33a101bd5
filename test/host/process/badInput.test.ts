import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeEach, describe, expect, it, vi } from 'vitest';
import type { Manifest } from '../../../src/protocol/run';
import { RunDirectory } from '../../../src/runs/runDirectory';
import { TrainingSession } from '../../../src/host/session';

const top = mkdtempSync(path.join(os.tmpdir(), 'vae-lab-test-'));
process.env['VAE_LAB_STATE'] = path.join(top, 'state');
afterAll(() => { rmSync(top, { recursive: true, force: true }); });
beforeEach(() => { vi.stubEnv('VAE_LAB_COMPONENTS', path.join(top, 'components')); return () => { vi.unstubAllEnvs(); }; });

const modelFile = path.join(top, 'bad.vae.ts');
let runs = 0;
/** A model whose encoder gives, in line 9, what `gives` makes of its hidden layer h, [batch, 4]. */
function train(gives: string, engine: string): Promise<Manifest> {
  return trainFile(`import * as tf from '@tensorflow/tfjs';
import { sprites, stopGradient, vae } from 'vae-lab';
let calls = 0;
export const bad = vae({ data: sprites({ trainCount: 64, testCount: 32 }), latentDim: 3,
  encoder: ({ layers }) => {
    const hidden = layers.dense({ units: 4 });
    return (x) => {
      const h = hidden.apply(tf.reshape(x, [-1, 1024]));
      return ${gives};
    };
  },
  decoder: ({ layers }) => [layers.dense({ units: 4 })], training: { batchSize: 32, epochs: 1 } });
`, engine);
}
async function trainFile(text: string, engine: string): Promise<Manifest> {
  writeFileSync(modelFile, text);
  const dir = path.join(top, '.vae-lab', 'runs', `bad-${runs++}`);
  const session = await TrainingSession.open({ role: 'trainer', runId: path.basename(dir), dir, modelFile, engine, set: {} }, { node: process.execPath, script: path.resolve('dist/host.js') });
  await session.run();
  await session.close();
  return new RunDirectory(dir).readManifest();
}

const cases: readonly [string, string, RegExp][] = [
  ['reads values', 'tf.mul(h, h.dataSync()[0])', /A value is read inside the training step/],
  ['draws random numbers of its own', 'tf.mul(h, Math.random())', /Math\.random\(\) is used inside the training step/],
  ['draws random numbers that no generator of the run gives', 'tf.mul(h, tf.randomGamma(h.shape, 1))', /Random numbers of tf\.randomGamma cannot be compiled/],
  ['makes variables inside', 'tf.mul(h, tf.variable(tf.scalar(2)))', /A variable or a layer is made inside the training step/],
  ['makes layers inside', 'layers.dense({ units: 4 }).apply(h)', /A variable or a layer is made inside the training step/],
  ['changes its shapes between steps', 'tf.tile(tf.slice(h, [0, calls++ % 4], [-1, 1]), [1, 4])', /changes? from one (training )?step to the next/],
  ['grows from step to step', 'tf.mul(h, tf.sum(tf.ones([++calls])))', /changes from one training step to the next/],
  ['holds an operation that is not known', 'tf.mul(h, stopGradient(() => tf.sum(tf.bincount(tf.cast(tf.reshape(tf.relu(h), [-1]), "int32"), [], 4))))', /TensorFlow\.js's operation "\w*Bincount" cannot be compiled/],
];

/** What each part takes by itself, and the whole does not: no line of the file throws. */
const together: readonly [string, string, string][] = [
  ['an encoder on another grid than its codes', "vqVae({ data, grid: [7, 7], ...resnetConv({ filters: 2, blocks: 0 }) })", 'The encoder gives features of shape [8, 8, 2], and vqVae() was given a grid of 7x7.'],
  ['free bits under a prior without a KL divergence a dimension', "vae({ data, latentDim: 2, ...mlp({ hidden: [4] }), prior: mixture(), objective: elbo({ freeBits: 0.1 }) })", 'The KL divergence of each latent dimension is not known for the prior mixture().'],
];

describe('a model that', () => {
  it.each(together)('has %s is refused with its line', async (_, made, message) => {
    const text = `import { elbo, mixture, mlp, resnetConv, sprites, vae, vqVae } from 'vae-lab';\nconst data = sprites({ trainCount: 64, testCount: 32 });\n\nexport const bad = ${made};\n`;
    expect((await trainFile(text, 'auto')).state).toMatchObject({ kind: 'failed', error: { code: 'modelFile', message, location: { file: modelFile, line: 4 } } });
  });
  it.each(cases)('%s is refused with a sentence and its line, and trained eagerly where the engine was left open', async (_, gives, because) => {
    const { state } = await train(gives, 'compiled');
    expect(state).toMatchObject({ kind: 'failed', error: { code: 'engine', message: expect.stringMatching(because) as string, location: { file: modelFile, line: 9 } } });
    const { state: ended, engine, engineNotice, lastStep } = await train(gives, 'auto');
    expect([ended, engine, lastStep]).toEqual([{ kind: 'completed' }, 'wasm', 2]);
    expect(engineNotice).toMatch(because);
  });

  // Eight times two numbers an example, all multiplied with one another: a petabyte at batch size 32, and 65,536 numbers at the two examples that weights are made with.
  it.each([
    ['compiled', '(make) => make()'], ['auto', '(make) => make()'], ['compiled', 'stopGradient'], ['auto', 'stopGradient'],
  ])('is too large for memory is refused with a sentence that says what to set (%s, %s)', async (engine, around) => {
    const large = `(() => { const outer = (v) => tf.reshape(tf.matMul(tf.reshape(v, [-1, 1]), tf.reshape(v, [1, -1])), [-1]); return tf.mul(h, (${around})(() => tf.mean(outer(outer(outer(tf.reshape(tf.slice(h, [0, 0], [-1, 2]), [-1]))))))); })()`;
    const { state, lastStep } = await train(large, engine);
    expect([state, lastStep]).toMatchObject([{ kind: 'failed', error: { code: 'engine', message: 'The memory of the device does not hold a step with batch size 32. Set training.batchSize to 16, and train again. The run is kept.' } }, 0]);
  });
});
