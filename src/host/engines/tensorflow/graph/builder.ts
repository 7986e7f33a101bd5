import assert from 'node:assert';
import { createHash } from 'node:crypto';
import { sameShape } from '../../compiled/lower/shapes';
import { sizeOf } from '../../sizeOf';
import { encodeSavedModel, type TfAttributes, type TfNode, type TfTensor, type TfType } from './savedModel';

/** Of a side of a tensor. */
const LONGEST = 2 ** 31 - 1;

/** A tensor of the TensorFlow graph under construction; `name` is what other nodes call it. */
export interface TfEdge { readonly name: string; readonly type: TfType; readonly shape: readonly number[] }
type Result = Pick<TfEdge, 'type' | 'shape'>;

/** A TensorFlow graph growing node by node; what would compute or hold the same twice is one node. */
export class TfGraph {
  readonly #nodes: TfNode[] = [];
  readonly #known = new Map<string, readonly TfEdge[]>();

  /** A node with any number of outputs. `after` are nodes that must have run before. */
  nodes(operation: string, inputs: readonly TfEdge[], results: readonly Result[], attributes: TfAttributes = {}, after: readonly string[] = []): readonly TfEdge[] {
    const key = `${operation} ${inputs.map(({ name }) => name).join()} ${keyOf(attributes)} ${after.join()}`;
    const known = this.#known.get(key);
    if (known) return known;
    const name = this.#add(operation, [...inputs.map((edge) => edge.name), ...after.map((node) => `^${node}`)], attributes);
    const made = results.map((result, i) => ({ ...result, name: i ? `${name}:${i}` : name }));
    this.#known.set(key, made);
    return made;
  }
  node(operation: string, inputs: readonly TfEdge[], type: TfType, shape: readonly number[], attributes: TfAttributes = {}, after: readonly string[] = []): TfEdge {
    const [edge] = this.nodes(operation, inputs, [{ type, shape }], attributes, after);
    assert(edge, `${operation} without an output`);
    return edge;
  }
  /** A node that changes something, once each time this is called. @returns its name */
  effect(operation: string, inputs: readonly TfEdge[], attributes: TfAttributes, after: readonly string[] = []): string {
    return this.#add(operation, [...inputs.map(({ name }) => name), ...after.map((node) => `^${node}`)], attributes);
  }
  /** A tensor given at each run. */
  input(type: TfType, shape: readonly number[]): TfEdge {
    return { name: this.#add('Placeholder', [], { dtype: { type }, shape: { shape } }), type, shape };
  }
  /** The handle of a variable, which holds its values from run to run. */
  variable(shape: readonly number[]): TfEdge {
    const own = { string: `variable${this.size}` }; // two handles of one name are one variable
    return { name: this.#add('VarHandleOp', [], { dtype: { type: 'float32' }, shape: { shape }, shared_name: own }), type: 'resource', shape };
  }
  read(variable: TfEdge): TfEdge { return this.node('ReadVariableOp', [variable], 'float32', variable.shape, { dtype: { type: 'float32' } }); }
  assign(variable: TfEdge, value: TfEdge, after: readonly string[] = []): string { return this.effect('AssignVariableOp', [variable, value], { dtype: { type: 'float32' } }, after); }
  /** In memory of TensorFlow's own: an input may lie in JavaScript's, which a variable would go on working on. */
  copy(x: TfEdge): TfEdge { return this.typed('DeepCopy', [x], x.shape); }

  constant(tensor: TfTensor): TfEdge {
    const first = tensor.data[0];
    const value = tensor.data.length > 1 && tensor.data.every((item) => item === first) ? { ...tensor, data: tensor.data.slice(0, 1) } : tensor;
    return this.node('Const', [], tensor.type, tensor.shape, { dtype: { type: tensor.type }, value: { tensor: value } });
  }
  /** Integers, such as a shape's, have 32 bits. @throws RangeError as where memory is short: no memory holds a tensor with a side that long */
  vector(values: readonly number[], type: 'float32' | 'int32' | 'bool' = 'int32', shape: readonly number[] = [values.length]): TfEdge {
    if (type === 'int32' && values.some((value) => Math.abs(value) > LONGEST)) throw new RangeError(`could not allocate memory: ${Math.max(...values)} values`);
    return this.constant({ type, shape, data: type === 'float32' ? Float32Array.from(values) : type === 'int32' ? Int32Array.from(values) : Uint8Array.from(values) });
  }
  scalar(value: number, type: 'float32' | 'int32' | 'bool' = 'float32'): TfEdge { return this.vector([value], type, []); }

  reshape(x: TfEdge, shape: readonly number[]): TfEdge {
    assert.equal(sizeOf(shape), sizeOf(x.shape));
    return sameShape(x.shape, shape) ? x : this.node('Reshape', [x, this.vector(shape)], x.type, shape, { T: { type: x.type }, Tshape: { type: 'int32' } });
  }
  broadcast(x: TfEdge, shape: readonly number[]): TfEdge {
    return sameShape(x.shape, shape) ? x : this.node('BroadcastTo', [x, this.vector(shape)], x.type, shape, { T: { type: x.type }, Tidx: { type: 'int32' } });
  }
  transpose(x: TfEdge, perm: readonly number[]): TfEdge {
    return this.node('Transpose', [x, this.vector(perm)], x.type, perm.map((axis) => x.shape[axis] ?? 1), { T: { type: x.type }, Tperm: { type: 'int32' } });
  }
  cast(x: TfEdge, type: TfType): TfEdge {
    return x.type === type ? x : this.node('Cast', [x], type, x.shape, { SrcT: { type: x.type }, DstT: { type } });
  }
  /** An operation of tensors of one type, T, with a result of that type. */
  typed(operation: string, inputs: readonly TfEdge[], shape: readonly number[], attributes: TfAttributes = {}): TfEdge {
    const type = inputs[0]?.type ?? 'float32';
    return this.node(operation, inputs, type, shape, { T: { type }, ...attributes });
  }

  /** The nodes so far that take a tensor, by name. */
  consumers(of: TfEdge): string[] { return this.#nodes.filter(({ inputs }) => inputs.includes(of.name)).map(({ name }) => name); }
  get size(): number { return this.#nodes.length; }
  /** The bytes of a SavedModel. */
  encode(): Uint8Array { return encodeSavedModel(this.#nodes); }

  #add(operation: string, inputs: readonly string[], attributes: TfAttributes): string {
    const name = `n${this.#nodes.length}`;
    this.#nodes.push({ name, operation, inputs, attributes });
    return name;
  }
}

/** Attributes as text, a tensor's values by their hash. */
function keyOf(attributes: TfAttributes): string {
  return JSON.stringify(attributes, (_, value: unknown) => (ArrayBuffer.isView(value) ? createHash('sha1').update(new Uint8Array(value.buffer, value.byteOffset, value.byteLength)).digest('base64') : value));
}
