/** Views are compiled for these numbers of examples; fewer are filled up with zeros. */
const BUCKETS = [1, 4, 16, 64, 256, 1024];
export const bucketOf = (count: number): number => BUCKETS.find((bucket) => bucket >= count) ?? count;

/** The values, followed by zeros up to a length. */
export function filled(values: Float32Array, length: number): Float32Array {
  if (values.length === length) return values;
  const whole = new Float32Array(length);
  whole.set(values);
  return whole;
}
/** Of values of `bucket` examples, those of the first `count`. */
export const firstExamples = (values: Float32Array, bucket: number, count: number): Float32Array => values.slice(0, values.length / bucket * count);
