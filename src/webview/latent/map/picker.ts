import KDBush from 'kdbush';

interface Tree { readonly index: KDBush; /** The tree's numbers as the examples' own: those without a place are not in it. */ readonly examples: Uint32Array }

/** Finds the point near a place of the map. The tree is made when it is first asked: a map that is being fitted changes many times before. */
export class Picker {
  #tree: Tree | undefined;
  constructor(private readonly places: Float32Array) {}

  /** The nearest within a radius, all in units of the map. */
  at(x: number, y: number, radius: number): number | undefined {
    this.#tree ??= this.#make();
    const { index, examples } = this.#tree;
    if (examples.length === 0) return undefined;
    let best: number | undefined;
    let least = Infinity;
    for (const found of index.within(x, y, radius)) {
      const example = examples[found] ?? 0;
      const far = ((this.places[2 * example] ?? 0) - x) ** 2 + ((this.places[2 * example + 1] ?? 0) - y) ** 2;
      if (far < least) [best, least] = [example, far];
    }
    return best;
  }

  #make(): Tree {
    const examples = Uint32Array.from({ length: this.places.length / 2 }, (_, i) => i).filter((i) => Number.isFinite(this.places[2 * i]) && Number.isFinite(this.places[2 * i + 1]));
    const index = new KDBush(Math.max(1, examples.length), 64, Float32Array); // a tree of nothing cannot be made
    for (const example of examples) index.add(this.places[2 * example] ?? 0, this.places[2 * example + 1] ?? 0);
    if (examples.length === 0) index.add(0, 0);
    index.finish();
    return { index, examples };
  }
}
