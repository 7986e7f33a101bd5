/** State of a generator as JSON. */
export interface RandomState { readonly words: readonly [number, number, number, number]; readonly spare: number | null }

/** A seeded generator (xoshiro128**, Blackman & Vigna 2018), seeded by splitmix32. One a purpose; its state goes into checkpoints. */
export class Random {
  #words: Uint32Array;
  #spare: number | null = null;

  /** `stream` gives independent generators from one seed. */
  constructor(seed: number, stream = 0) {
    let s = (seed ^ Math.imul(stream + 1, 0x9e3779b9)) >>> 0;
    this.#words = Uint32Array.from({ length: 4 }, () => {
      s = (s + 0x9e3779b9) >>> 0;
      let z = Math.imul(s ^ (s >>> 16), 0x21f0aaad);
      z = Math.imul(z ^ (z >>> 15), 0x735a2d97);
      return (z ^ (z >>> 15)) >>> 0;
    });
  }

  static from(state: RandomState): Random {
    const random = new Random(0);
    random.#words = Uint32Array.from(state.words);
    random.#spare = state.spare;
    return random;
  }

  get state(): RandomState {
    const [a = 0, b = 0, c = 0, d = 0] = this.#words;
    return { words: [a, b, c, d], spare: this.#spare };
  }

  /** Uniform on the whole numbers below 2^32. */
  uint32(): number {
    const w = this.#words;
    const [a = 0, b = 0, c = 0, d = 0] = w;
    const scrambled = Math.imul(b, 5);
    const result = Math.imul((scrambled << 7) | (scrambled >>> 25), 9) >>> 0;
    const x = c ^ a;
    const y = d ^ b;
    w[0] = a ^ y;
    w[1] = b ^ x;
    w[2] = x ^ (b << 9);
    w[3] = (y << 11) | (y >>> 21);
    return result;
  }

  /** Uniform in [0, 1). */
  uniform(): number { return this.uint32() / 4294967296; }

  /** Standard normal, by Box and Muller. */
  normal(): number {
    if (this.#spare !== null) {
      const spare = this.#spare;
      this.#spare = null;
      return spare;
    }
    const radius = Math.sqrt(-2 * Math.log((this.uint32() + 1) / 4294967297));
    const angle = 2 * Math.PI * this.uniform();
    this.#spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  }

  normals(count: number): Float32Array {
    const values = new Float32Array(count);
    for (let i = 0; i < count; i++) values[i] = this.normal(); // Float32Array.from takes twice the time
    return values;
  }

  /** 0 .. count-1 in random order (Fisher and Yates). */
  permutation(count: number): Uint32Array {
    const order = Uint32Array.from({ length: count }, (_, i) => i);
    for (let i = count - 1; i > 0; i--) {
      const j = Math.floor(this.uniform() * (i + 1));
      const held = order[i] ?? 0;
      order[i] = order[j] ?? 0;
      order[j] = held;
    }
    return order;
  }
}
