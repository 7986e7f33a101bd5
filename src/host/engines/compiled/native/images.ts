import type { NativeBytes, NativeFloats, NativeMemory } from './memory';

/** Gathers rows of bytes into floats in [0, 1]: a batch of 8-bit images, ready for a step. */
export class ImageGatherer {
  readonly #memory: NativeMemory;
  readonly #staged: NativeBytes;
  readonly #size: number;

  /** For up to `rows` images of `size` values each. Takes `ImageGatherer.bytes(rows, size)` of the memory. */
  constructor(memory: NativeMemory, rows: number, size: number) {
    this.#memory = memory;
    this.#size = size;
    this.#staged = memory.bytes(ImageGatherer.bytes(rows, size));
  }

  static bytes(rows: number, size: number): number { return rows * size; }

  /** Row i of `into` [indices.length, size] becomes row indices[i] of `source` over 255. @throws RangeError for an index that is not in it, or more rows than there is room for. */
  gather(source: Uint8Array, indices: ArrayLike<number>, into: NativeFloats): void {
    const size = this.#size;
    const count = indices.length * size;
    if (count > this.#staged.values.length || count !== into.values.length) throw new RangeError(`${indices.length} images do not fit into a batch of ${into.values.length / size}.`);
    for (let i = 0; i < indices.length; i++) {
      const index = indices[i] ?? NaN;
      const from = index * size;
      if (!Number.isInteger(index) || from < 0 || from + size > source.length) throw new RangeError(`There is no example ${index}; there are ${source.length / size}.`);
      this.#staged.values.set(source.subarray(from, from + size), i * size);
    }
    this.#memory.kernels.bytesToUnit(this.#staged.address, into.address, count);
  }
}
