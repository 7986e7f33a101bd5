export { burgessConv } from './burgessConv';
export { mlp } from './mlp';
export type { Networks } from './networks';
export { resnetConv } from './resnetConv';
