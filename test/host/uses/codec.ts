import type { Codec } from '../../../src/host/uses/compress';
import { elbo } from '../../../src/vae/index';

/** A codec of two numbers a picture, without a codebook, whose networks are `program`. */
export const codecOf = (own: Pick<Codec, 'program' | 'imageShape' | 'run' | 'step'>): Codec => ({
  model: { kind: 'vae', latentDim: 2, prior: { kind: 'standardNormal' }, objective: elbo() }, prior: { codePrior: undefined, vectorsOf: () => Promise.resolve(new Float32Array(0)) }, exclusive: (work) => work(), ...own,
});
