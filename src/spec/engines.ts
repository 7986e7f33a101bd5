/** What computes a training step; `auto` takes the fastest that can train the model here. */
export const engineNames = ['auto', 'compiled', 'tensorflow', 'webgpu', 'wasm', 'cpu'] as const;
export type EngineName = (typeof engineNames)[number];
export type NamedEngine = Exclude<EngineName, 'auto'>;
export const isEngineName = (name: string): name is EngineName => (engineNames as readonly string[]).includes(name);
export const namedEngines: readonly NamedEngine[] = engineNames.filter((name): name is NamedEngine => name !== 'auto');

/** In the order in which `auto` tries them: the fastest first, which is TensorFlow only on a GPU, and WebGPU only where it was measured to be, on the model itself; else that is left out. */
export function autoOrder({ tensorflowOnGpu, webgpuFaster }: { readonly tensorflowOnGpu: boolean; readonly webgpuFaster: boolean }): readonly NamedEngine[] {
  const first: readonly NamedEngine[] = [...(webgpuFaster ? ['webgpu' as const] : []), ...(tensorflowOnGpu ? ['tensorflow' as const] : [])];
  return [...first, ...namedEngines.filter((name) => name !== 'webgpu' && !first.includes(name))];
}
/** Whether WebGPU takes less time a step than every other engine whose gradients are right. */
export function isWebgpuFaster(msPerStep: Readonly<Record<string, number>>): boolean {
  const { webgpu, ...others } = msPerStep;
  return webgpu !== undefined && Object.values(others).every((ms) => webgpu < ms);
}
