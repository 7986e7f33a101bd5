/** A decoder's mean is rounded to 0 or 1 where its logit is beyond some 16. */
const EDGE = 1e-7;

/** A likelihood, as far as the loss of one example is computed here. */
export interface LikelihoodLike { readonly kind: string; readonly sigma?: unknown }
/** What `exampleLosses` gives: -log p(x|z) in nats, or, where that does not follow from the likelihood's mean alone, half the squared error. */
export type LossKind = 'nats' | 'squaredError';
export const lossKind = ({ kind, sigma }: LikelihoodLike): LossKind => (kind === 'bernoulli' || (kind === 'gaussian' && typeof sigma === 'number') ? 'nats' : 'squaredError');

/** Of one example's pixels x in [0, 1], given the likelihood's mean. */
function exampleLoss({ kind, sigma }: LikelihoodLike, x: Float32Array, mean: Float32Array): number {
  let sum = 0;
  if (kind === 'bernoulli') {
    for (let i = 0; i < x.length; i++) {
      const p = Math.min(1 - EDGE, Math.max(EDGE, mean[i] ?? 0));
      sum -= (x[i] ?? 0) * Math.log(p) + (1 - (x[i] ?? 0)) * Math.log(1 - p);
    }
    return sum;
  }
  for (let i = 0; i < x.length; i++) sum += ((x[i] ?? 0) - (mean[i] ?? 0)) ** 2;
  return kind === 'gaussian' && typeof sigma === 'number' ? 0.5 * (sum / sigma ** 2 + x.length * Math.log(2 * Math.PI * sigma ** 2)) : 0.5 * sum;
}

/** The reconstruction loss of each example (see `lossKind`): `x` and `mean` are [count, pixels], the result is [count]. A Gaussian's mean is cut to [0, 1] before, as pictures are. */
export function exampleLosses(likelihood: LikelihoodLike, x: Float32Array, mean: Float32Array, count: number): Float32Array {
  const size = x.length / count;
  return Float32Array.from({ length: count }, (_, i) => exampleLoss(likelihood, x.subarray(i * size, (i + 1) * size), mean.subarray(i * size, (i + 1) * size)));
}

/** KL(q(z|x) || N(0, I)) of each example, nats: [count, size] twice to [count]. Kingma & Welling 2014, appendix B. */
export function exampleKl(means: Float32Array, logVariances: Float32Array, size: number): Float32Array {
  const kl = new Float32Array(means.length / size);
  means.forEach((mean, i) => {
    const logVariance = logVariances[i] ?? 0;
    const at = Math.floor(i / size);
    kl[at] = (kl[at] ?? 0) + 0.5 * (mean * mean + Math.exp(logVariance) - logVariance - 1);
  });
  return kl;
}
