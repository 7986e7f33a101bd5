export { finished, lower, lowerInto, type Lowered, type LoweringOptions, type NamedEdge } from './lower';
