export { baseValues } from './noise';
export { isSameStep, trace, type NoiseInput, type NoiseKind, type TraceOptions, type Traced } from './trace';
