/** The functions of the library that make a model: what an editor looks for in a file's text, and the catalogue of `vae/models` has an entry for. */
export const modelKinds = ['vae', 'autoencoder', 'conditionalVae', 'vqVae'] as const;
export type ModelKind = (typeof modelKinds)[number];
/** Whether an example's code is a Gaussian or a point, which has no KL divergence. */
export const codeOf: { readonly [K in ModelKind]: 'gaussian' | 'point' } = { vae: 'gaussian', autoencoder: 'point', conditionalVae: 'gaussian', vqVae: 'point' };
