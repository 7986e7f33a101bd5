import type { EvaluationOptions } from '../../protocol/evaluation';
import { part } from '../../protocol/images';
import type { Handlers } from '../../protocol/rpc';
import type { usesRequests } from '../../protocol/usesApi';
import { DataError } from '../datasets/index';
import type { EvaluatedRun } from '../evaluation/evaluations';
import type { Subject } from '../evaluation/subject';
import { picturesOf } from '../pictures';
import { anomalies } from './anomalies';
import { attribute } from './attribute';
import { compress, decompress, type Codec } from './compress';
import { mend } from './mend';

/** Pictures that are compressed unless another number is said, and those of them that are shown. */
const [COMPRESSED, FIRST] = [1000, 8];

/** Answers to what models are used for; `run` throws where there is no model yet. Training waits meanwhile. */
export function usesHandlers(run: () => EvaluatedRun): Handlers<typeof usesRequests> {
  const held = async <T>(work: (run: EvaluatedRun) => Promise<T>): Promise<T> => {
    const of = run();
    const goOn = of.hold();
    try {
      await of.exclusive(() => Promise.resolve()); // after the step that is under way
      return await work(of);
    } finally { goOn(); }
  };
  const codecOf = ({ program, model, prior, dataset: { imageShape }, step, exclusive, manifest }: EvaluatedRun): Codec => ({ program, model, prior, imageShape, run: manifest().id, step: step(), exclusive });
  return {
    anomalies: (options) => held(async (of) => anomalies(subjectOf(of, options), await dataOf(of, options), options)),
    mend: (options) => held(async (of) => mend(subjectOf(of, options), await dataOf(of, options), options)),
    attribute: (options) => held(async (of) => attribute(subjectOf(of, { ...options, seed: 1 }), await dataOf(of, { ...options, seed: 1 }), options)),
    compress: ({ pictures, split, examples, lossless: wanted }) => held(async (of) => {
      const chosen = { split, examples: examples ?? COMPRESSED, seed: 1 };
      const subject = subjectOf(of, chosen);
      const [height, width, channels] = of.dataset.imageShape;
      const given = pictures ?? picturesOf(of.dataset.batch(split, Array.from({ length: subject.count }, (_, i) => i)).data, subject.count, of.dataset.imageShape);
      if (given.count === 0 || given.height !== height || given.width !== width || given.channels !== channels) throw new RangeError(`The model takes pictures of ${width}x${height} with ${channels} channels, not of ${given.width}x${given.height} with ${given.channels}.`);
      const { file, codes, pixels, deflate, lossless, squaredError } = await compress(codecOf(of), given, wanted);
      const { count } = given;
      return { file, count, first: part(given, 0, Math.min(FIRST, count)), ...(pictures ? {} : { protocol: await dataOf(of, chosen) }), lossless, squaredError, bits: { raw: given.pixels.length * 8 / count, deflate: deflate / count, codes: codes / count, pixels: pixels / count, file: file.length * 8 / count } };
    }),
    decompress: ({ file }) => held(async (of) => ({ pictures: await decompress(codecOf(of), file) })),
  };
}

interface Chosen { readonly split: EvaluationOptions['split']; readonly examples?: number | undefined; readonly seed: number }
const countOf = ({ dataset }: EvaluatedRun, { split, examples }: Chosen): number => {
  const available = { train: dataset.trainCount, validation: dataset.validationCount, test: dataset.testCount }[split];
  if (available === 0) throw new DataError(`${dataset.name} has no ${split} examples.`);
  return Math.min(examples ?? available, available);
};
const subjectOf = (run: EvaluatedRun, chosen: Chosen): Subject => ({
  program: run.program, dataset: run.dataset, model: run.model, prior: run.prior, hyperparameters: run.hyperparameters(), count: countOf(run, chosen), options: { split: chosen.split, k: 1, seed: chosen.seed }, onProgress: () => undefined,
  exclusive: async (work) => {
    await new Promise<void>((resolve) => { setImmediate(resolve); });
    return run.exclusive(work);
  },
});
async function dataOf(run: EvaluatedRun, chosen: Chosen): Promise<Record<string, string | number>> {
  const { fingerprint, binarization } = await run.dataset.summary();
  return { data: run.dataset.name, fingerprint, split: chosen.split, examples: countOf(run, chosen), binarization };
}
