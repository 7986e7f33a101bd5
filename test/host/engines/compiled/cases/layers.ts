import * as tf from '@tensorflow/tfjs';
import type { Case } from './case';

type Layer = tf.layers.Layer;
const { layers } = tf;
const image = [2, 6, 5, 3] as const;
const sequence = [2, 4, 3] as const;
const rows = [3, 4] as const;

/** A layer, or several one after the other, of one input. */
const layer = (name: string, shape: readonly number[], make: () => Layer | Layer[], training = true): Case => ({
  name: `layers.${name}${training ? '' : ', not training'}`, inputs: [{ shape, range: 'any' }], gradient: true,
  build: () => {
    const made = [make()].flat();
    return { layers: made, run: (x) => made.reduce((y, one) => one.apply(y, { training }) as tf.Tensor, x as tf.Tensor) };
  },
});
/** A layer that joins two inputs. */
const merge = (name: string, shape: readonly number[], make: () => Layer): Case => ({
  name: `layers.${name}`, inputs: [{ shape, range: 'any' }, { shape, range: 'any' }], gradient: true,
  build: () => {
    const one = make();
    return { layers: [one], run: (...inputs) => one.apply(inputs) as tf.Tensor };
  },
});

const activations = ['elu', 'hardSigmoid', 'linear', 'relu', 'relu6', 'selu', 'sigmoid', 'softmax', 'softplus', 'softsign', 'tanh', 'swish', 'mish', 'gelu', 'gelu_new'] as const;
const paddings = ['same', 'valid'] as const;

