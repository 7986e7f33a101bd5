import * as tf from '@tensorflow/tfjs';
import { NotCompilableError, type Value } from '../graph';
import { fit, type Line } from './fit';
import { personsLineNow, Place } from './madeAt';
import type { Data, Held, Recording } from './recording';

export type NoiseKind = 'normal' | 'uniform' | 'truncatedNormal';
/** Fresh numbers a step: `scale * base + shift`, base standard normal, uniform in [0, 1), or standard normal cut at two standard deviations. */
export interface NoiseInput extends Line { readonly name: string; readonly shape: readonly number[]; readonly kind: NoiseKind }
/** How many of a tensor's values are looked at: all come from one generator, in order. */
const SAMPLE = 1024;
/** What one trace drew, beside the base values of the same seed: the first of both. */
export interface Drawn { readonly value: Value; readonly kind: NoiseKind; readonly values: Data; readonly base: Data; readonly place: Place }

const scopes: ReadonlyMap<string, NoiseKind> = new Map([['randomNormal__op', 'normal'], ['randomUniform__op', 'uniform'], ['truncatedNormal__op', 'truncatedNormal']]);

/** The first values of the kind with mean 0 and deviation 1 (uniform: from 0 to 1) that TensorFlow.js draws from a seed. */
export function baseValues(kind: NoiseKind, shape: number[], seed: number): tf.Tensor {
  switch (kind) {
    case 'normal': return tf.randomNormal(shape, 0, 1, 'float32', seed);
    case 'uniform': return tf.randomUniform(shape, 0, 1, 'float32', seed);
    case 'truncatedNormal': return tf.truncatedNormal(shape, 0, 1, 'float32', seed);
  }
}

/**
 * Knows TensorFlow.js's unseeded random tensors by the one seed that each draws from `Math.random`: what an operation writes after it was given a seed
 * is compared with the base values of that seed. The kind comes from the operation's scope, since values of two kinds may look alike.
 */
export class Noise {
  readonly drawn: Drawn[] = [];
  #pending: { readonly kind: NoiseKind; readonly seed: number } | undefined;
  #seeds = 0;

  constructor(readonly round: number, readonly recording: Recording) {}

  /** Stands in for `Math.random` during the trace. */
  seed(): number {
    const scope = tf.engine().state.activeScope?.name ?? '';
    const kind = scopes.get(scope);
    if (kind === undefined) {
      if (!scope.endsWith('__op')) return this.recording.refuse(new NotCompilableError('Math.random() is used inside the training step, which is compiled once, so the number would never change: use tf.randomUniform or tf.randomNormal.', personsLineNow()));
      return this.#refuseKind(scope);
    }
    this.#seeds++;
    const seed = (this.#seeds * 0.618_033_988_749_894_9 + this.round * 0.381_4) % 1;
    this.#pending = { kind, seed };
    return seed;
  }

  /** What a tensor just written holds, if it is noise. */
  claim(values: Data, shape: number[], dtype: tf.DataType): Held | undefined {
    const pending = this.#pending;
    const { scopeStack, activeScope } = tf.engine().state;
    if (!pending || scopes.get(activeScope?.name ?? '') !== pending.kind) return undefined;
    if (dtype !== 'float32') return this.#refuseKind(scopeStack.at(-2)?.name === 'randomUniformInt__op' ? 'randomUniformInt__op' : activeScope.name);
    this.#pending = undefined;
    if (values.length === 0) return undefined;
    const { kind, seed } = pending;
    const value = this.recording.value(shape, 'float32');
    const sample = values.slice(0, SAMPLE);
    this.drawn.push({ value, kind, values: sample, base: this.recording.read(baseValues(kind, [sample.length], seed).dataId), place: new Place() });
    return { value };
  }

  #refuseKind(scope: string): never {
    return this.recording.refuse(new NotCompilableError(`Random numbers of tf.${scope.replace(/__op$/, '')} cannot be compiled: use tf.randomNormal, tf.randomUniform or tf.truncatedNormal, of type float32.`, personsLineNow()));
  }
}

/** The two traces' draws as one input. @throws NotCompilableError where kind, mean or deviation differ between them. */
export function noiseInput(name: string, first: Drawn, second: Drawn | undefined): NoiseInput {
  const line = second?.kind === first.kind ? fit([first, second]) : undefined;
  if (!line) throw new NotCompilableError(`The kind, mean, deviation or range of random numbers changes from one training step to the next (${first.kind}, shape [${first.value.shape.join(', ')}]): scale the tensor instead, by an input of the step.`, first.place.line);
  return { name, shape: first.value.shape, kind: first.kind, ...line };
}
