import { prepared, whole, type DataOptions, type Preparation } from './options';

/** Procedural shapes with known factors, 32x32x1. */
export interface SpritesDescription extends Preparation { readonly kind: 'sprites'; readonly trainCount: number; readonly testCount: number }

/**
 * Squares, ellipses and hearts (the classes) of varying scale, rotation and position on 32x32 grey images, made in memory from `seed`; needs no
 * download, and the factors of each are known. After dSprites (Matthey et al. 2017).
 */
export function sprites(options: DataOptions & { readonly trainCount?: number; readonly testCount?: number } = {}): SpritesDescription {
  const preparation = prepared('sprites', options, ['trainCount', 'testCount']);
  const { trainCount = 6000, testCount = 1000 } = options;
  return { kind: 'sprites', trainCount: whole('sprites', 'trainCount', trainCount, 1, 1_000_000), testCount: whole('sprites', 'testCount', testCount, 1, 1_000_000), ...preparation };
}
