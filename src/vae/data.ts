/** MNIST: 60,000 training and 10,000 held-out images of handwritten digits, 28x28x1 (LeCun, Cortes, Burges). */
export interface MnistDescription { readonly kind: 'mnist'; readonly folder?: string }
/** Procedural shapes with known factors, 32x32x1. */
export interface SpritesDescription { readonly kind: 'sprites'; readonly seed: number; readonly trainCount: number; readonly testCount: number }
/** What to train on, as data; nothing is read before training starts. */
export type DataDescription = MnistDescription | SpritesDescription;

/**
 * Handwritten digits, 28x28 grey images. Downloaded on first use (11 MB) and cached; a `folder` holding the four
 * IDX files, the setting `vaeLab.dataFolder` or the variable `VAE_LAB_DATA` saves the download.
 */
export function mnist(options: { folder?: string } = {}): MnistDescription {
  return options.folder === undefined ? { kind: 'mnist' } : { kind: 'mnist', folder: options.folder };
}

/**
 * Squares, ellipses and hearts of varying scale, rotation and position on 32x32 grey images, made in memory from
 * `seed`; needs no download. After dSprites (Matthey et al. 2017).
 */
export function sprites(options: { seed?: number; trainCount?: number; testCount?: number } = {}): SpritesDescription {
  const description = { kind: 'sprites' as const, seed: options.seed ?? 1, trainCount: options.trainCount ?? 6000, testCount: options.testCount ?? 1000 };
  for (const [name, value, low] of [['seed', description.seed, 0], ['trainCount', description.trainCount, 1], ['testCount', description.testCount, 1]] as const) {
    if (!Number.isInteger(value) || value < low || value > 1_000_000) throw new TypeError(`sprites(): ${name} must be a whole number from ${low} to 1,000,000; got ${value}.`);
  }
  return description;
}
