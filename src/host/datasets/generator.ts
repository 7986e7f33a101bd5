import { createHash } from 'node:crypto';
import type { GeneratorDescription } from '../../vae/data/index';
import { sizeOf } from '../engines/sizeOf';
import { DataError } from './dataError';
import type { Dataset, Split } from './dataset';
import { GeneratedExamples } from './generated';
import type { LoadOptions } from './loadOptions';
import { FloatStore } from './store';
import { StoredDataset } from './storedDataset';

/** Makes the test examples; training ones are made as they are needed. @throws DataError */
export async function loadGenerator(description: GeneratorDescription, { onProgress }: LoadOptions): Promise<Dataset> {
  const { shape, testCount, trainCount, train, test, classes, seed, binarization, corruption } = description;
  const size = sizeOf(shape);
  if (description.leaveOut) throw new DataError('generator() makes its training examples itself: leave classes out there.');
  onProgress?.('Making the test examples');
  const images = new Float32Array(testCount * size);
  const labels = classes === undefined ? undefined : new Int32Array(testCount);
  await new GeneratedExamples({ make: test, part: 'test', seed, count: testCount, size, classes }).take(0, 0, images, labels);
  const store = new FloatStore(images, size);
  const names = Array.from({ length: classes ?? 0 }, (_, i) => String(i));
  // The held-out examples are stored ones; `train` of that set is not looked at.
  const held = new StoredDataset({ name: 'generator', imageShape: shape, preparation: description, train: store, test: store, ...(labels ? { labels: { names, train: labels, test: labels } } : {}) });
  const only = <T>(split: Split, give: () => T): T => {
    if (split !== 'test') throw new DataError('generator() makes its training examples as they are needed: only those of the test can be looked at by number.');
    return give();
  };
  const source = createHash('sha256').update(`${train.toString()}\n${test.toString()}`).digest('hex');
  return {
    name: 'generator', imageShape: shape, trainCount, validationCount: 0, testCount, heldOut: held.heldOut,
    batch: (split, indices) => only(split, () => held.batch(split, indices)),
    ...(classes === undefined ? {} : { classes, classNames: names, labels: (split: Split, indices: readonly number[]) => only(split, () => held.labels?.(split, indices) ?? new Int32Array(0)) }),
    training: {
      examples: { kind: 'generated', classes, start: (runSeed) => new GeneratedExamples({ make: train, part: 'train', seed: runSeed, count: trainCount, size, classes }) },
      binarize: binarization === 'dynamic', corruption,
    },
    summary: async () => {
      const summary = await held.summary();
      return { ...summary, trainCount, fingerprint: createHash('sha256').update(JSON.stringify([summary.fingerprint, source, trainCount])).digest('hex') };
    },
  };
}
