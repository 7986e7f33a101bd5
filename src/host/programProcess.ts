import { loadOrt } from './engines/webgpu/device';
import { WebgpuProgram } from './engines/webgpu/program';
import type { ProgramOptions } from './engines/webgpu/programApi';
import { serveProgram } from './engines/webgpu/serveProgram';
import { loadModel } from './loadModel';

/** Trains a model on WebGPU for the process that started this one. */
export function answerAsProgram({ modelFile, modelName, source, seed, batchSize, imageShape, data }: ProgramOptions): Promise<never> {
  return serveProgram(async () => {
    const { model } = await loadModel(modelFile, modelName, source || undefined);
    return WebgpuProgram.build(await loadOrt(), { ...model, training: { ...model.training, batchSize } }, seed, imageShape, data);
  });
}
