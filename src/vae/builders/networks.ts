import type { Builder } from '../model';

/** An encoder and a decoder that belong together, for `vae({ ..., ...mlp() })`. */
export interface Networks { readonly encoder: Builder; readonly decoder: Builder }

/** @throws TypeError */
export function wholeOption(where: string, name: string, value: number, low: number, high: number): number {
  if (!Number.isInteger(value) || value < low || value > high) throw new TypeError(`${where}(): ${name} must be a whole number from ${low} to ${high}; got ${String(value)}.`);
  return value;
}
