/** 32-bit arithmetic coding with integers (Witten, Neal & Cleary 1987): what an encoder was given, a decoder with the same tables gives back. */
const [HALF, QUARTER, TOP] = [0x80000000, 0x40000000, 0xffffffff];

/** How likely each of some symbols is, as whole numbers. */
export interface Table {
  readonly total: number;
  count(symbol: number): number;
  /** Of all symbols before this one. */
  below(symbol: number): number;
  /** The symbol in whose share `at` lies, and where that begins. */
  find(at: number): { symbol: number; below: number };
  /** A symbol came. */
  add(symbol: number): void;
}

/** Of logits: none is impossible. */
export class Masses implements Table {
  static readonly #SCALE = 1 << 20;
  readonly #ends: Float64Array;
  constructor(logits: Float32Array) {
    const top = logits.reduce((a, b) => Math.max(a, b), -Infinity);
    const masses = Float64Array.from(logits, (logit) => Math.exp(logit - top));
    const all = masses.reduce((a, b) => a + b, 0);
    let end = 0;
    this.#ends = masses.map((mass) => end += 1 + Math.floor(mass / all * Masses.#SCALE));
  }
  get total(): number { return this.#ends.at(-1) ?? 0; }
  count(symbol: number): number { return (this.#ends[symbol] ?? 0) - this.below(symbol); }
  below(symbol: number): number { return symbol === 0 ? 0 : this.#ends[symbol - 1] ?? 0; }
  find(at: number): { symbol: number; below: number } {
    const symbol = this.#ends.findIndex((end) => at < end);
    return { symbol, below: this.below(symbol) };
  }
  add(): void { /* the next have logits of their own */ }
}

/** How often each of some symbols came, learned as they come, the same by who writes and who reads. Each begins with 1; a symbol seen counts `GAIN`, and old ones fade. */
export class Frequencies implements Table {
  static readonly #GAIN = 24;
  static readonly #MOST = 1 << 15;
  readonly #counts: Uint32Array;
  #total: number;
  constructor(symbols: number) {
    this.#counts = new Uint32Array(symbols).fill(1);
    this.#total = symbols;
  }
  get total(): number { return this.#total; }
  count(symbol: number): number { return this.#counts[symbol] ?? 0; }
  /** Of all symbols before this one. */
  below(symbol: number): number {
    let sum = 0;
    for (let s = 0; s < symbol; s++) sum += this.#counts[s] ?? 0;
    return sum;
  }
  /** The symbol in whose share `at` lies, and where that begins. */
  find(at: number): { symbol: number; below: number } {
    let below = 0;
    for (let symbol = 0; ; symbol++) {
      const count = this.#counts[symbol] ?? Infinity;
      if (at < below + count) return { symbol, below };
      below += count;
    }
  }
  add(symbol: number): void {
    this.#counts[symbol] = (this.#counts[symbol] ?? 0) + Frequencies.#GAIN;
    this.#total += Frequencies.#GAIN;
    if (this.#total <= Frequencies.#MOST) return;
    this.#total = 0;
    for (let s = 0; s < this.#counts.length; s++) this.#total += this.#counts[s] = ((this.#counts[s] ?? 0) + 1) >> 1;
  }
}

export class ArithmeticEncoder {
  readonly #bytes: number[] = [];
  #low = 0;
  #high = TOP;
  #pending = 0;
  #byte = 0;
  #filled = 0;

  /** Writes a symbol, and learns it. */
  put(symbol: number, frequencies: Table): void {
    const range = this.#high - this.#low + 1;
    const below = frequencies.below(symbol);
    this.#high = this.#low + Math.floor(range * (below + frequencies.count(symbol)) / frequencies.total) - 1;
    this.#low += Math.floor(range * below / frequencies.total);
    frequencies.add(symbol);
    for (;;) {
      if (this.#high < HALF) this.#bits(0);
      else if (this.#low >= HALF) {
        this.#bits(1);
        this.#low -= HALF;
        this.#high -= HALF;
      } else if (this.#low >= QUARTER && this.#high < HALF + QUARTER) {
        this.#pending++;
        this.#low -= QUARTER;
        this.#high -= QUARTER;
      } else return;
      this.#low *= 2;
      this.#high = this.#high * 2 + 1;
    }
  }
  /** So far. */
  get length(): number { return this.#bytes.length * 8 + this.#filled + this.#pending; }

  finish(): Uint8Array {
    this.#pending++;
    this.#bits(this.#low < QUARTER ? 0 : 1);
    while (this.#filled > 0) this.#bit(0);
    return Uint8Array.from(this.#bytes);
  }
  #bits(first: 0 | 1): void {
    this.#bit(first);
    for (; this.#pending > 0; this.#pending--) this.#bit(first === 0 ? 1 : 0);
  }
  #bit(bit: 0 | 1): void {
    this.#byte = this.#byte * 2 + bit;
    if (++this.#filled < 8) return;
    this.#bytes.push(this.#byte);
    [this.#byte, this.#filled] = [0, 0];
  }
}

export class ArithmeticDecoder {
  #low = 0;
  #high = TOP;
  #value = 0;
  #at = 0;
  constructor(private readonly bytes: Uint8Array) { for (let i = 0; i < 32; i++) this.#value = this.#value * 2 + this.#bit(); }

  /** Reads a symbol, and learns it. */
  get(frequencies: Table): number {
    const range = this.#high - this.#low + 1;
    const { symbol, below } = frequencies.find(Math.floor(((this.#value - this.#low + 1) * frequencies.total - 1) / range));
    this.#high = this.#low + Math.floor(range * (below + frequencies.count(symbol)) / frequencies.total) - 1;
    this.#low += Math.floor(range * below / frequencies.total);
    frequencies.add(symbol);
    for (;;) {
      if (this.#high < HALF) { /* the first bits are equal: nothing is taken off */ }
      else if (this.#low >= HALF) this.#shift(HALF);
      else if (this.#low >= QUARTER && this.#high < HALF + QUARTER) this.#shift(QUARTER);
      else return symbol;
      this.#low *= 2;
      this.#high = this.#high * 2 + 1;
      this.#value = this.#value * 2 + this.#bit();
    }
  }
  #shift(by: number): void {
    this.#low -= by;
    this.#high -= by;
    this.#value -= by;
  }
  /** After the end come zeros. */
  #bit(): number {
    const bit = ((this.bytes[this.#at >> 3] ?? 0) >> (7 - (this.#at & 7))) & 1;
    this.#at++;
    return bit;
  }
}
