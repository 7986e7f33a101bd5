import { describe, expect, it } from 'vitest';
import { NativeMemory } from '../../../../../src/host/engines/compiled/native/memory';
import { NativeRandom } from '../../../../../src/host/engines/compiled/native/random';
import { Random } from '../../../../../src/host/training/index';

async function make(count: number, seed: number, stream = 0) {
  const memory = await NativeMemory.create([4 * count, NativeRandom.SIZE]);
  const random = new NativeRandom(memory, seed, stream);
  const buffer = memory.floats(count);
  return {
    random,
    normals: (): Float32Array => { random.normals(buffer); return Float32Array.from(buffer.values); },
    uniforms: (): Float32Array => { random.uniforms(buffer); return Float32Array.from(buffer.values); },
  };
}
/** The four generators a lane each, one at a time. */
const lanes = (words: readonly number[]): Random[] =>
  [0, 1, 2, 3].map((lane) => Random.from({ words: [words[lane] ?? 0, words[4 + lane] ?? 0, words[8 + lane] ?? 0, words[12 + lane] ?? 0], spare: null }));
const mean = (values: ArrayLike<number>, of: (value: number) => number = (value) => value): number => Array.from(values, of).reduce((a, b) => a + b, 0) / values.length;
/** Standard normal distribution function, by its series about 0. */
function normalCdf(x: number): number {
  let term = x;
  let sum = x;
  for (let k = 3; Math.abs(term) > 1e-17; k += 2) sum += term *= x * x / k;
  return 0.5 + sum * Math.exp(-x * x / 2) / Math.sqrt(2 * Math.PI);
}
/** Kolmogorov and Smirnov's distance times sqrt(n): above 1.95 once in a thousand. */
function distance(values: Float32Array, cdf: (x: number) => number): number {
  const n = values.length;
  return Math.sqrt(n) * values.slice().sort().reduce((worst, x, i) => Math.max(worst, cdf(x) - i / n, (i + 1) / n - cdf(x)), 0);
}
const N = 200_000;
/** In standard deviations of what independent values would give. */
function correlation(a: Float32Array, b: Float32Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] ?? NaN) * (b[i] ?? NaN);
  return sum / Math.sqrt(a.length);
}

