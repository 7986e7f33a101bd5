import { ProtobufWriter } from '../../../../runs/protobuf';

/** What of TensorFlow's graphs a lowering writes (saved_model.proto, meta_graph.proto, node_def.proto, tensor.proto); field numbers stand beside the writes. */
export type TfType = 'float32' | 'int32' | 'int64' | 'bool' | 'resource';
export interface TfTensor { readonly type: Exclude<TfType, 'resource'>; readonly shape: readonly number[]; /** As many values as the shape says, or one for all. */ readonly data: Float32Array | Int32Array | BigInt64Array | Uint8Array }
export type TfAttribute = { readonly type: TfType } | { readonly int: number } | { readonly float: number } | { readonly bool: boolean } | { readonly string: string } | { readonly ints: readonly number[] } | { readonly shape: readonly number[] } | { readonly tensor: TfTensor };
export type TfAttributes = Readonly<Record<string, TfAttribute>>;

export interface TfNode {
  readonly name: string;
  readonly operation: string;
  /** Outputs of other nodes as `name` or `name:1`; those that only have to come first as `^name`, last. */
  readonly inputs: readonly string[];
  readonly attributes: TfAttributes;
}

/** TF_GRAPH_DEF_VERSION of TensorFlow 2.9, the oldest that is set up. */
const PRODUCER = 987;
export const TAG = 'serve';
const dataType: { [T in TfType]: number } = { float32: 1, int32: 3, int64: 9, bool: 10, resource: 20 };

/** The bytes of a `saved_model.pb` with one graph. */
export function encodeSavedModel(nodes: readonly TfNode[]): Uint8Array {
  return new ProtobufWriter().int(1, 1).message(2, (meta) => {
    meta.message(1, (info) => info.string(4, TAG).string(5, '2.9.1'));
    meta.message(2, (graph) => {
      for (const node of nodes) graph.message(1, (to) => writeNode(to, node));
      graph.message(4, (versions) => versions.int(1, PRODUCER));
    });
  }).finish();
}

function writeNode(to: ProtobufWriter, { name, operation, inputs, attributes }: TfNode): void {
  to.string(1, name).string(2, operation);
  for (const input of inputs) to.string(3, input);
  for (const [key, value] of Object.entries(attributes)) to.message(5, (entry) => entry.string(1, key).message(2, (inner) => { writeAttribute(inner, value); }));
}

function writeAttribute(to: ProtobufWriter, value: TfAttribute): void {
  if ('ints' in value) to.message(1, (list) => list.packed(3, value.ints, 'int'));
  else if ('string' in value) to.string(2, value.string);
  else if ('int' in value) to.int(3, value.int);
  else if ('float' in value) to.float(4, value.float);
  else if ('bool' in value) to.int(5, value.bool ? 1 : 0);
  else if ('shape' in value) to.message(7, (shape) => { writeShape(shape, value.shape); });
  else if ('tensor' in value) to.message(8, (tensor) => { writeTensor(tensor, value.tensor); });
  else to.int(6, dataType[value.type]);
}

function writeShape(to: ProtobufWriter, shape: readonly number[]): void {
  for (const size of shape) to.message(2, (dim) => dim.int(1, size));
}

function writeTensor(to: ProtobufWriter, { type, shape, data }: TfTensor): void {
  to.int(1, dataType[type]).message(2, (inner) => { writeShape(inner, shape); });
  if (data.length !== 1) to.bytes(4, new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  else if (type === 'float32') to.packed(5, [Number(data[0])], 'float');
  else to.packed({ int32: 7, int64: 10, bool: 11 }[type], [Number(data[0])], 'int');
}
