import KDBush from 'kdbush';

/** Finds the point near a place of the map. */
export class Picker {
  readonly #index: KDBush | undefined;
  /** The tree's numbers as the examples' own: those without a place are not in it. */
  readonly #examples: Uint32Array;

  constructor(private readonly places: Float32Array) {
    this.#examples = Uint32Array.from(Array.from({ length: places.length / 2 }, (_, i) => i).filter((i) => Number.isFinite(places[2 * i]) && Number.isFinite(places[2 * i + 1])));
    if (this.#examples.length === 0) return;
    this.#index = new KDBush(this.#examples.length, 64, Float32Array);
    for (const example of this.#examples) this.#index.add(places[2 * example] ?? 0, places[2 * example + 1] ?? 0);
    this.#index.finish();
  }

  /** The nearest within a radius, all in units of the map. */
  at(x: number, y: number, radius: number): number | undefined {
    let best: number | undefined;
    let least = Infinity;
    for (const found of this.#index?.within(x, y, radius) ?? []) {
      const example = this.#examples[found] ?? 0;
      const far = ((this.places[2 * example] ?? 0) - x) ** 2 + ((this.places[2 * example + 1] ?? 0) - y) ** 2;
      if (far < least) [best, least] = [example, far];
    }
    return best;
  }
}
