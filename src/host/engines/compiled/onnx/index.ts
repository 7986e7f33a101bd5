export { encodeModel, type Attribute, type Attributes, type OnnxGraph, type OnnxInitializer, type OnnxNode, type OnnxType, type OnnxValue } from './model';
