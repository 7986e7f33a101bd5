import { NotCompilableError, type DType, type KernelCall } from './graph';

/** A kernel call as a lowering reads it, for whatever target: its attributes with their types checked. */
export class CallReader {
  readonly shape: readonly number[];
  readonly type: DType;

  constructor(readonly call: KernelCall) {
    this.shape = call.outputs[0]?.shape ?? [];
    this.type = call.outputs[0]?.dtype ?? 'float32';
  }

  number(name: string, otherwise?: number): number {
    const value = this.call.attributes[name];
    return typeof value === 'number' ? value : otherwise ?? this.refuse(`its attribute ${name} is missing`);
  }
  numbers(name: string): number[] {
    const value = this.call.attributes[name];
    if (typeof value === 'number') return [value];
    return Array.isArray(value) && value.every((item) => typeof item === 'number') ? value : this.refuse(`its attribute ${name} is missing`);
  }
  pairs(name: string): [number, number][] {
    const value = this.call.attributes[name];
    const isPair = (pair: unknown): pair is [number, number] => Array.isArray(pair) && typeof pair[0] === 'number' && typeof pair[1] === 'number';
    return Array.isArray(value) && value.every(isPair) ? value : this.refuse(`its attribute ${name} is not made of pairs`);
  }
  flag(name: string): boolean { return this.call.attributes[name] === true; }
  text(name: string, otherwise?: string): string {
    const value = this.call.attributes[name];
    return typeof value === 'string' ? value : otherwise ?? this.refuse(`its attribute ${name} is missing`);
  }
  has(name: string): boolean { return this.call.attributes[name] !== undefined && this.call.attributes[name] !== null; }

  refuse(why: string): never {
    throw new NotCompilableError(`The operation ${this.call.kernel} cannot be compiled here: ${why}.`, this.call.madeAt);
  }
}
