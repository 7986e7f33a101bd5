/** What computes a training step; `auto` takes the fastest that can train the model here. */
export const engineNames = ['auto', 'compiled', 'tensorflow', 'wasm', 'cpu'] as const;
export type EngineName = (typeof engineNames)[number];
export const isEngineName = (name: string): name is EngineName => (engineNames as readonly string[]).includes(name);
