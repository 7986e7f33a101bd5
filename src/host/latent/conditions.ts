import type { VaeModel } from '../../vae/model';
import type { Dataset } from '../datasets/index';

/** More classes are not named; they can be asked for by number. */
const MOST_NAMED = 1000;

/** The classes that a conditional model can be asked for, by name; undefined where the model is not conditional. */
export function classesAskedFor({ kind }: Pick<VaeModel, 'kind'>, { classes, classNames }: Pick<Dataset, 'classes' | 'classNames'>): string[] | undefined {
  if (kind !== 'conditionalVae' || classes === undefined) return undefined;
  return Array.from({ length: Math.min(MOST_NAMED, classes) }, (_, i) => classNames?.[i] ?? String(i));
}

/** What a conditional model's decoder is given beside codes; undefined where the model is not conditional. */
export class Conditions {
  readonly classes: number | undefined;

  constructor(model: Pick<VaeModel, 'kind'>, dataset: Pick<Dataset, 'classes'>) { this.classes = model.kind === 'conditionalVae' ? dataset.classes : undefined; }

  /** One-hot rows [count, classes]: the class of each picture; the first where nobody says. @throws RangeError */
  rows(count: number, classOf: (index: number) => number | undefined): Float32Array | undefined {
    const { classes } = this;
    if (classes === undefined) return undefined;
    const rows = new Float32Array(count * classes);
    for (let i = 0; i < count; i++) {
      const label = classOf(i) ?? 0;
      if (!Number.isInteger(label) || label < 0 || label >= classes) throw new RangeError(`There is no class ${label}: the data have ${classes}, counted from 0.`);
      rows[i * classes + label] = 1;
    }
    return rows;
  }

  /** From one class to another in even shares. */
  between(from: number | undefined, to: number | undefined, steps: number): Float32Array | undefined {
    const ends = this.rows(2, (i) => (i === 0 ? from : to));
    const { classes } = this;
    if (!ends || classes === undefined) return undefined;
    return Float32Array.from({ length: steps * classes }, (_, i) => {
      const share = Math.floor(i / classes) / Math.max(1, steps - 1);
      return (1 - share) * (ends[i % classes] ?? 0) + share * (ends[classes + i % classes] ?? 0);
    });
  }
}
