import { knownOptions } from '../knownOptions';
import { wholeOption, type Networks } from './networks';

const activations = ['relu', 'tanh', 'elu', 'softplus'] as const;

/** Dense layers: `hidden` units (default [400]) one after another in the encoder, and in reverse in the decoder. @throws TypeError */
export function mlp(options: { hidden?: readonly number[]; activation?: (typeof activations)[number] } = {}): Networks {
  knownOptions('mlp', options, { hidden: true, activation: true });
  const { hidden = [400], activation = 'relu' } = options;
  if (!Array.isArray(hidden) || hidden.length === 0) throw new TypeError('mlp(): hidden must be a list of numbers of units, such as [400].');
  for (const units of hidden) wholeOption('mlp', 'hidden', units, 1, 65_536);
  if (!activations.includes(activation)) throw new TypeError(`mlp(): activation must be one of ${activations.join(', ')}; got ${String(activation)}.`);
  return {
    encoder: ({ layers }) => [layers.flatten(), ...hidden.map((units) => layers.dense({ units, activation }))],
    decoder: ({ layers }) => [...hidden].reverse().map((units) => layers.dense({ units, activation })),
  };
}
