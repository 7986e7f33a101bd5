import { variances } from './statistics';

/** A dimension is used where its posterior mean varies by more than this over the data (Burda et al. 2016, section 5.2). */
const ACTIVE_VARIANCE = 0.01;

/** Which dimensions are used, by the variance over the rows of `means` [n, size]: [size]. */
export const activeDimensions = (means: Float32Array, size: number): boolean[] => Array.from(variances(means, size), (variance) => variance > ACTIVE_VARIANCE);
