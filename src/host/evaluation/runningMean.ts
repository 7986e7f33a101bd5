/** A mean over examples, in their unit; one value alone has no standard error. */
export interface Estimate { readonly value: number; readonly standardError?: number }
/** The mean of numbers that come one after another, and its standard error (Welford 1962). */
export class RunningMean {
  #count = 0;
  #mean = 0;
  #squares = 0;

  add(value: number): void {
    this.#count++;
    const from = value - this.#mean;
    this.#mean += from / this.#count;
    this.#squares += from * (value - this.#mean);
  }
  get count(): number { return this.#count; }
  get mean(): number { return this.#mean; }
  /** Without bias. */
  get variance(): number { return this.#count > 1 ? this.#squares / (this.#count - 1) : 0; }
  /** The mean with its standard error, which one value alone does not have: it says nothing of others. */
  get estimate(): Estimate { return { value: this.#mean, ...(this.#count > 1 ? { standardError: Math.sqrt(this.variance / this.#count) } : {}) }; }
}
