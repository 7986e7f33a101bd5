import type { Likelihood } from '../../vae/objectives';

/** A decoder's mean is rounded to 0 or 1 where its logit is beyond some 16. */
const EDGE = 1e-7;

/** -log p(x|z) of one example from the likelihood's mean, nats; `x` and `mean` are pixels in [0, 1]. */
type ExampleLoss<K extends Likelihood['kind']> = (x: Float32Array, mean: Float32Array, likelihood: Extract<Likelihood, { kind: K }>) => number;
const losses: { readonly [K in Likelihood['kind']]: ExampleLoss<K> } = {
  bernoulli: (x, mean) => {
    let sum = 0;
    for (let i = 0; i < x.length; i++) {
      const p = Math.min(1 - EDGE, Math.max(EDGE, mean[i] ?? 0));
      sum -= (x[i] ?? 0) * Math.log(p) + (1 - (x[i] ?? 0)) * Math.log(1 - p);
    }
    return sum;
  },
  gaussian: (x, mean, { sigma }) => {
    let sum = 0;
    for (let i = 0; i < x.length; i++) sum += ((x[i] ?? 0) - (mean[i] ?? 0)) ** 2;
    return 0.5 * (sum / sigma ** 2 + x.length * Math.log(2 * Math.PI * sigma ** 2));
  },
};

/** -log p(x|z) of each example, nats: `x` and `mean` are [count, pixels], the result is [count]. A Gaussian's mean is cut to [0, 1] before, as pictures are. */
export function exampleLosses<K extends Likelihood['kind']>(likelihood: Extract<Likelihood, { kind: K }>, x: Float32Array, mean: Float32Array, count: number): Float32Array {
  const loss = losses[likelihood.kind as K];
  const size = x.length / count;
  return Float32Array.from({ length: count }, (_, i) => loss(x.subarray(i * size, (i + 1) * size), mean.subarray(i * size, (i + 1) * size), likelihood));
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
