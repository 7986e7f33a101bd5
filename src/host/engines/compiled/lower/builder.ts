import assert from 'node:assert';
import { createHash } from 'node:crypto';
import { encodeModel, type Attributes, type OnnxInitializer, type OnnxNode, type OnnxType, type OnnxValue } from '../onnx/index';
import type { Shape } from './shapes';

/** A tensor of the ONNX graph under construction. */
export type Edge = OnnxValue;
export interface BuiltNode extends OnnxNode { readonly from: readonly (Edge | undefined)[]; readonly to: readonly Edge[] }
type Data = OnnxInitializer['data'];
export interface Output { readonly type: OnnxType; readonly shape: Shape }
/** Changes nodes before they are written; it must keep what is wanted, and the order. */
export type Improvement = (nodes: readonly BuiltNode[], wanted: ReadonlySet<string>) => readonly BuiltNode[];

/** An ONNX graph growing node by node; what would compute or hold the same twice is one node, one initializer. Names of its own begin with a dot. */
export class GraphBuilder {
  readonly #inputs: Edge[] = [];
  readonly #initializers = new Map<string, OnnxInitializer>();
  readonly #nodes: BuiltNode[] = [];
  readonly #known = new Map<string, readonly Edge[]>();
  readonly #producers = new Map<string, BuiltNode>();

  input(name: string, type: OnnxType, shape: Shape): Edge {
    const edge = { name, type, shape };
    this.#inputs.push(edge);
    return edge;
  }

  /** The input of that name, if there is one already. */
  existingInput(name: string): Edge | undefined { return this.#inputs.find((edge) => edge.name === name); }

  constant(type: OnnxType, shape: Shape, data: Data): Edge {
    const bytes = new Uint8Array(data.buffer, data.byteOffset, data.byteLength);
    const key = `${type} ${shape.join()} ${createHash('sha1').update(bytes).digest('base64')}`;
    const known = this.#known.get(key)?.[0];
    if (known) return known;
    const edge = { name: `.c${this.#initializers.size}`, type, shape };
    this.#initializers.set(edge.name, { ...edge, data });
    this.#known.set(key, [edge]);
    return edge;
  }

  /** A node with any number of outputs; a left-out optional input is undefined. */
  nodes(operator: string, from: readonly (Edge | undefined)[], results: readonly Output[], attributes: Attributes = {}, domain?: 'com.microsoft'): readonly Edge[] {
    const key = keyOf(operator, from, attributes, results.length);
    const known = this.#known.get(key);
    if (known) return known;
    const to = results.map(({ type, shape }, i) => ({ name: `.${this.#nodes.length}${i ? `_${i}` : ''}`, type, shape }));
    const node: BuiltNode = { operator, ...(domain ? { domain } : {}), from, to, inputs: from.map((edge) => edge?.name ?? ''), outputs: to.map((edge) => edge.name), attributes };
    this.#nodes.push(node);
    for (const edge of to) this.#producers.set(edge.name, node);
    this.#known.set(key, to);
    return to;
  }

  node(operator: string, from: readonly (Edge | undefined)[], type: OnnxType, shape: Shape, attributes: Attributes = {}, domain?: 'com.microsoft'): Edge {
    const [edge] = this.nodes(operator, from, [{ type, shape }], attributes, domain);
    assert(edge, `${operator} without an output`);
    return edge;
  }

  producer(edge: Edge): BuiltNode | undefined { return this.#producers.get(edge.name); }
  /** The edge that `edge` was made of by `operator`, if it was, as that node's first input. */
  madeBy(operator: string, edge: Edge): Edge | undefined {
    const node = this.producer(edge);
    return node?.operator === operator ? node.from[0] : undefined;
  }
  /** The output of such a node, if there is one already. */
  existing(operator: string, x: Edge): Edge | undefined { return this.#known.get(keyOf(operator, [x], {}, 1))?.[0]; }
  dataOf(edge: Edge): Data | undefined { return this.#initializers.get(edge.name)?.data; }

  /**
   * The model that computes `outputs` (an edge each, under the caller's names), after `improve` has seen the nodes that are needed; inputs that nothing needs are left out.
   * @throws Error where two inputs or outputs have one name.
   */
  finish(outputs: readonly { readonly name: string; readonly edge: Edge }[], improve: Improvement): { model: Uint8Array; inputs: string[] } {
    const wanted = new Set(outputs.map(({ edge }) => edge.name));
    const nodes = improve(live(this.#nodes, wanted), wanted);
    const made = new Set(nodes.flatMap((node) => node.outputs));
    const renamed = new Map<string, string>();
    const copies: OnnxNode[] = [];
    for (const { name, edge } of outputs) { // an edge that a node makes takes the first name asked for; all else is copied
      if (made.has(edge.name) && !renamed.has(edge.name)) renamed.set(edge.name, name);
      else copies.push({ operator: 'Identity', inputs: [edge.name], outputs: [name], attributes: {} });
    }
    const called = (name: string): string => renamed.get(name) ?? name;
    const all = [...nodes, ...copies].map((node) => ({ ...node, inputs: node.inputs.map(called), outputs: node.outputs.map(called) }));
    const used = new Set(all.flatMap((node) => node.inputs));
    const inputs = this.#inputs.filter((edge) => used.has(edge.name));
    const names = [...this.#inputs, ...outputs].map(({ name }) => name);
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined) throw new Error(`Two inputs or outputs of a graph are named "${twice}".`);
    const model = encodeModel({
      inputs, outputs: outputs.map(({ name, edge }) => ({ ...edge, name })), nodes: all,
      initializers: [...this.#initializers.values()].filter((edge) => used.has(edge.name)),
    });
    return { model, inputs: inputs.map((edge) => edge.name) };
  }
}

const keyOf = (operator: string, from: readonly (Edge | undefined)[], attributes: Attributes, count: number): string =>
  `${operator} ${from.map((edge) => edge?.name ?? '').join()} ${JSON.stringify(attributes)} ${count}`;

/** The nodes from which something wanted follows. */
export function live(nodes: readonly BuiltNode[], wanted: ReadonlySet<string>): BuiltNode[] {
  const needed = new Set(wanted);
  return [...nodes].reverse().filter((node) => {
    if (!node.outputs.some((name) => needed.has(name))) return false;
    node.inputs.forEach((name) => needed.add(name));
    return true;
  }).reverse();
}
