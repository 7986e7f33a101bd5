import * as tf from '@tensorflow/tfjs';
import { padding, quadruple, quintuple, rounding, three, two } from './convolution';
import { all, malformed, need, numberOrNumbersOf, type ShapeRule, type ShapeRules } from './rule';

const pool2d: ShapeRule = (inputs, attributes) => {
  const x = need(inputs, 'x');
  const { outShape } = tf.backend_util.computePool2DInfo(
    quadruple(x.shape), two(numberOrNumbersOf(attributes, 'filterSize')), two(numberOrNumbersOf(attributes, 'strides')), 1, padding(attributes), rounding(attributes));
  return { shape: outShape, dtype: 'float32' };
};
const pool3d: ShapeRule = (inputs, attributes) => {
  const pad = padding(attributes);
  if (typeof pad === 'object') throw malformed('pooling in three dimensions takes no explicit padding');
  const { outShape } = tf.backend_util.computePool3DInfo(
    quintuple(need(inputs, 'x').shape), three(numberOrNumbersOf(attributes, 'filterSize')), three(numberOrNumbersOf(attributes, 'strides')), 1, pad, rounding(attributes), 'NDHWC');
  return { shape: outShape, dtype: 'float32' };
};
const likeInput: ShapeRule = (inputs) => ({ shape: need(inputs, 'input').shape, dtype: 'float32' });

export const pooling: ShapeRules = {
  ...all(pool2d, ['AvgPool', 'MaxPool']),
  ...all(pool3d, ['AvgPool3D', 'MaxPool3D']),
  ...all(likeInput, ['AvgPoolGrad', 'MaxPoolGrad', 'AvgPool3DGrad', 'MaxPool3DGrad']),
};
