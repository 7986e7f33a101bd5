import { Column, type Numbers } from './column';

/** Averages so far, or some of them; the last one, and of how many finite values it is. */
export interface Begun { readonly values: Column; readonly last: number; readonly count: number }

/** Of so many values, none of which is known. */
export const noneYet = (length: number): Begun => ({ values: Column.from(new Float32Array(length).fill(NaN)), last: 0, count: 0 });

/** An exponential moving average that grows with its values, each sum divided by the sum of its weights, so that the first are not drawn to 0. `weight` is what the past counts, from 0 to below 1. */
export class Smoothed {
  readonly values: Column;
  #sum: number;
  #count: number;
  /** Goes on after what is given, of which the source may have a part only. */
  constructor(private readonly source: Numbers, readonly weight: number, { values, last, count }: Begun = { values: new Column(), last: 0, count: 0 }) {
    this.values = values;
    this.#count = count;
    this.#sum = last * this.#weights;
  }

  /** To go on after. */
  get begun(): Begun { return { values: this.values, last: this.#count > 0 ? this.#sum / this.#weights : 0, count: this.#count }; }
  /** 1, w, w^2 and so on of the past, times 1 - w, summed. */
  get #weights(): number { return 1 - this.weight ** this.#count; }

  grow(): this {
    for (let i = this.values.length; i < this.source.length; i++) {
      const value = this.source.at(i) ?? NaN;
      if (Number.isFinite(value)) {
        this.#sum = this.#sum * this.weight + value * (1 - this.weight);
        this.#count++;
      }
      this.values.push(Number.isFinite(value) ? this.#sum / this.#weights : NaN);
    }
    return this;
  }
}

/** The last finite value; undefined where there is none. */
export function lastFinite(values: Numbers): number | undefined {
  for (let i = values.length - 1; i >= 0; i--) if (Number.isFinite(values.at(i))) return values.at(i);
  return undefined;
}
