import type { PriorEntry } from './entry';

/** Of a VQ-VAE: each code by itself, as often as it is used. */
export interface CodebookPrior { readonly kind: 'codebook' }
export function codebookPrior(): CodebookPrior { return { kind: 'codebook' }; }

/** Draws are the codebook's. */
export const codebookPriorEntry: PriorEntry<CodebookPrior> = {
  logDensity: () => { throw new TypeError('A code of this model is a point: it has no variance and no density.'); },
  range: () => [-3, 3],
};
