export interface AdamDescription { readonly kind: 'adam'; readonly learningRate: number; readonly beta1: number; readonly beta2: number; readonly epsilon: number }
export interface SgdDescription { readonly kind: 'sgd'; readonly learningRate: number; readonly momentum: number }
export interface RmspropDescription { readonly kind: 'rmsprop'; readonly learningRate: number; readonly decay: number; readonly epsilon: number }
export type OptimizerDescription = AdamDescription | SgdDescription | RmspropDescription;

function inRange(where: string, name: string, value: number, low: number, high: number, lowAllowed: boolean): number {
  const fits = Number.isFinite(value) && (lowAllowed ? value >= low : value > low) && value <= high;
  if (!fits) throw new TypeError(`${where}(): ${name} must be a number ${lowAllowed ? 'of at least' : 'above'} ${low} and at most ${high}; got ${value}.`);
  return value;
}

/** Adam (Kingma & Ba 2015). The usual choice; `learningRate` (default 1e-3) may change while training. */
export function adam(options: { learningRate?: number; beta1?: number; beta2?: number; epsilon?: number } = {}): AdamDescription {
  return {
    kind: 'adam',
    learningRate: inRange('adam', 'learningRate', options.learningRate ?? 1e-3, 0, 10, false),
    beta1: inRange('adam', 'beta1', options.beta1 ?? 0.9, 0, 0.999999, true),
    beta2: inRange('adam', 'beta2', options.beta2 ?? 0.999, 0, 0.999999, true),
    epsilon: inRange('adam', 'epsilon', options.epsilon ?? 1e-8, 0, 1, false),
  };
}

/** Gradient descent, with momentum if asked for. Losses are sums over pixels, so learning rates are small (default 1e-4). */
export function sgd(options: { learningRate?: number; momentum?: number } = {}): SgdDescription {
  return {
    kind: 'sgd',
    learningRate: inRange('sgd', 'learningRate', options.learningRate ?? 1e-4, 0, 10, false),
    momentum: inRange('sgd', 'momentum', options.momentum ?? 0, 0, 0.999999, true),
  };
}

/** RMSprop (Tieleman & Hinton 2012): gradients divided by a running root mean square. */
export function rmsprop(options: { learningRate?: number; decay?: number; epsilon?: number } = {}): RmspropDescription {
  return {
    kind: 'rmsprop',
    learningRate: inRange('rmsprop', 'learningRate', options.learningRate ?? 1e-3, 0, 10, false),
    decay: inRange('rmsprop', 'decay', options.decay ?? 0.9, 0, 0.999999, true),
    epsilon: inRange('rmsprop', 'epsilon', options.epsilon ?? 1e-8, 0, 1, false),
  };
}
