import type { PriorEntry } from './entry';

/** A PixelCNN over grids of codes, and how it is trained. */
export interface AutoregressiveOptions {
  readonly filters: number;
  readonly layers: number;
  readonly steps: number;
  readonly batchSize: number;
  readonly learningRate: number;
}
/** Of a VQ-VAE: an autoregressive distribution of its grids of codes, learned when the rest is trained; without one, each code by itself, as often as it is used. */
export interface CodebookPrior { readonly kind: 'codebook'; readonly autoregressive?: AutoregressiveOptions }
export function codebookPrior(autoregressive?: AutoregressiveOptions): CodebookPrior { return { kind: 'codebook', ...(autoregressive ? { autoregressive } : {}) }; }

/** Draws are the codebook's until the other is learned. */
export const codebookPriorEntry: PriorEntry<CodebookPrior> = {
  logDensity: () => { throw new TypeError('A code of this model is a point: it has no variance and no density.'); },
  range: () => [-3, 3],
};
