import * as ort from 'onnxruntime-node';
import { expect } from 'vitest';
import { lower, type LoweringOptions } from '../../../../../src/host/engines/compiled/lower/index';
import type { Recording, Values } from './recorder';

/** What the lowered graph gives for the recorded inputs. */
export async function run({ graph, feeds }: Recording, options?: LoweringOptions): Promise<Map<string, Values>> {
  const { model, inputs, outputs } = lower(graph, options);
  const session = await ort.InferenceSession.create(model, { intraOpNumThreads: 1, extra: { session: { strict_shape_type_inference: '1' } } });
  try {
    const given: Record<string, ort.Tensor> = {};
    for (const name of inputs) {
      const tensor = feeds.get(name);
      if (!tensor) throw new Error(`${name} is not an input.`);
      const { dtype } = tensor;
      if (dtype !== 'float32' && dtype !== 'int32' && dtype !== 'bool') throw new TypeError(dtype);
      given[name] = new ort.Tensor(dtype, tensor.dataSync<'float32'>().slice(), tensor.shape);
    }
    const results = await session.run(given, outputs);
    return new Map(outputs.map((name) => [name, results[name]?.data as Values]));
  } finally {
    await session.release();
  }
}

/** The largest difference, over the largest magnitude of what is expected (at least 1e-3). Two infinities or two NaNs do not differ. */
export function difference(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  expect(actual).toHaveLength(expected.length);
  let [worst, scale] = [0, 1e-3];
  for (let i = 0; i < expected.length; i++) {
    const [a, e] = [Number(actual[i]), Number(expected[i])];
    if (Object.is(a, e) || a === e) continue;
    const apart = Math.abs(a - e);
    worst = Math.max(worst, Number.isNaN(apart) ? Infinity : apart);
  }
  for (let i = 0; i < expected.length; i++) if (Number.isFinite(Number(expected[i]))) scale = Math.max(scale, Math.abs(Number(expected[i])));
  return worst / scale;
}
