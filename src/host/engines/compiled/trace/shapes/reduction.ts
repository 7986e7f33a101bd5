import type { DType } from '../../graph';
import { all, axesOf, counted, flagOf, fromStart, need, numberOf, type ShapeRule, type ShapeRules } from './rule';

const reduction = (dtypeFor: (x: DType) => DType, axisName = 'axis'): ShapeRule => (inputs, attributes) => {
  const x = need(inputs, 'x');
  const axes = axesOf(attributes, axisName, x.shape.length);
  const shape = flagOf(attributes, 'keepDims') ? x.shape.map((d, i) => (axes.includes(i) ? 1 : d)) : x.shape.filter((_, i) => !axes.includes(i));
  return { shape, dtype: dtypeFor(x.dtype) };
};
const same = (dtype: DType): DType => dtype;
const argument: ShapeRule = (inputs, attributes) => {
  const x = need(inputs, 'x');
  const [axis] = axesOf(attributes, 'axis', x.shape.length);
  return { shape: x.shape.filter((_, i) => i !== axis), dtype: 'int32' };
};

export const reductions: ShapeRules = {
  ...all(reduction(counted), ['Prod', 'Sum']),
  ...all(reduction(same), ['All', 'Any', 'Min']),
  Max: reduction(same, 'reductionIndices'),
  Mean: reduction(() => 'float32'),
  ...all(argument, ['ArgMax', 'ArgMin']),
  ...all((inputs) => ({ shape: need(inputs, 'x').shape, dtype: counted(need(inputs, 'x').dtype) }), ['Cumprod', 'Cumsum']),
  TopK: (inputs, attributes) => {
    const x = need(inputs, 'x');
    const shape = [...x.shape.slice(0, fromStart(-1, x.shape.length)), numberOf(attributes, 'k')];
    return [{ shape, dtype: x.dtype }, { shape, dtype: 'int32' }];
  },
};
