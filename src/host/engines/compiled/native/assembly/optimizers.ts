/** Bytes in a vector of four floats. */
const VECTOR: usize = 16;

// @ts-ignore: decorator
@inline
function end(address: usize, count: i32): usize { return address + ((<usize>count * 4 + 15) & ~15); }

/** Vectors whose squares are summed in single precision before the sum goes on in double: 64 terms lose nothing that shows in a norm. */
const BLOCK: usize = 64 * VECTOR;

/**
 * Kingma & Ba 2015, as PyTorch has it: m and v are moved towards g and g^2, then w shrinks by `keep` (1, or 1 - learningRate * weightDecay:
 * Loshchilov & Hutter 2019) and goes by `stepSize` * m / (sqrt(v) * vScale + epsilon).
 * stepSize = learningRate / (1 - beta1^t), vScale = 1 / sqrt(1 - beta2^t). Gives the sum of g^2, which costs nothing here; what follows the last element in its vector must be 0.
 */
export function adam(w: usize, m: usize, v: usize, g: usize, count: i32, stepSize: f32, vScale: f32, beta1: f32, rest1: f32, beta2: f32, rest2: f32, epsilon: f32, keep: f32): f64 {
  const b1 = f32x4.splat(beta1), r1 = f32x4.splat(rest1), b2 = f32x4.splat(beta2), r2 = f32x4.splat(rest2);
  const scaled = f32x4.splat(vScale), eps = f32x4.splat(epsilon), rate = f32x4.splat(stepSize), kept = f32x4.splat(keep);
  let sum: f64 = 0;
  for (const stop = end(w, count); w < stop;) {
    let squares = f32x4.splat(0);
    for (const pause = min(stop, w + BLOCK); w < pause; w += VECTOR, m += VECTOR, v += VECTOR, g += VECTOR) {
      const gradient = v128.load(g);
      const square = f32x4.mul(gradient, gradient);
      const first = f32x4.add(f32x4.mul(v128.load(m), b1), f32x4.mul(gradient, r1));
      const second = f32x4.add(f32x4.mul(v128.load(v), b2), f32x4.mul(square, r2));
      squares = f32x4.add(squares, square);
      v128.store(m, first);
      v128.store(v, second);
      const step = f32x4.div(f32x4.mul(first, rate), f32x4.add(f32x4.mul(f32x4.sqrt(second), scaled), eps));
      v128.store(w, f32x4.sub(f32x4.mul(v128.load(w), kept), step));
    }
    const pairs = f64x2.add(f64x2.promote_low_f32x4(squares), f64x2.promote_low_f32x4(i8x16.shuffle(squares, squares, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15)));
    sum += f64x2.extract_lane(pairs, 0) + f64x2.extract_lane(pairs, 1);
  }
  return sum;
}

/** Tieleman & Hinton 2012: v is moved towards g^2, w goes by learningRate * g / (sqrt(v) + epsilon). */
export function rmsprop(w: usize, v: usize, g: usize, count: i32, learningRate: f32, decay: f32, rest: f32, epsilon: f32): void {
  const kept = f32x4.splat(decay), added = f32x4.splat(rest), eps = f32x4.splat(epsilon), rate = f32x4.splat(learningRate);
  for (const stop = end(w, count); w < stop; w += VECTOR, v += VECTOR, g += VECTOR) {
    const gradient = v128.load(g);
    const second = f32x4.add(f32x4.mul(v128.load(v), kept), f32x4.mul(f32x4.mul(gradient, gradient), added));
    v128.store(v, second);
    v128.store(w, f32x4.sub(v128.load(w), f32x4.div(f32x4.mul(gradient, rate), f32x4.add(f32x4.sqrt(second), eps))));
  }
}

/** m = factor * m + g; w goes by learningRate * m. */
export function momentum(w: usize, m: usize, g: usize, count: i32, learningRate: f32, factor: f32): void {
  const kept = f32x4.splat(factor), rate = f32x4.splat(learningRate);
  for (const stop = end(w, count); w < stop; w += VECTOR, m += VECTOR, g += VECTOR) {
    const moved = f32x4.add(f32x4.mul(v128.load(m), kept), v128.load(g));
    v128.store(m, moved);
    v128.store(w, f32x4.sub(v128.load(w), f32x4.mul(moved, rate)));
  }
}

