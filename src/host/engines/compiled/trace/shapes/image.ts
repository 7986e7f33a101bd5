import { all, need, numbersOf, type ShapeRule, type ShapeRules } from './rule';
import { sizeOf } from '../../../sizeOf';

const resize: ShapeRule = (inputs, attributes) => {
  const { shape: [batch = 1, , , channels = 1] } = need(inputs, 'images');
  const [height = 1, width = 1] = numbersOf(attributes, 'size');
  return { shape: [batch, height, width, channels], dtype: 'float32' };
};

export const images: ShapeRules = {
  ...all(resize, ['ResizeBilinear', 'ResizeNearestNeighbor']),
  ...all((inputs) => need(inputs, 'image'), ['FlipLeftRight', 'RotateWithOffset']),
  CropAndResize: (inputs, attributes) => {
    const [height = 1, width = 1] = numbersOf(attributes, 'cropSize');
    return { shape: [sizeOf(need(inputs, 'boxes').shape.slice(0, 1)), height, width, need(inputs, 'image').shape[3] ?? 1], dtype: 'float32' };
  },
};
