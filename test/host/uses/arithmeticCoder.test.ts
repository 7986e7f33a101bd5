import { describe, expect, it } from 'vitest';
import { ArithmeticDecoder, ArithmeticEncoder, Frequencies } from '../../../src/host/uses/arithmeticCoder';
import { Random } from '../../../src/host/training/index';

function coded(symbols: readonly number[], kinds: number): { bytes: Uint8Array; back: number[] } {
  const encoder = new ArithmeticEncoder();
  const written = new Frequencies(kinds);
  for (const symbol of symbols) encoder.put(symbol, written);
  const bytes = encoder.finish();
  const [decoder, read] = [new ArithmeticDecoder(bytes), new Frequencies(kinds)];
  return { bytes, back: symbols.map(() => decoder.get(read)) };
}

describe('arithmetic coding', () => {
  const random = new Random(9);
  it.each<[string, number[], number]>([
    ['nothing', [], 5], ['one', [3], 5], ['all alike', new Array<number>(20_000).fill(0), 256], ['the rarest', new Array<number>(3000).fill(255), 256], ['any', Array.from({ length: 30_000 }, () => random.uint32() % 256), 256],
    ['near and far', Array.from({ length: 30_000 }, () => (random.uniform() < 0.97 ? 0 : random.uint32() % 256)), 256], ['two that take turns', Array.from({ length: 9999 }, (_, i) => i % 2), 2], ['one of one', [0, 0, 0], 1],
  ])('gives back what it was given: %s', (_, symbols, kinds) => {
    expect(coded(symbols, kinds).back).toEqual(symbols);
  });
  it('takes about the entropy', () => {
    const symbols = Array.from({ length: 50_000 }, () => (random.uniform() < 0.9 ? 0 : 1 + Math.floor(random.uniform() * 4)));
    const entropy = -(0.9 * Math.log2(0.9) + 0.1 * Math.log2(0.025));
    expect(coded(symbols, 5).bytes.length * 8 / symbols.length / entropy).toBeLessThan(1.03);
    expect(coded(symbols, 5).bytes.length * 8 / symbols.length / entropy).toBeGreaterThan(0.97);
  });
});
