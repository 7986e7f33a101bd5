import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { buildProgram, ViewMemoryError, type NamedEngine } from '../../../src/host/engines/index';
import { loadModel } from '../../../src/host/loadModel';
import { hasTensorflow } from './available';

const top = mkdtempSync(path.join(os.tmpdir(), 'vae-lab-test-'));
afterAll(() => { rmSync(top, { recursive: true, force: true }); });
const file = path.join(top, 'large.vae.ts');
// Decoder and encoder multiply a number of each example with those of all others, twice: 256 products of four examples, four terabytes of 1024.
writeFileSync(file, `import * as tf from '@tensorflow/tfjs';
import { sprites, vae } from 'vae-lab';
const outer = (v) => tf.reshape(tf.matMul(tf.reshape(v, [-1, 1]), tf.reshape(v, [1, -1])), [-1]);
const all = (rows) => tf.mul(tf.mean(outer(outer(tf.reshape(tf.slice(rows, [0, 0], [-1, 1]), [-1])))), 1e-3);
export const large = vae({ data: sprites(), latentDim: 2,
  encoder: ({ layers }) => { const dense = layers.dense({ units: 4 }); return (x) => { const rows = tf.reshape(x, [-1, 64]); return tf.add(dense.apply(rows), all(rows)); }; },
  decoder: ({ layers }) => { const dense = layers.dense({ units: 4 }); return (z) => tf.add(dense.apply(z), all(z)); }, training: { batchSize: 4 } });
`);
const LIMIT = 1024;

it.each([...(hasTensorflow ? ['compiled', 'tensorflow', 'wasm', 'cpu'] : ['compiled', 'wasm', 'cpu'])] as NamedEngine[])('what does not fit in memory when it is looked at is said so, and training goes on from the same weights, on %s', async (engine) => {
  const { model } = await loadModel(file, undefined);
  const { program } = await buildProgram(engine, model, 1, [8, 8, 1]);
  const batch = (count: number) => ({ count, data: new Float32Array(count * 64).fill(0.5) });
  const noise = new Float32Array(4 * 2).fill(0.1);
  await program.step(batch(4), noise, { learningRate: 1e-3 });
  const before = await program.getState();
  const few = await program.decode(new Float32Array(4), 2);
  const refused = new ViewMemoryError(LIMIT);
  await expect(program.decode(new Float32Array(LIMIT * 2), LIMIT)).rejects.toThrow(refused);
  await expect(program.encode(batch(LIMIT))).rejects.toThrow(refused);
  await expect(program.terms(batch(LIMIT), new Float32Array(LIMIT * 2), 1, { learningRate: 1e-3 })).rejects.toThrow(refused);
  expect(await program.getState()).toEqual(before);
  expect(await program.decode(new Float32Array(4), 2)).toEqual(few);
  expect((await program.step(batch(4), noise, { learningRate: 1e-3 })).loss).toBeGreaterThan(0);
  program.dispose();
});
