import { Column, type Numbers } from '../../protocol/column';

/** An exponential moving average that grows with its values, each sum divided by the sum of its weights, so that the first are not drawn to 0. `weight` is what the past counts, from 0 to below 1. */
export class Smoothed {
  readonly values = new Column();
  #sum = 0;
  #weights = 0;
  constructor(private readonly source: Numbers, readonly weight: number) {}

  grow(): this {
    for (let i = this.values.length; i < this.source.length; i++) {
      const value = this.source.at(i) ?? NaN;
      if (Number.isFinite(value)) {
        this.#sum = this.#sum * this.weight + value * (1 - this.weight);
        this.#weights = this.#weights * this.weight + (1 - this.weight);
      }
      this.values.push(Number.isFinite(value) ? this.#sum / this.#weights : NaN);
    }
    return this;
  }
}
