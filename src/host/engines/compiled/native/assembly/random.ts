/** Bytes in a vector of four. */
const VECTOR: usize = 16;

// @ts-ignore: decorator
@inline
function rotated(x: v128, by: i32): v128 { return v128.or(i32x4.shl(x, by), i32x4.shr_u(x, 32 - by)); }

/** Four xoshiro128** (Blackman & Vigna 2018) side by side, one a lane: their next 32 bits. `state` has word 0 of all four, then word 1, ... */
// @ts-ignore: decorator
@inline
function next(state: usize): v128 {
  const a = v128.load(state), b = v128.load(state, 16), c = v128.load(state, 32), d = v128.load(state, 48);
  const five = rotated(i32x4.add(b, i32x4.shl(b, 2)), 7);
  const x = v128.xor(c, a), y = v128.xor(d, b);
  v128.store(state, v128.xor(a, y));
  v128.store(state, v128.xor(b, x), 16);
  v128.store(state, v128.xor(x, i32x4.shl(b, 9)), 32);
  v128.store(state, rotated(y, 11), 48);
  return i32x4.add(five, i32x4.shl(five, 3));
}

/** 24 random bits each, in [0, 1). */
export function uniforms(state: usize, out: usize, count: i32): void {
  const stop = out + <usize>count * 4;
  for (; out < stop; out += VECTOR) v128.store(out, f32x4.mul(f32x4.convert_i32x4_s(i32x4.shr_u(next(state), 8)), f32x4.splat(<f32>(1.0 / 16777216.0))));
}

/** Each value 1 where a uniform number of 24 bits is below it, else 0. */
export function binarize(state: usize, values: usize, count: i32): void {
  const stop = values + <usize>count * 4;
  for (; values < stop; values += VECTOR) {
    const u = f32x4.mul(f32x4.convert_i32x4_s(i32x4.shr_u(next(state), 8)), f32x4.splat(<f32>(1.0 / 16777216.0)));
    v128.store(values, v128.and(f32x4.lt(u, v128.load(values)), f32x4.splat(1)));
  }
}

/**
 * sqrt(-2 log u), u = (bits + 0.5) / 2^31 of 31 bits, so at most 6.67. u = m * 2^e with m about 1, log m = 2 artanh s with s = (m - 1) / (m + 1):
 * five terms of its series leave 2e-9 of it.
 */
// @ts-ignore: decorator
@inline
function radius(bits: v128): v128 {
  const u = f32x4.mul(f32x4.add(f32x4.convert_i32x4_s(i32x4.shr_u(bits, 1)), f32x4.splat(0.5)), f32x4.splat(<f32>(1.0 / 2147483648.0)));
  const e = i32x4.shr_s(i32x4.sub(u, i32x4.splat(0x3f3504f3)), 23); // m from sqrt(1/2) to sqrt(2)
  const m = i32x4.sub(u, i32x4.shl(e, 23));
  const s = f32x4.div(f32x4.sub(m, f32x4.splat(1)), f32x4.add(m, f32x4.splat(1)));
  const q = f32x4.mul(s, s);
  let series = f32x4.splat(<f32>(-4.0 / 9.0));
  series = f32x4.add(f32x4.mul(series, q), f32x4.splat(<f32>(-4.0 / 7.0)));
  series = f32x4.add(f32x4.mul(series, q), f32x4.splat(<f32>(-4.0 / 5.0)));
  series = f32x4.add(f32x4.mul(series, q), f32x4.splat(<f32>(-4.0 / 3.0)));
  series = f32x4.add(f32x4.mul(series, q), f32x4.splat(-4.0));
  return f32x4.sqrt(f32x4.add(f32x4.mul(f32x4.convert_i32x4_s(e), f32x4.splat(<f32>-1.3862943611198906)), f32x4.mul(s, series)));
}

/**
 * Standard normals by Box and Muller, eight from two draws: four radii times cosines, then times sines. Where eight do not fit, the rest of the last
 * eight is dropped. Right to 1e-6 of the exact value for the same u, whose leading 24 bits count.
 */
export function normals(state: usize, out: usize, count: i32): void {
  const stop = out + <usize>count * 4;
  while (out < stop) {
    const r = radius(next(state));
    // The angle is a quarter's multiple plus x from -pi/4 to pi/4, for which Taylor's series end soon: 2e-9 is left of the sine, 3e-8 of the cosine.
    const turn = next(state);
    const quarter = i32x4.shr_u(i32x4.add(turn, i32x4.splat(1 << 29)), 30);
    const x = f32x4.mul(f32x4.convert_i32x4_s(i32x4.sub(turn, i32x4.shl(quarter, 30))), f32x4.splat(<f32>(1.5707963267948966 / 1073741824.0)));
    const q = f32x4.mul(x, x);
    let sine = f32x4.splat(<f32>(1.0 / 362880.0));
    sine = f32x4.add(f32x4.mul(sine, q), f32x4.splat(<f32>(-1.0 / 5040.0)));
    sine = f32x4.add(f32x4.mul(sine, q), f32x4.splat(<f32>(1.0 / 120.0)));
    sine = f32x4.add(f32x4.mul(sine, q), f32x4.splat(<f32>(-1.0 / 6.0)));
    sine = f32x4.add(f32x4.mul(f32x4.mul(sine, q), x), x);
    let cosine = f32x4.splat(<f32>(1.0 / 40320.0));
    cosine = f32x4.add(f32x4.mul(cosine, q), f32x4.splat(<f32>(-1.0 / 720.0)));
    cosine = f32x4.add(f32x4.mul(cosine, q), f32x4.splat(<f32>(1.0 / 24.0)));
    cosine = f32x4.add(f32x4.mul(cosine, q), f32x4.splat(-0.5));
    cosine = f32x4.add(f32x4.mul(cosine, q), f32x4.splat(1));
    const odd = i32x4.shr_s(i32x4.shl(quarter, 31), 31);
    const cosineSign = i32x4.shl(v128.and(i32x4.add(quarter, i32x4.splat(1)), i32x4.splat(2)), 30);
    const sineSign = i32x4.shl(v128.and(quarter, i32x4.splat(2)), 30);
    v128.store(out, f32x4.mul(r, v128.xor(v128.bitselect(sine, cosine, odd), cosineSign)));
    out += VECTOR;
    if (out >= stop) return;
    v128.store(out, f32x4.mul(r, v128.xor(v128.bitselect(cosine, sine, odd), sineSign)));
    out += VECTOR;
  }
}
