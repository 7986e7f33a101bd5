import type { VaeModel } from '../../vae/model';
import { priorEntry } from '../../vae/priors/index';
import type { Batch, Program } from '../engines/index';
import { GRIDS_A_CALL, type CodePrior } from '../prior/codePrior';
import type { RunPrior } from '../prior/runPrior';
import { Frequencies, Masses, type ArithmeticDecoder, type ArithmeticEncoder } from './arithmeticCoder';

/** Steps of a code over the prior's range and half of it more to either side. */
const CODE_STEPS = 128;

export interface Coded { readonly program: Pick<Program, 'encode' | 'decode'>; readonly model: Pick<VaeModel, 'kind' | 'latentDim' | 'prior' | 'grid' | 'objective'>; readonly prior: Pick<RunPrior, 'codePrior' | 'vectorsOf'>; readonly exclusive: <T>(work: () => Promise<T>) => Promise<T> }
/** How codes are written: who reads learns the same as who writes. Both give the z that was written, [count, latentDim]. */
export interface Coding {
  write(encoder: ArithmeticEncoder, batch: Batch): Promise<Float32Array>;
  read(decoder: ArithmeticDecoder, count: number): Promise<Float32Array>;
}
export const tables = (count: number, symbols: number): Frequencies[] => Array.from({ length: count }, () => new Frequencies(symbols));
export const tableOf = (all: readonly Frequencies[], at: number): Frequencies => all[at] ?? new Frequencies(1);

/** Of what is no number the first: a symbol that is none would be coded for ever. */
export const within = (count: number, at: number): number => Math.min(count - 1, Math.max(0, Math.floor(at) || 0));

/** Each number of a posterior mean in steps. */
export function numberCoding({ program, model: { latentDim, prior }, exclusive }: Coded): Coding {
  const [low, high] = priorEntry(prior).range(prior);
  const [start, width] = [low - (high - low) / 4, (high - low) * 1.5 / CODE_STEPS];
  const symbolOf = (value: number): number => within(CODE_STEPS, (value - start) / width);
  const placeOf = (symbol: number): number => start + (symbol + 0.5) * width;
  const of = tables(latentDim, CODE_STEPS);
  return {
    write: async (encoder, batch) => (await exclusive(() => program.encode(batch))).mean.map((value, k) => {
      const symbol = symbolOf(value);
      encoder.put(symbol, tableOf(of, k % latentDim));
      return placeOf(symbol);
    }),
    read: (decoder, count) => Promise.resolve(Float32Array.from({ length: count * latentDim }, (_, k) => placeOf(decoder.get(tableOf(of, k % latentDim))))),
  };
}

/** Places of grids of codes one after another, all grids' first: coded under the prior that is learned over them, or each place by itself. */
export function codebookCoding({ program, model: { grid: [rows, columns] = [1, 1], objective }, prior, exclusive }: Coded, under: CodePrior | undefined): Coding {
  const places = rows * columns;
  const codes = objective.kind === 'vectorQuantization' ? objective.codes : 1;
  const of = under ? [] : tables(places, codes);
  const each = async (count: number, codeOf: (k: number, masses: Frequencies | Masses) => number): Promise<Float32Array> => {
    const indices = new Float32Array(count * places);
    for (let from = 0; from < count; from += GRIDS_A_CALL) {
      const some = Math.min(GRIDS_A_CALL, count - from);
      const seen = new Float32Array(GRIDS_A_CALL * places); // who reads knows no more: later places are 0 for both
      for (let place = 0; place < places; place++) {
        await new Promise<void>((resolve) => { setImmediate(resolve); });
        const logits = under && await exclusive(() => under.logits(seen, GRIDS_A_CALL, place));
        for (let i = 0; i < some; i++) {
          const masses = logits ? new Masses(logits.subarray(i * codes, (i + 1) * codes)) : tableOf(of, place);
          const k = (from + i) * places + place;
          seen[i * places + place] = indices[k] = codeOf(k, masses);
        }
      }
    }
    return prior.vectorsOf(indices);
  };
  return {
    write: async (encoder, batch) => {
      const { indices } = await exclusive(() => program.encode(batch));
      return each(batch.count, (k, masses) => {
        const code = indices?.[k] ?? 0;
        encoder.put(code, masses);
        return code;
      });
    },
    read: (decoder, count) => each(count, (_, masses) => decoder.get(masses)),
  };
}
