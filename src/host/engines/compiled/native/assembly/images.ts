/** Bytes to floats in [0, 1], sixteen at a time: both are allocated up to a whole vector, `out` up to four. */
export function bytesToUnit(bytes: usize, out: usize, count: i32): void {
  const scale = f32x4.splat(255);
  for (const stop = bytes + <usize>count; bytes < stop; bytes += 4, out += 16) {
    const four = i32x4.extend_low_i16x8_u(i16x8.extend_low_i8x16_u(v128.load32_zero(bytes)));
    v128.store(out, f32x4.div(f32x4.convert_i32x4_s(four), scale));
  }
}
