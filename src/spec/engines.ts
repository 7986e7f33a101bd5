/** What computes a training step; `auto` takes the fastest that can train the model here. */
export const engineNames = ['auto', 'compiled', 'tensorflow', 'wasm', 'cpu'] as const;
export type EngineName = (typeof engineNames)[number];
export type NamedEngine = Exclude<EngineName, 'auto'>;
export const isEngineName = (name: string): name is EngineName => (engineNames as readonly string[]).includes(name);
export const namedEngines: readonly NamedEngine[] = engineNames.filter((name): name is NamedEngine => name !== 'auto');

/** In the order in which `auto` tries them: the fastest first, which is TensorFlow only on a GPU. */
export function autoOrder({ tensorflowOnGpu }: { readonly tensorflowOnGpu: boolean }): readonly NamedEngine[] {
  return tensorflowOnGpu ? ['tensorflow', ...namedEngines.filter((name) => name !== 'tensorflow')] : namedEngines;
}
