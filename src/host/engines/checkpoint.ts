import type { NamedTensor } from './engine';

/** Finds each tensor that a program needs in a checkpoint, of the same shape. @throws Error naming the first that does not fit */
export function tensorsOf(state: readonly NamedTensor[], needed: readonly { readonly name: string; readonly shape: readonly number[] }[]): NamedTensor[] {
  const byName = new Map(state.map((tensor) => [tensor.name, tensor]));
  return needed.map(({ name, shape }) => {
    const saved = byName.get(name);
    if (!saved) throw new Error(`The checkpoint has no tensor "${name}"; it belongs to another model.`);
    if (saved.shape.join() !== shape.join()) throw new Error(`The checkpoint's "${name}" has shape [${saved.shape.join(', ')}], the model's [${shape.join(', ')}].`);
    return saved;
  });
}

/** Name of the count of updates in a checkpoint, for Adam's bias correction. */
export const UPDATES = 'optimizer/updates';
export const updatesOf = (state: readonly NamedTensor[]): number => state.find(({ name }) => name === UPDATES)?.data[0] ?? 0;
