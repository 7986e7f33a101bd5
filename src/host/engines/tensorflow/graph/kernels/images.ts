import type { TfEdge } from '../builder';
import { flag, type TfKernel, type TfLowering, type TfLowerings } from '../kernel';

const resized = (operation: string): TfLowering => (k) => {
  const x = k.in('images');
  const made = k.g.node(operation, [x, k.g.vector(k.shape.slice(1, 3))], operation === 'ResizeBilinear' ? 'float32' : x.type, k.shape, { T: { type: x.type }, align_corners: flag(k.flag('alignCorners')), half_pixel_centers: flag(k.flag('halfPixelCenters')) });
  return k.g.cast(made, k.type);
};
const neighbours = (k: TfKernel) => ({ depth_radius: { int: k.number('depthRadius') }, bias: { float: k.number('bias') }, alpha: { float: k.number('alpha') }, beta: { float: k.number('beta') } });

export const images: TfLowerings = {
  ResizeBilinear: resized('ResizeBilinear'),
  ResizeNearestNeighbor: resized('ResizeNearestNeighbor'),
  CropAndResize: (k) => k.g.node('CropAndResize', [k.in('image'), k.in('boxes'), k.in('boxInd'), k.g.vector(k.shape.slice(1, 3))], 'float32', k.shape, { T: { type: k.in('image').type }, method: { string: k.text('method') }, extrapolation_value: { float: k.number('extrapolationValue', 0) } }),
  LRN: (k) => k.typed('LRN', [k.in('x')], neighbours(k)),
  LRNGrad: (k) => k.typed('LRNGrad', [k.in('dy'), k.in('x'), k.in('y')], neighbours(k)),
  /** As one factor and one summand a channel. */
  FusedBatchNorm: (k) => {
    const per = (operation: string, inputs: readonly TfEdge[], like = k.in('mean')): TfEdge => k.g.typed(operation, inputs, like.shape);
    const inverse = per('Rsqrt', [per('AddV2', [k.in('variance'), k.g.scalar(k.number('varianceEpsilon', 0.001))])]);
    const [scale, offset] = [k.optional('scale'), k.optional('offset')];
    const gain = scale ? per('Mul', [inverse, scale]) : inverse;
    const shift = per('Mul', [k.in('mean'), gain]);
    return k.typed('AddV2', [k.typed('Mul', [k.in('x'), gain]), offset ? per('Sub', [offset, shift]) : per('Neg', [shift])]);
  },
};
