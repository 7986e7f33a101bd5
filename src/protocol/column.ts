/** Numbers in order: an array, or a column. */
export interface Numbers extends Iterable<number> {
  readonly length: number;
  /** A negative place counts from the end. */
  at(place: number): number | undefined;
}

/** Numbers of a piece, as a power of two. */
const PIECE = 10;
const MASK = (1 << PIECE) - 1;

/** What stands from a place on, as much as a piece holds. */
function pieceOf(values: ArrayLike<number>, from: number): Float32Array | Float64Array {
  const count = Math.min(1 << PIECE, values.length - from);
  const single = new Float32Array(1 << PIECE);
  for (let i = 0; i < count; i++) single[i] = values[from + i] ?? NaN;
  for (let i = 0; i < count; i++) {
    if (Object.is(single[i], values[from + i])) continue;
    const wide = new Float64Array(1 << PIECE);
    for (let k = 0; k < count; k++) wide[k] = values[from + k] ?? NaN;
    return wide;
  }
  return single;
}
const isSingle = (value: number): boolean => Object.is(Math.fround(value), value);

/**
 * Numbers that grow one by one, in pieces: nothing is copied as they grow, and a piece takes four bytes a number where single precision holds each exactly, as
 * engines compute losses, else eight.
 */
export class Column implements Numbers {
  readonly #pieces: (Float32Array | Float64Array)[] = [];
  #length = 0;

  static from(values: ArrayLike<number>): Column {
    const made = new Column();
    for (let from = 0; from < values.length; from += 1 << PIECE) made.#pieces.push(pieceOf(values, from));
    made.#length = values.length;
    return made;
  }

  get length(): number { return this.#length; }

  at(place: number): number | undefined {
    const found = place < 0 ? place + this.#length : place;
    return found < this.#length ? this.#pieces[found >> PIECE]?.[found & MASK] : undefined;
  }

  push(value: number): void {
    if ((this.#length & MASK) === 0) this.#pieces.push(new Float32Array(1 << PIECE));
    this.#length++;
    this.changeLast(value);
  }

  /** Of an empty column there is none to change. */
  changeLast(value: number): void {
    const piece = this.#pieces.at(-1);
    if (!piece) return;
    const wide = piece instanceof Float64Array || isSingle(value) ? piece : Float64Array.from(piece);
    this.#pieces[this.#pieces.length - 1] = wide;
    wide[(this.#length - 1) & MASK] = value;
  }

  *[Symbol.iterator](): Iterator<number> {
    for (let place = 0; place < this.#length; place++) yield this.#pieces[place >> PIECE]?.[place & MASK] ?? NaN;
  }

  /** All of them in one array, of single precision where that holds each. */
  packed(): Float32Array | Float64Array {
    const all = this.#pieces.every((piece) => piece instanceof Float32Array) ? new Float32Array(this.#length) : new Float64Array(this.#length);
    this.#pieces.forEach((piece, i) => { all.set(piece.subarray(0, this.#length - (i << PIECE)), i << PIECE); });
    return all;
  }
}
