import { int32, type TfLowerings } from '../kernel';

export const gathering: TfLowerings = {
  GatherV2: (k) => {
    const x = k.in('x');
    return k.g.node('GatherV2', [x, k.in('indices'), k.g.scalar(k.axis('axis', x.shape.length), 'int32')], x.type, k.shape, { Tparams: { type: x.type }, Tindices: int32, Taxis: int32, batch_dims: { int: k.number('batchDims', 0) } });
  },
  GatherNd: (k) => k.g.node('GatherNd', [k.in('params'), k.in('indices')], k.type, k.shape, { Tparams: { type: k.type }, Tindices: int32 }),
  ScatterNd: (k) => k.g.node('ScatterNd', [k.in('indices'), k.in('updates'), k.g.vector(k.shape)], k.type, k.shape, { T: { type: k.type }, Tindices: int32 }),
  TensorScatterUpdate: (k) => k.typed('TensorScatterUpdate', [k.in('tensor'), k.in('indices'), k.in('updates')], { Tindices: int32 }),
  UnsortedSegmentSum: (k) => k.typed('UnsortedSegmentSum', [k.in('x'), k.in('segmentIds'), k.g.scalar(k.number('numSegments'), 'int32')], { Tindices: int32, Tnumsegments: int32 }),
  OneHot: (k) => k.g.node('OneHot', [k.in('indices'), k.g.scalar(k.number('depth'), 'int32'), k.g.scalar(k.number('onValue', 1), k.type), k.g.scalar(k.number('offValue', 0), k.type)], k.type, k.shape, { T: { type: k.type }, TI: int32 }),
};