/** All of tf.layers that a VAE may hold, without randomness. */
export const layerCases: readonly Case[] = [
  layer('dense', rows, () => layers.dense({ units: 5 })),
  layer('dense without bias', rows, () => layers.dense({ units: 5, useBias: false })),
  layer('dense of a sequence', sequence, () => layers.dense({ units: 5, activation: 'tanh' })),
  ...activations.map((activation) => layer(`dense ${activation}`, rows, () => layers.dense({ units: 5, activation }))),
  layer('activation', rows, () => layers.activation({ activation: 'relu' })),
  layer('elu', rows, () => layers.elu()),
  layer('reLU', rows, () => layers.reLU()),
  layer('reLU to 6', rows, () => layers.reLU({ maxValue: 6 })),
  layer('leakyReLU', rows, () => layers.leakyReLU({ alpha: 0.2 })),
  layer('thresholdedReLU', rows, () => layers.thresholdedReLU({ theta: 0.5 })),
  layer('prelu', rows, () => layers.prelu()),
  layer('softmax', rows, () => layers.softmax()),
  ...paddings.flatMap((padding) => [
    layer(`conv1d ${padding}`, [2, 7, 3], () => layers.conv1d({ filters: 4, kernelSize: 3, strides: 2, padding, activation: 'relu' })),
    layer(`conv2d ${padding}`, image, () => layers.conv2d({ filters: 4, kernelSize: 3, strides: 2, padding, activation: 'relu' })),
    layer(`conv2dTranspose ${padding}`, image, () => layers.conv2dTranspose({ filters: 4, kernelSize: 3, strides: 2, padding, activation: 'relu' })),
    layer(`separableConv2d ${padding}`, image, () => layers.separableConv2d({ filters: 4, kernelSize: 3, padding, depthMultiplier: 2 })),
    layer(`depthwiseConv2d ${padding}`, image, () => layers.depthwiseConv2d({ kernelSize: 3, strides: 2, padding, activation: 'elu' })),
    layer(`maxPooling2d ${padding}`, image, () => layers.maxPooling2d({ poolSize: 2, padding })),
    layer(`averagePooling2d ${padding}`, image, () => layers.averagePooling2d({ poolSize: 3, strides: 2, padding })),
  ]),
  layer('conv2d 1x1', image, () => layers.conv2d({ filters: 4, kernelSize: 1 })),
  layer('conv3d', [1, 4, 4, 4, 2], () => layers.conv3d({ filters: 2, kernelSize: 2 })),
  layer('conv3dTranspose', [1, 2, 2, 2, 2], () => layers.conv3dTranspose({ filters: 2, kernelSize: 2, strides: 2 })),
  layer('maxPooling1d', sequence, () => layers.maxPooling1d({ poolSize: 2 })),
  layer('averagePooling1d', sequence, () => layers.averagePooling1d({ poolSize: 2 })),
  layer('maxPooling3d', [1, 4, 4, 4, 2], () => layers.maxPooling3d({ poolSize: [2, 2, 2] })),
  layer('averagePooling3d', [1, 4, 4, 4, 2], () => layers.averagePooling3d({ poolSize: [2, 2, 2] })),
  layer('globalAveragePooling1d', sequence, () => layers.globalAveragePooling1d({})),
  layer('globalMaxPooling1d', sequence, () => layers.globalMaxPooling1d({})),
  layer('globalAveragePooling2d', image, () => layers.globalAveragePooling2d({})),
  layer('globalMaxPooling2d', image, () => layers.globalMaxPooling2d({})),
  layer('batchNormalization of rows', rows, () => layers.batchNormalization()),
  layer('batchNormalization of images', image, () => layers.batchNormalization()),
  layer('batchNormalization', image, () => layers.batchNormalization({ scale: true, center: true }), false),
  layer('layerNormalization', rows, () => layers.layerNormalization()),
  layer('layerNormalization of images', [2, 3, 2, 4], () => layers.layerNormalization({ axis: [1, 2, 3] })),
  layer('flatten', image, () => layers.flatten()),
  layer('reshape', rows, () => layers.reshape({ targetShape: [2, 2] })),
  layer('permute', sequence, () => layers.permute({ dims: [2, 1] })),
  layer('repeatVector', rows, () => layers.repeatVector({ n: 3 })),
  layer('cropping2D', image, () => layers.cropping2D({ cropping: [[1, 2], [0, 1]] })),
  layer('zeroPadding2d', image, () => layers.zeroPadding2d({ padding: [1, 2] })),
  layer('upSampling2d', [2, 3, 4, 2], () => layers.upSampling2d({ size: [2, 2] })),
  layer('upSampling2d bilinear', [2, 3, 4, 2], () => layers.upSampling2d({ size: [2, 2], interpolation: 'bilinear' })),
  layer('rescaling', rows, () => layers.rescaling({ scale: 2, offset: -1 })),
  layer('simpleRNN', sequence, () => layers.simpleRNN({ units: 3 })),
  layer('simpleRNN of sequences', sequence, () => layers.simpleRNN({ units: 3, returnSequences: true })),
  layer('gru', sequence, () => layers.gru({ units: 3 })),
  layer('lstm', sequence, () => layers.lstm({ units: 3 })),
  layer('lstm of sequences, backwards', sequence, () => layers.lstm({ units: 3, returnSequences: true, goBackwards: true })),
  layer('lstm with other gates', sequence, () => layers.lstm({ units: 3, recurrentActivation: 'sigmoid', unitForgetBias: true })),
  layer('timeDistributed dense', sequence, () => layers.timeDistributed({ layer: layers.dense({ units: 2 }) })),
  layer('bidirectional gru', sequence, () => layers.bidirectional({ layer: layers.gru({ units: 2, returnSequences: true }) as never, mergeMode: 'concat' })),
  layer('rnn of stacked cells', sequence, () => layers.rnn({ cell: layers.stackedRNNCells({ cells: [layers.lstmCell({ units: 2 }), layers.gruCell({ units: 3 })] }) })),
  layer('masking, lstm', sequence, () => [layers.masking({ maskValue: 0 }), layers.lstm({ units: 2 })]),
  layer('sequential', image, () => tf.sequential({ layers: [layers.conv2d({ filters: 2, kernelSize: 3, inputShape: [...image.slice(1)] }), layers.batchNormalization(), layers.flatten(), layers.dense({ units: 3, activation: 'relu' })] })),
  layer('model of a graph', rows, () => {
    const input = tf.input({ shape: [4] });
    const hidden = layers.dense({ units: 3, activation: 'tanh' }).apply(input) as tf.SymbolicTensor;
    const joined = layers.concatenate().apply([hidden, layers.dense({ units: 2 }).apply(hidden) as tf.SymbolicTensor]) as tf.SymbolicTensor;
    return tf.model({ inputs: input, outputs: layers.dropout({ rate: 0.3 }).apply(joined) as tf.SymbolicTensor });
  }, false),
  layer('resizing', [2, 3, 4, 2], () => layers.resizing({ height: 6, width: 6 })),
  layer('convLstm2d', [1, 2, 4, 4, 2], () => layers.convLstm2d({ filters: 2, kernelSize: 3, padding: 'same' })),
  layer('dropout', rows, () => layers.dropout({ rate: 0.5 }), false),
  merge('add', rows, () => layers.add()),
  merge('average', rows, () => layers.average()),
  merge('multiply', rows, () => layers.multiply()),
  merge('maximum', rows, () => layers.maximum()),
  merge('minimum', rows, () => layers.minimum()),
  merge('concatenate', rows, () => layers.concatenate()),
  merge('dot', rows, () => layers.dot({ axes: -1 })),
  { name: 'layers.embedding', inputs: [{ shape: [2, 3], range: { integer: 5 } }], gradient: true, build: () => {
    const embedding = layers.embedding({ inputDim: 5, outputDim: 2 });
    return { layers: [embedding], run: (x) => embedding.apply(x as tf.Tensor) as tf.Tensor };
  } },
];
