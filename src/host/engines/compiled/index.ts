import type { Engine } from '../engine';
import { loadRuntime } from './onnxSession';
import { CompiledProgram } from './program';

/** TensorFlow.js steps compiled to one graph for onnxruntime. @throws EngineUnavailableError where its library does not load */
export async function startCompiled(): Promise<Engine> {
  const { version } = await loadRuntime();
  return { name: 'compiled', device: `CPU, onnxruntime ${version}`, build: (model, seed, imageShape, data) => CompiledProgram.build(model, seed, imageShape, data) };
}
