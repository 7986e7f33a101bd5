import { ProtobufWriter } from '../../../../runs/protobuf';

/** What of ONNX a lowering writes (onnx.proto3, IR 10); field numbers stand beside the writes. */
export type OnnxType = 'float32' | 'int32' | 'int64' | 'bool';
export type Attribute = { readonly int: number } | { readonly float: number } | { readonly ints: readonly number[] } | { readonly string: string };
export type Attributes = Readonly<Record<string, Attribute>>;

export interface OnnxNode {
  readonly operator: string;
  /** Left out for ONNX's own operators. */
  readonly domain?: 'com.microsoft';
  /** Names of values; an empty one leaves an optional input out. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly attributes: Attributes;
}
export interface OnnxValue { readonly name: string; readonly type: OnnxType; readonly shape: readonly number[] }
export interface OnnxInitializer extends OnnxValue { readonly data: Float32Array | Int32Array | BigInt64Array | Uint8Array }
export interface OnnxGraph {
  readonly inputs: readonly OnnxValue[];
  readonly outputs: readonly OnnxValue[];
  readonly initializers: readonly OnnxInitializer[];
  /** Every value is made before it is used. */
  readonly nodes: readonly OnnxNode[];
}

const IR_VERSION = 10;
const OPERATOR_SET = 21;
const elementType: { [T in OnnxType]: number } = { float32: 1, int32: 6, int64: 7, bool: 9 };

/** A model's bytes. com.microsoft stands in its header only where a node is of it. */
export function encodeModel(graph: OnnxGraph): Uint8Array {
  const model = new ProtobufWriter().int(1, IR_VERSION).string(2, 'vae-lab').message(7, (to) => writeGraph(to, graph));
  model.message(8, (to) => to.int(2, OPERATOR_SET));
  if (graph.nodes.some((node) => node.domain)) model.message(8, (to) => to.string(1, 'com.microsoft').int(2, 1));
  return model.finish();
}

function writeGraph(to: ProtobufWriter, { nodes, initializers, inputs, outputs }: OnnxGraph): void {
  for (const node of nodes) to.message(1, (inner) => writeNode(inner, node));
  to.string(2, 'step');
  for (const { name, type, shape, data } of initializers) {
    to.message(5, (tensor) => tensor.packed(1, shape, 'int').int(2, elementType[type]).string(8, name).bytes(9, new Uint8Array(data.buffer, data.byteOffset, data.byteLength)));
  }
  for (const value of inputs) to.message(11, (inner) => writeValue(inner, value));
  for (const value of outputs) to.message(12, (inner) => writeValue(inner, value));
}

function writeNode(to: ProtobufWriter, { operator, domain, inputs, outputs, attributes }: OnnxNode): void {
  for (const input of inputs) to.string(1, input);
  for (const output of outputs) to.string(2, output);
  to.string(4, operator);
  for (const [name, value] of Object.entries(attributes)) to.message(5, (inner) => writeAttribute(inner.string(1, name), value));
  if (domain) to.string(7, domain);
}

function writeAttribute(to: ProtobufWriter, value: Attribute): void { // 20: type
  if ('float' in value) to.float(2, value.float).int(20, 1);
  else if ('int' in value) to.int(3, value.int).int(20, 2);
  else if ('string' in value) to.string(4, value.string).int(20, 3);
  else to.packed(8, value.ints, 'int').int(20, 7);
}

function writeValue(to: ProtobufWriter, { name, type, shape }: OnnxValue): void {
  to.string(1, name).message(2, (kind) => kind.message(1, (tensor) => {
    tensor.int(1, elementType[type]).message(2, (dims) => shape.forEach((size) => dims.message(1, (dim) => dim.int(1, size))));
  }));
}