/** m = factor * m + g; w goes by learningRate * (g + factor * m). Sutskever et al. 2013, as PyTorch has it. */
export function nesterov(w: usize, m: usize, g: usize, count: i32, learningRate: f32, factor: f32): void {
  const kept = f32x4.splat(factor), rate = f32x4.splat(learningRate);
  for (const stop = end(w, count); w < stop; w += VECTOR, m += VECTOR, g += VECTOR) {
    const gradient = v128.load(g);
    const moved = f32x4.add(f32x4.mul(v128.load(m), kept), gradient);
    v128.store(m, moved);
    v128.store(w, f32x4.sub(v128.load(w), f32x4.mul(f32x4.add(gradient, f32x4.mul(moved, kept)), rate)));
  }
}

export function sgd(w: usize, g: usize, count: i32, learningRate: f32): void {
  const rate = f32x4.splat(learningRate);
  for (const stop = end(w, count); w < stop; w += VECTOR, g += VECTOR) v128.store(w, f32x4.sub(v128.load(w), f32x4.mul(v128.load(g), rate)));
}

export function scale(x: usize, count: i32, factor: f32): void {
  const factors = f32x4.splat(factor);
  for (const stop = end(x, count); x < stop; x += VECTOR) v128.store(x, f32x4.mul(v128.load(x), factors));
}

/** Values nearer to 0 than `below` become 0. NaN stays. */
export function flush(x: usize, count: i32, below: f32): void {
  const smallest = f32x4.splat(below);
  for (const stop = end(x, count); x < stop; x += VECTOR) {
    const values = v128.load(x);
    v128.store(x, v128.andnot(values, f32x4.lt(f32x4.abs(values), smallest)));
  }
}

/** What is not finite, times 0, is NaN. What follows the last element in its vector must be finite. Four sums, so that none waits for another. */
export function allFinite(x: usize, count: i32): bool {
  const zeros = f32x4.splat(0);
  let first = zeros, second = zeros, third = zeros, fourth = zeros;
  const stop = end(x, count);
  for (const whole = x + ((stop - x) & ~(4 * VECTOR - 1)); x < whole; x += 4 * VECTOR) {
    first = f32x4.add(first, f32x4.mul(v128.load(x), zeros));
    second = f32x4.add(second, f32x4.mul(v128.load(x, VECTOR), zeros));
    third = f32x4.add(third, f32x4.mul(v128.load(x, 2 * VECTOR), zeros));
    fourth = f32x4.add(fourth, f32x4.mul(v128.load(x, 3 * VECTOR), zeros));
  }
  for (; x < stop; x += VECTOR) first = f32x4.add(first, f32x4.mul(v128.load(x), zeros));
  return i32x4.all_true(f32x4.eq(f32x4.add(f32x4.add(first, second), f32x4.add(third, fourth)), zeros));
}

/** In double precision: a million terms lose nothing that a float could show. */
export function sumOfSquares(x: usize, count: i32): f64 {
  let even = f64x2.splat(0), odd = f64x2.splat(0);
  const stop = x + <usize>count * 4;
  for (const whole = x + (<usize>(count & ~3)) * 4; x < whole; x += VECTOR) {
    const values = v128.load(x);
    const low = f64x2.promote_low_f32x4(values);
    const high = f64x2.promote_low_f32x4(i8x16.shuffle(values, values, 8, 9, 10, 11, 12, 13, 14, 15, 8, 9, 10, 11, 12, 13, 14, 15));
    even = f64x2.add(even, f64x2.mul(low, low));
    odd = f64x2.add(odd, f64x2.mul(high, high));
  }
  const pair = f64x2.add(even, odd);
  let sum = f64x2.extract_lane(pair, 0) + f64x2.extract_lane(pair, 1);
  for (; x < stop; x += 4) {
    const value = <f64>load<f32>(x);
    sum += value * value;
  }
  return sum;
}
