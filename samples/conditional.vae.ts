import { adam, conditionalVae, mnist } from 'vae-lab';

/** Digits given which digit they are (Sohn et al. 2015): the code is left with how they are written. Samples come by class. */
export const styles = conditionalVae({
  data: mnist(),
  latentDim: 10,
  encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 400, activation: 'relu' })],
  decoder: ({ layers }) => [layers.dense({ units: 400, activation: 'relu' })],
  training: { epochs: 10, batchSize: 128, optimizer: adam({ learningRate: 1e-3 }), seed: 1 },
});
