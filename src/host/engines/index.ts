import type { EngineName } from '../../spec/engines';
import type { VaeModel } from '../../vae/model';
import { UnsupportedModelError, type Engine, type ImageShape, type Program } from './engine';
import { startBackend } from './backends';
import { TfjsProgram } from './tfjsProgram';

export * from './engine';

const devices = { wasm: 'CPU, TensorFlow.js wasm', cpu: 'CPU, TensorFlow.js in plain JavaScript (slow)' } as const;

async function tfjsEngine(name: 'wasm' | 'cpu'): Promise<Engine> {
  await startBackend(name);
  return { name, device: devices[name], build: (model: VaeModel, seed: number, imageShape: ImageShape) => TfjsProgram.build(name, model, seed, imageShape) };
}

/** Starts an engine; `auto` is the fastest that starts here, which may yet refuse a model: see `buildProgram`. */
export async function createEngine(name: EngineName): Promise<Engine> {
  if (name !== 'auto') return tfjsEngine(name);
  try {
    return await tfjsEngine('wasm');
  } catch {
    return tfjsEngine('cpu');
  }
}

export interface BuiltProgram {
  readonly engine: Engine;
  readonly program: Program;
  /** Why `auto` took a slower engine than it would have liked. */
  readonly notice?: string;
}

/** Builds a model on the named engine; `auto` falls back to `cpu` where the model needs what `wasm` lacks. */
export async function buildProgram(name: EngineName, model: VaeModel, seed: number, imageShape: ImageShape): Promise<BuiltProgram> {
  const engine = await createEngine(name);
  try {
    return { engine, program: await engine.build(model, seed, imageShape) };
  } catch (error) {
    if (name !== 'auto' || engine.name === 'cpu' || !(error instanceof UnsupportedModelError)) throw error;
    const fallback = await createEngine('cpu');
    return { engine: fallback, program: await fallback.build(model, seed, imageShape), notice: `${error.message} Training runs on engine "cpu" instead, which is slower.` };
  }
}
