import { dtypeOf, fromStart, need, numberOf, numbersOf, type ShapeRules } from './rule';

export const indexing: ShapeRules = {
  GatherV2: (inputs, attributes) => {
    const [x, indices] = [need(inputs, 'x'), need(inputs, 'indices')];
    const axis = fromStart(numberOf(attributes, 'axis'), x.shape.length);
    const batch = numberOf(attributes, 'batchDims');
    return { shape: [...x.shape.slice(0, axis), ...indices.shape.slice(batch), ...x.shape.slice(axis + 1)], dtype: x.dtype };
  },
  GatherNd: (inputs) => {
    const [params, indices] = [need(inputs, 'params'), need(inputs, 'indices')];
    return { shape: [...indices.shape.slice(0, -1), ...params.shape.slice(indices.shape.at(-1) ?? 0)], dtype: params.dtype };
  },
  ScatterNd: (inputs, attributes) => ({ shape: numbersOf(attributes, 'shape'), dtype: need(inputs, 'updates').dtype }),
  TensorScatterUpdate: (inputs) => need(inputs, 'tensor'),
  UnsortedSegmentSum: (inputs, attributes) => {
    const [x, ids] = [need(inputs, 'x'), need(inputs, 'segmentIds')];
    return { shape: [numberOf(attributes, 'numSegments'), ...x.shape.slice(ids.shape.length)], dtype: x.dtype };
  },
  OneHot: (inputs, attributes) => ({ shape: [...need(inputs, 'indices').shape, numberOf(attributes, 'depth')], dtype: dtypeOf(attributes, 'dtype') }),
};
