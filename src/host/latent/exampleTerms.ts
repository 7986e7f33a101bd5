import type { HyperparameterValues } from '../../spec/hyperparameters';
import type { VaeModel } from '../../vae/model';
import { priorEntry } from '../../vae/priors/index';
import type { Batch, Program } from '../engines/index';
import { termsOf } from '../engines/termsOf';
import { Random } from '../training/random';

/** Draws from each posterior where the KL divergence has to be estimated, and their seed: the same each time. */
const [DRAWS, SEED, STREAM] = [16, 1, 14];

/** Of each example -log p(x|z) at its posterior's mean, and KL(q(z|x) || p(z)), [count] each, nats, with the hyperparameters as they are now. The KL divergence is estimated where the prior has no closed form. */
export async function examplesTerms(program: Program, { latentDim, prior }: Pick<VaeModel, 'latentDim' | 'prior'>, batch: Batch, hyperparameters: HyperparameterValues): Promise<{ reconstruction: Float32Array; kl: Float32Array }> {
  const { count } = batch;
  const { reconstruction, kl } = await termsOf(program, batch, new Float32Array(count * latentDim), 1, hyperparameters);
  if (priorEntry(prior).kl) return { reconstruction, kl };
  const noise = new Random(SEED, STREAM).normals(DRAWS * count * latentDim);
  return { reconstruction, kl: (await termsOf(program, batch, noise, DRAWS, hyperparameters)).kl };
}
