import { adam, iwae, mnist, vae, type VaeConfig, type VaeModel } from '../../src/vae/index';

const described = (config: Pick<VaeConfig, 'encoder' | 'decoder' | 'objective'>): VaeModel =>
  vae({ data: mnist(), latentDim: 20, ...config, training: { optimizer: adam({ learningRate: 1e-3 }), batchSize: 128, seed: 1 } });

const dense: Pick<VaeConfig, 'encoder' | 'decoder'> = {
  encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 400, activation: 'relu' })],
  decoder: ({ layers }) => [layers.dense({ units: 400, activation: 'relu' })],
};

/** What is timed; `pytorch.py` beside this file has the same networks. */
export const models: Record<string, () => VaeModel> = {
  'mlp': () => described(dense),
  'mlp-iwae5': () => described({ ...dense, objective: iwae({ samples: 5 }) }),
  'conv': () => described({
    encoder: ({ layers }) => [
      layers.conv2d({ filters: 32, kernelSize: 3, strides: 2, padding: 'same', activation: 'relu' }),
      layers.conv2d({ filters: 64, kernelSize: 3, strides: 2, padding: 'same', activation: 'relu' }),
      layers.flatten(),
    ],
    decoder: ({ layers }) => [
      layers.dense({ units: 7 * 7 * 64, activation: 'relu' }), layers.reshape({ targetShape: [7, 7, 64] }),
      layers.conv2dTranspose({ filters: 32, kernelSize: 3, strides: 2, padding: 'same', activation: 'relu' }),
      layers.conv2dTranspose({ filters: 1, kernelSize: 3, strides: 2, padding: 'same' }),
    ],
  }),
  'conv-bn': () => described({
    encoder: ({ layers }) => [
      layers.conv2d({ filters: 32, kernelSize: 3, strides: 2, padding: 'same' }), layers.batchNormalization(), layers.reLU(),
      layers.conv2d({ filters: 64, kernelSize: 3, strides: 2, padding: 'same' }), layers.batchNormalization(), layers.reLU(),
      layers.flatten(),
    ],
    decoder: ({ layers }) => [
      layers.dense({ units: 7 * 7 * 64 }), layers.reshape({ targetShape: [7, 7, 64] }), layers.batchNormalization(), layers.reLU(),
      layers.conv2dTranspose({ filters: 32, kernelSize: 3, strides: 2, padding: 'same' }), layers.batchNormalization(), layers.reLU(),
      layers.conv2dTranspose({ filters: 1, kernelSize: 3, strides: 2, padding: 'same' }),
    ],
  }),
};
