import * as tf from '@tensorflow/tfjs';
import type { VariableSpecs } from '../../vae/variables';
import type { NamedVariable } from './network';

/** Weights that belong to a part of the model which is not a network. */
export class OwnVariables {
  #byName: Readonly<Record<string, tf.Variable>> = {};

  constructor(private readonly part: 'likelihood' | 'prior' | 'objective', private readonly specs: VariableSpecs = {}) {}

  /** Makes them; a normal one under the seed of Math.random. */
  initialize(): void {
    this.#byName = Object.fromEntries(Object.entries(this.specs).map(([name, { shape, initial, scale = 1, trainable = true }]) => [name, tf.tidy(() =>
      tf.variable(initial === 'normal' ? tf.randomNormal([...shape], 0, scale, 'float32', Math.random()) : tf.fill([...shape], initial), trainable))]));
  }

  get byName(): Readonly<Record<string, tf.Variable>> { return this.#byName; }
  /** Under the checkpoint's names. */
  get variables(): NamedVariable[] {
    return Object.entries(this.#byName).map(([name, variable]) => ({ name: `${this.part}/${name}`, variable, trainable: variable.trainable }));
  }
}
