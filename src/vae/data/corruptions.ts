import { knownOptions } from '../knownOptions';

/** Normal noise of standard deviation `sigma` added to each value, the sum kept in [0, 1]. */
export interface GaussianNoise { readonly kind: 'gaussianNoise'; readonly sigma: number }
/** A share of the pixels black or white, with equal chance. */
export interface SaltAndPepper { readonly kind: 'saltAndPepper'; readonly share: number }
/** A share of the pixels black. */
export interface MaskPixels { readonly kind: 'maskPixels'; readonly share: number }
/** A box of `height` by `width` pixels, somewhere inside the picture, black. */
export interface MaskBox { readonly kind: 'maskBox'; readonly height: number; readonly width: number }
export type Corruption = GaussianNoise | SaltAndPepper | MaskPixels | MaskBox;

function number(where: string, name: string, value: unknown, low: number, high: number): number {
  if (typeof value !== 'number' || !(value > low && value <= high)) throw new TypeError(`${where}(): ${name} must be a number above ${low} and at most ${high}; got ${String(value)}.`);
  return value;
}

/** Denoising (Vincent et al. 2008): normal noise, `sigma` (default 0.3) of the full range. */
export function gaussianNoise(options: { readonly sigma?: number } = {}): GaussianNoise {
  knownOptions('gaussianNoise', options, { sigma: true });
  return { kind: 'gaussianNoise', sigma: number('gaussianNoise', 'sigma', options.sigma ?? 0.3, 0, 10) };
}
/** Denoising: `share` (default 0.1) of the pixels black or white. */
export function saltAndPepper(options: { readonly share?: number } = {}): SaltAndPepper {
  knownOptions('saltAndPepper', options, { share: true });
  return { kind: 'saltAndPepper', share: number('saltAndPepper', 'share', options.share ?? 0.1, 0, 1) };
}
/** Denoising by masks (Vincent et al. 2008): `share` (default 0.5) of the pixels black. */
export function maskPixels(options: { readonly share?: number } = {}): MaskPixels {
  knownOptions('maskPixels', options, { share: true });
  return { kind: 'maskPixels', share: number('maskPixels', 'share', options.share ?? 0.5, 0, 1) };
}
/** Completion: a black box of `height` by `width` pixels (default 12 by 12) in a random place. */
export function maskBox(options: { readonly height?: number; readonly width?: number } = {}): MaskBox {
  knownOptions('maskBox', options, { height: true, width: true });
  const { height = 12, width = height } = options;
  for (const [name, value] of [['height', height], ['width', width]] as const) if (!Number.isInteger(value) || value < 1) throw new TypeError(`maskBox(): ${name} must be a whole number of pixels; got ${String(value)}.`);
  return { kind: 'maskBox', height, width };
}
const makers: { readonly [K in Corruption['kind']]: (options?: object) => Corruption } = { gaussianNoise, saltAndPepper, maskPixels, maskBox };

/** @throws TypeError unless it is one of them */
export function checkCorruption(where: string, value: unknown): void {
  const kind = typeof value === 'object' && value !== null && 'kind' in value ? String(value.kind) : undefined;
  if (kind === undefined || !Object.hasOwn(makers, kind)) throw new TypeError(`${where}(): corruption must be one of ${Object.keys(makers).map((name) => `${name}()`).join(', ')}, or a list of them.`);
}

/** `gaussianNoise(sigma 0.3)`: for manifests and for people. */
export function corruptionInWords({ kind, ...options }: Corruption): string {
  return `${kind}(${Object.entries(options).map(([name, value]) => `${name} ${String(value)}`).join(', ')})`;
}
