import fc from 'fast-check';

/** A change of a seed: at a place given as a part of its length. */
type Mutation = { readonly kind: 'flip' | 'set' | 'cut' | 'repeat' | 'insert' | 'number' | 'splice' | 'token'; readonly at: number; readonly length: number; readonly value: number; readonly text: string };
const tokens = ['{', '}', '[', ']', '"', '\\', ',', ':', 'null', 'true', '-1', '0', '1e999', '9007199254740993', '"__proto__":', '"constructor":', '"$blob":0', '"type":"f32"', '\u0000', '\ud800', '\r\n\r\n', '(', ')', '`', '${', '=>', '<', '/*', '*/', '//', 'export default ', 'vae(', '...'];
const numbers = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fffffff, 0x80000000, 0xffffffff];

export const mutations: fc.Arbitrary<Mutation[]> = fc.array(fc.record({
  kind: fc.constantFrom('flip', 'set', 'cut', 'repeat', 'insert', 'number', 'splice', 'token'), at: fc.double({ min: 0, max: 1, noNaN: true }), length: fc.nat({ max: 64 }), value: fc.nat({ max: 0xffff }), text: fc.constantFrom(...tokens),
}), { maxLength: 8, size: 'max' });

const joined = (...parts: Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));

/** The seed after these changes; `other` is another one, to take parts from. */
export function mutated(seed: Uint8Array, other: Uint8Array, changes: readonly Mutation[]): Uint8Array {
  return changes.reduce((bytes, { kind, at, length, value, text }) => {
    const place = Math.min(bytes.length, Math.floor(at * (bytes.length + 1)));
    const [before, after] = [bytes.subarray(0, place), bytes.subarray(place)];
    switch (kind) {
      case 'flip': return joined(before, Uint8Array.of((after[0] ?? 0) ^ (1 << (value & 7))), after.subarray(1));
      case 'set': return joined(before, Uint8Array.of(value & 0xff), after.subarray(1));
      case 'cut': return value & 1 ? before : joined(before, after.subarray(length));
      case 'repeat': return joined(before, ...Array.from({ length: 1 + (value % 200) }, () => after.subarray(0, Math.min(length, 32))), after);
      case 'insert': return joined(before, new Uint8Array(length).fill(value & 0xff), after);
      case 'number': {
        const number = Buffer.alloc(4);
        if (value & 1) number.writeUInt32BE(numbers[value % numbers.length] ?? 0); else number.writeUInt32LE(numbers[value % numbers.length] ?? 0);
        return joined(before, number, after.subarray(4));
      }
      case 'splice': return joined(before, other.subarray(Math.min(other.length, place)));
      case 'token': return joined(before, Buffer.from(text), after.subarray(value & 1 ? text.length : 0));
    }
  }, seed);
}
