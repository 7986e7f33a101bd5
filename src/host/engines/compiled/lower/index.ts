export { lower, type Lowered, type LoweringOptions } from './lower';
