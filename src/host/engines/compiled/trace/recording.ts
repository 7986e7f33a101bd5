import * as tf from '@tensorflow/tfjs';
import { NotCompilableError, type Constant, type DType, type KernelCall, type Value } from '../graph';
import { personsLineNow, type Place } from './madeAt';
import { Noise } from './noise';

export type Data = Constant['data'];
/** What a tensor of the trace stands for: a value without numbers, a known one, or a variable that the step may not touch. */
export type Held = { readonly value: Value; readonly data?: Data } | { readonly unlisted: string };
export interface RecordedCall extends Omit<KernelCall, 'madeAt'> { readonly where: Place }

const isDType = (dtype: tf.DataType): dtype is DType => dtype === 'float32' || dtype === 'int32' || dtype === 'bool';
export function dtypeOf(dtype: tf.DataType): DType {
  if (!isDType(dtype)) throw new NotCompilableError(`Tensors of type ${dtype} cannot be compiled.`, personsLineNow());
  return dtype;
}
/** A copy of its own: the person may write into an array after making a tensor of it. */
export function dataOf(values: tf.BackendValues, dtype: DType): Data {
  const numbers = values as ArrayLike<number>; // strings were refused by type
  return dtype === 'float32' ? new Float32Array(numbers) : dtype === 'int32' ? new Int32Array(numbers) : new Uint8Array(numbers);
}

/** All that one run of a step leaves: kernels called, values known, noise drawn; and why it cannot be compiled, if so. */
export class Recording {
  readonly calls: RecordedCall[] = [];
  readonly constants = new Map<Value, Data>();
  readonly noise: Noise;
  /** The first reason, kept also where the person's code catches the error. */
  refusal: NotCompilableError | undefined;
  readonly #held = new Map<object, { readonly what: Held; references: number }>();
  readonly #numbers = new Map<string, Constant>();
  readonly #captured = new Map<object, Map<string, Held>>();
  #values = 0;

  /** @param round Which of the traces of one step this is: they differ in what JavaScript draws. */
  constructor(round: number) { this.noise = new Noise(round, this); }

  refuse(why: NotCompilableError): never {
    this.refusal ??= why;
    throw why;
  }
  /** Runs `work`, and remembers why it refuses. */
  guard<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      if (error instanceof NotCompilableError) this.refuse(error);
      throw error;
    }
  }

  value(shape: readonly number[], dtype: DType): Value { return { id: this.#values++, shape: [...shape], dtype }; }
  /** One for each number that JavaScript code writes out again and again, such as the 2 of a square's gradient. */
  constant(data: Data, shape: readonly number[], dtype: DType): Constant {
    const [number = NaN] = data;
    const key = data.length === 1 ? `${dtype} ${shape.length} ${Object.is(number, -0) ? '-0' : number}` : undefined;
    const known = key === undefined ? undefined : this.#numbers.get(key);
    if (known) return known;
    const value = this.value(shape, dtype);
    this.constants.set(value, data);
    if (key !== undefined) this.#numbers.set(key, { value, data });
    return { value, data };
  }

  /** A tensor of the trace for what is given; TensorFlow.js counts its references. */
  hold(what: Held): object {
    const dataId = {};
    this.#held.set(dataId, { what, references: 1 });
    return dataId;
  }
  get size(): number { return this.#held.size; }
  references(dataId: object): number { return this.#held.get(dataId)?.references ?? 0; }
  retain(dataId: object): void {
    const held = this.#held.get(dataId);
    if (held) held.references++;
  }
  /** True when nothing refers to it any more. */
  release(dataId: object, force: boolean): boolean {
    const held = this.#held.get(dataId);
    if (!held) return false; // a tensor from outside is not the trace's to free
    held.references--;
    if (held.references > 0 && !force) return false;
    this.#held.delete(dataId);
    return true;
  }
  /** Data ids that outlive the step, such as a variable's. */
  *left(): Iterable<object> { yield* this.#held.keys(); }

  /** What stands behind a tensor; one from outside the step becomes a constant. */
  look(tensor: tf.TensorInfo): Exclude<Held, { unlisted: string }> {
    const held = this.#held.get(tensor.dataId)?.what ?? this.#capture(tensor);
    if ('unlisted' in held) {
      return this.refuse(new NotCompilableError(`The training step uses the variable "${held.unlisted}", which is not one of the model's: make it in the builder, with variable(name, shape).`, personsLineNow()));
    }
    return held;
  }

  #capture(tensor: tf.TensorInfo): Held {
    const shape = tensor.shape.join();
    const known = this.#captured.get(tensor.dataId)?.get(shape);
    if (known) return known;
    const backend = tf.engine().state.tensorInfo.get(tensor.dataId)?.backend;
    if (!backend) return this.refuse(new NotCompilableError('A tensor that an earlier training step made is used again in the next one: keep it in a variable of the builder.', personsLineNow()));
    const dtype = dtypeOf(tensor.dtype);
    const held = this.constant(dataOf(backend.readSync(tensor.dataId), dtype), tensor.shape, dtype);
    this.#captured.set(tensor.dataId, (this.#captured.get(tensor.dataId) ?? new Map<string, Held>()).set(shape, held));
    return held;
  }

  /** @throws NotCompilableError unless the values are known while tracing. */
  read(dataId: object): Data {
    const held = this.#held.get(dataId)?.what;
    if (held && 'data' in held && held.data) return held.data;
    return this.refuse(new NotCompilableError('A value is read inside the training step, which is compiled before there are values: use tensor operations in place of dataSync(), arraySync(), data() or print().', personsLineNow()));
  }
}
