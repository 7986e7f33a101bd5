import { t } from '../text';

/** What pictures of samples are called; an autoencoder has no prior to draw from. */
export const samplesLabel = (count: number, fitted: boolean): string => (fitted ? t('{0} samples from a Gaussian fitted to the codes', count) : t('{0} samples from the prior', count));
