import { checkCorruption, type Corruption } from './corruptions';

/**
 * Pixels as they are (`none`), or black and white by a draw with their brightness as chance: once for all (`static`), or anew each time a picture is
 * trained on (`dynamic`, Burda et al. 2016). Held-out pictures are drawn once either way, so that curves compare.
 */
export type Binarization = 'none' | 'static' | 'dynamic';

/** What every data set takes. */
export interface DataOptions {
  /** Default `none`. */
  readonly binarization?: Binarization;
  /** Training examples set aside for the held-out curves, as a number of them or as a share below 1; the test set is then left alone while training. Default 0: the curves are of the test set. */
  readonly validation?: number;
  /** What is done to the pictures that the encoder is given, the reconstruction being held against the clean ones: for denoising and completion. Fresh draws each time a picture is trained on, the same for held-out ones. */
  readonly corruption?: Corruption | readonly Corruption[];
  /** Classes, by number or name, that are not trained on; the test set keeps them, so that anomaly detection has something to find. Default none. */
  readonly leaveOut?: readonly (number | string)[];
  /** Of what is drawn once: splits, static binarization, held-out pictures. Not the run's seed, so runs of several seeds share their data. Default 1. */
  readonly seed?: number;
}
/** The same with every default filled in, as part of a description. */
export interface Preparation {
  readonly binarization: Binarization;
  readonly validation: number;
  readonly corruption: readonly Corruption[];
  readonly leaveOut?: readonly (number | string)[];
  readonly seed: number;
}

const binarizations: { readonly [K in Binarization]: true } = { none: true, static: true, dynamic: true };
const shared: { readonly [K in keyof DataOptions]-?: true } = { binarization: true, validation: true, corruption: true, leaveOut: true, seed: true };

/** Throws a TypeError in the name of the data set unless `holds`. */
export function check(where: string, holds: boolean, sentence: string): void {
  if (!holds) throw new TypeError(`data set ${where}(): ${sentence}`);
}

/** Whole numbers from `low` to `high`. @throws TypeError */
export function whole(where: string, name: string, value: unknown, low: number, high: number): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || value < low || value > high) throw new TypeError(`${where}(): ${name} must be a whole number from ${low} to ${high.toLocaleString('en')}; got ${String(value)}.`);
  return value;
}

/** A number of examples, or a share of them. @throws TypeError */
export function countOrShare(where: string, name: string, value: unknown): number {
  if (typeof value !== 'number' || !(value >= 0) || (value >= 1 && !Number.isInteger(value))) throw new TypeError(`${where}(): ${name} must be a number of examples, or a share below 1; got ${String(value)}.`);
  return value;
}

/** The shared options with their defaults. @throws TypeError for values out of range, and for options that are neither shared nor in `own` */
export function prepared(where: string, options: DataOptions, own: readonly string[] = []): Preparation {
  const known = [...own, ...Object.keys(shared)];
  check(where, typeof options === 'object', 'give its options as an object.');
  for (const name of Object.keys(options)) check(where, known.includes(name), `it has no option "${name}". Known: ${known.join(', ')}.`);
  const { binarization = 'none', validation = 0, seed = 1, corruption = [], leaveOut = [] } = options;
  check(where, Object.hasOwn(binarizations, binarization), `binarization must be "none", "static" or "dynamic"; got ${JSON.stringify(binarization)}.`);
  const corruptions: readonly Corruption[] = Array.isArray(corruption) ? corruption : [corruption as Corruption];
  for (const one of corruptions) checkCorruption(where, one);
  check(where, Array.isArray(leaveOut) && leaveOut.every((one) => typeof one === 'string' || (Number.isInteger(one) && one >= 0)), 'leaveOut must be a list of classes, such as [9].');
  return { binarization, validation: countOrShare(where, 'validation', validation), corruption: corruptions, ...(leaveOut.length === 0 ? {} : { leaveOut }), seed: whole(where, 'seed', seed, 0, 0xffffffff) };
}
