/** Writes Protocol Buffers: fields of varints, 32-bit floats, and bytes. https://protobuf.dev/programming-guides/encoding */
export class ProtobufWriter {
  readonly #chunks: Uint8Array[] = [];
  #length = 0;

  /** An int32, int64 or enum; negative ones take ten bytes, as the format wants. */
  int(field: number, value: number): this {
    this.#push(Uint8Array.from([...varint(field * 8), ...varint(value)]));
    return this;
  }

  float(field: number, value: number): this {
    this.#push(Uint8Array.from([...varint(field * 8 + 5), ...new Uint8Array(Float32Array.of(value).buffer)])); // little-endian, as every machine with Node is
    return this;
  }

  double(field: number, value: number): this {
    this.#push(Uint8Array.from([...varint(field * 8 + 1), ...new Uint8Array(Float64Array.of(value).buffer)]));
    return this;
  }

  bytes(field: number, value: Uint8Array): this {
    this.#push(Uint8Array.from([...varint(field * 8 + 2), ...varint(value.length)]));
    this.#push(value);
    return this;
  }

  string(field: number, value: string): this { return this.bytes(field, new TextEncoder().encode(value)); }

  message(field: number, write: (inner: ProtobufWriter) => void): this {
    const inner = new ProtobufWriter();
    write(inner);
    return this.bytes(field, inner.finish());
  }

  /** Repeated numbers, packed. */
  packed(field: number, values: readonly number[], kind: 'int' | 'float'): this {
    return this.bytes(field, kind === 'int' ? Uint8Array.from(values.flatMap(varint)) : new Uint8Array(Float32Array.from(values).buffer));
  }

  finish(): Uint8Array {
    const all = new Uint8Array(this.#length);
    let at = 0;
    for (const chunk of this.#chunks) {
      all.set(chunk, at);
      at += chunk.length;
    }
    return all;
  }

  #push(chunk: Uint8Array): void {
    this.#chunks.push(chunk);
    this.#length += chunk.length;
  }
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = BigInt.asUintN(64, BigInt(value));
  while (rest > 127n) {
    bytes.push(Number(rest & 127n) | 128);
    rest >>= 7n;
  }
  return [...bytes, Number(rest)];
}