describe('the generator in WebAssembly', () => {
  it('has the uniforms of four xoshiro128** side by side', async () => {
    const { random, uniforms } = await make(4000, 7);
    const each = lanes(random.state);
    const wanted = Array.from({ length: 4000 }, (_, i) => Math.floor((each[i % 4]?.uint32() ?? NaN) / 256) / 2 ** 24);
    expect([...uniforms()]).toEqual(wanted);
  });

  it('has the normals that Box and Muller give of their bits in double precision', async () => {
    const { random, normals } = await make(N, 7);
    const each = lanes(random.state);
    const wanted: number[] = [];
    for (let i = 0; i < N; i += 8) {
      const u = each.map((lane) => Math.fround(Math.fround(lane.uint32() >>> 1) + 0.5) / 2 ** 31);
      const angle = each.map((lane) => 2 * Math.PI * lane.uint32() / 2 ** 32);
      for (const turned of [Math.cos, Math.sin]) for (const lane of [0, 1, 2, 3]) wanted.push(Math.sqrt(-2 * Math.log(u[lane] ?? NaN)) * turned(angle[lane] ?? NaN));
    }
    expect(normals().reduce((worst, z, i) => Math.max(worst, Math.abs(z - (wanted[i] ?? NaN))), 0)).toBeLessThan(1e-6);
  });

  it.each([1, 2, 3])('has the moments and the distribution of its name (seed %i)', async (seed) => {
    const { normals, uniforms } = await make(N, seed);
    const z = normals();
    for (const [power, moment, variance] of [[1, 0, 1], [2, 1, 2], [3, 0, 15], [4, 3, 96], [6, 15, 10_170]] as const) {
      expect(Math.abs(mean(z, (x) => x ** power) - moment), `moment ${power}`).toBeLessThan(4 * Math.sqrt(variance / N));
    }
    expect(distance(z, normalCdf)).toBeLessThan(1.95);
    const u = uniforms();
    expect([Math.min(...u.slice(0, 1e5)) >= 0, u.every((x) => x < 1)]).toEqual([true, true]);
    expect(distance(u, (x) => x)).toBeLessThan(1.95);
    expect(distance(z.map((x) => x * 1.02), normalCdf)).toBeGreaterThan(1.95); // the test sees a spread 2 % off
  });

  it('has the tails', async () => {
    const n = 2 ** 22;
    const { random, normals } = await make(n, 5);
    const z = normals();
    for (const beyond of [3, 4, 4.5]) {
      const expected = n * 2 * (1 - normalCdf(beyond));
      const seen = z.reduce((count, x) => count + (Math.abs(x) > beyond ? 1 : 0), 0);
      expect(Math.abs(seen - expected), `beyond ${beyond}`).toBeLessThan(4 * Math.sqrt(expected));
    }
    random.state = [1, 2, 3, 4, 0, 0, 0, 0, 5, 6, 7, 8, 9, 10, 11, 12]; // the next draw of every lane is 0, the farthest radius
    const farthest = normals();
    for (const lane of [0, 1, 2, 3]) expect(Math.hypot(farthest[lane] ?? NaN, farthest[4 + lane] ?? NaN)).toBeCloseTo(Math.sqrt(64 * Math.LN2), 5);
  });

  it('has streams, lanes and neighbours that know nothing of one another', async () => {
    const streams = await Promise.all([[0, 0], [0, 1], [0, 4], [1, 0], [1, 1], [2, 0]].map(async ([seed = 0, stream = 0]) => (await make(N, seed, stream)).normals()));
    streams.forEach((a, i) => {
      streams.slice(0, i).forEach((b, k) => {
        expect(Math.abs(correlation(a, b)), `${i} and ${k}`).toBeLessThan(4);
        expect(Math.abs(correlation(a.map((x) => (x * x - 1) / 2), b.map((x) => x * x - 1))), `squares of ${i} and ${k}`).toBeLessThan(4);
      });
      for (const lag of [1, 2, 3, 4, 5, 8, 12, 16]) expect(Math.abs(correlation(a.subarray(0, N - lag), a.subarray(lag))), `${i}, lag ${lag}`).toBeLessThan(4);
      for (const lag of [1, 4]) { // four is a cosine and the sine of one angle
        const squares = a.map((x) => x * x - 1);
        expect(Math.abs(correlation(squares.subarray(0, N - lag), squares.subarray(lag))), `squares of ${i}, lag ${lag}`).toBeLessThan(8);
      }
    });
  });

  it.each([1, 4, 5, 8, 2560])('goes on from its state bit for bit, asked for %i at a time', async (count) => {
    const a = await make(count, 9, 2);
    a.normals();
    a.uniforms();
    const b = await make(count, 1);
    b.random.state = JSON.parse(JSON.stringify(a.random.state)) as number[];
    for (const draw of ['normals', 'uniforms', 'normals'] as const) {
      const values = a[draw]();
      expect(b[draw]()).toEqual(values);
      expect(a[draw]()).not.toEqual(values);
      b[draw]();
    }
    expect(b.random.state).toEqual(a.random.state);
  });

  it('fills no more than it is asked for', async () => {
    const memory = await NativeMemory.create([20, 64, 4000]);
    const [five, random, next] = [memory.floats(5), new NativeRandom(memory, 1), memory.floats(1000)];
    const { state } = random;
    random.normals(next);
    random.state = state;
    const whole = Float32Array.from(next.values);
    random.normals(five);
    expect(five.values).toEqual(whole.subarray(0, 5));
    expect(next.values).toEqual(whole);
  });

  it.each([[[1, 2]], [Array<number>(16).fill(0.5)], [Array<number>(16).fill(2 ** 32)]])('refuses what is no state', async (words) => {
    const { random } = await make(4, 1);
    expect(() => { random.state = words; }).toThrow(RangeError);
  });
});
