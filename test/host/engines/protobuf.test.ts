import { describe, expect, it } from 'vitest';
import { ProtobufWriter } from '../../../src/runs/protobuf';

const hex = (writer: ProtobufWriter): string => Buffer.from(writer.finish()).toString('hex');

/** The bytes of the examples in https://protobuf.dev/programming-guides/encoding, and of its rules. */
describe('Protocol Buffers', () => {
  it('writes the examples of the specification', () => {
    expect(hex(new ProtobufWriter().int(1, 150))).toBe('089601');
    expect(hex(new ProtobufWriter().string(2, 'testing'))).toBe('120774657374696e67');
    expect(hex(new ProtobufWriter().message(3, (inner) => inner.int(1, 150)))).toBe('1a03089601');
    expect(hex(new ProtobufWriter().packed(6, [3, 270, 86942], 'int'))).toBe('3206038e029ea705');
  });
  it('writes negative numbers in ten bytes, and floats little-endian', () => {
    expect(hex(new ProtobufWriter().int(1, -2))).toBe('08feffffffffffffffff01');
    expect(hex(new ProtobufWriter().float(2, 1.5))).toBe('150000c03f');
    expect(hex(new ProtobufWriter().packed(1, [1, -2], 'float'))).toBe('0a080000803f000000c0');
  });
  it('writes field numbers above 15 and lengths above 127', () => {
    expect(hex(new ProtobufWriter().int(20, 7))).toBe('a00107');
    expect(hex(new ProtobufWriter().bytes(1, new Uint8Array(200))).slice(0, 6)).toBe('0ac801');
  });
});
