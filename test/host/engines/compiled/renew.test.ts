import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { afterAll, describe, expect, it } from 'vitest';
import { buildProgram, passGate, UnsupportedModelError } from '../../../../src/host/engines/index';
import { loadModel } from '../../../../src/host/loadModel';
import { Random } from '../../../../src/host/training/index';
import { hasTensorflow } from '../available';

const top = mkdtempSync(path.join(os.tmpdir(), 'vae-lab-test-'));
afterAll(() => { rmSync(top, { recursive: true, force: true }); });
const shape = [32, 32, 1] as const;
const values = { learningRate: 1e-2, beta: 1 };
const later = globalThis as { howLate?: string };

/** Does what `howLate` says when it is called: nothing that a step called long before can know. Line 9 reads. */
const file = path.join(top, 'late.vae.ts');
writeFileSync(file, `import * as tf from '@tensorflow/tfjs';
import { sprites, vae } from 'vae-lab';
export const late = vae({ data: sprites({ trainCount: 64, testCount: 32 }), latentDim: 3,
  encoder: ({ layers }) => {
    const hidden = [layers.dense({ units: 6, activation: 'relu' }), layers.dropout({ rate: 0.2 })];
    return (x) => {
      const h = hidden[1].apply(hidden[0].apply(tf.reshape(x, [-1, 1024])), { training: true });
      if (globalThis.howLate === 'doubles') return tf.mul(h, 2);
      if (globalThis.howLate === 'reads') return tf.mul(h, h.dataSync()[0]);
      return h;
    };
  },
  decoder: ({ layers }) => [layers.dense({ units: 6, activation: 'relu' })], training: { batchSize: 8, epochs: 1 } });
`);

describe.each(hasTensorflow ? ['compiled', 'tensorflow'] as const : ['compiled'] as const)('a compiled step on %s, looked at again between epochs', (engine) => {
  it('is left alone where the code does the same: run, memory and the next noise are as if nobody had looked', async () => {
    const { model } = await loadModel(file, undefined);
    const losses = async (looking: boolean): Promise<number[]> => {
      const random = new Random(2);
      const { program } = await buildProgram(engine, model, 1, shape);
      const seen: number[] = [];
      const before = tf.memory();
      for (let i = 0; i < 8; i++) {
        if (looking) expect(await program.renew?.()).toBe(false);
        seen.push((await program.step({ count: 8, data: Float32Array.from({ length: 8 * 1024 }, () => random.uniform()) }, random.normals(24), values)).loss);
      }
      expect(tf.memory()).toEqual(before);
      program.dispose();
      return seen;
    };
    expect(await losses(true)).toEqual(await losses(false));
  });

  it('is compiled again where it does another thing, and trains that from the weights it has', async () => {
    const { model } = await loadModel(file, undefined);
    const random = new Random(3);
    const [batch, noise] = [{ count: 8, data: Float32Array.from({ length: 8 * 1024 }, () => random.uniform()) }, random.normals(24)];
    const { program } = await buildProgram(engine, model, 1, shape);
    const known = program.fingerprint;
    await program.step(batch, noise, values);
    const state = await program.getState();
    const before = (await program.evaluate(batch, noise, values)).loss;
    later.howLate = 'doubles';
    try {
      expect(await program.renew?.()).toBe(true);
      expect(await program.getState()).toEqual(state);
      expect(program.fingerprint).not.toBe(known);
      expect(await program.renew?.()).toBe(false);
      const { program: eager } = await buildProgram('cpu', model, 1, shape);
      await eager.setState(state);
      const { loss } = await program.evaluate(batch, noise, values);
      expect(Math.abs(loss - before)).toBeGreaterThan(1e-3);
      expect(loss / (await eager.evaluate(batch, noise, values)).loss).toBeCloseTo(1, 1); // each draws its own dropout
      expect(await passGate(engine, program, model, 1, shape)).toMatchObject({ passed: true });
      eager.dispose();
      later.howLate = 'reads';
      const error: unknown = await program.renew?.().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(UnsupportedModelError);
      expect((error as UnsupportedModelError).madeAt).toBe(`${file}:9`);
    } finally {
      delete later.howLate;
      program.dispose();
    }
  });
});
