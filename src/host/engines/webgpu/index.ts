import { env } from 'onnxruntime-common';
import type { Engine } from '../engine';
import { RemoteProgram } from './remoteProgram';

/** TensorFlow.js steps compiled to one graph for onnxruntime's WebGPU, on whatever graphics card the system prefers. A model of a file is built in a process of its own, else in this one. */
export function startWebgpu(): Promise<Engine> {
  return Promise.resolve({
    name: 'webgpu', device: `WebGPU, onnxruntime ${env.versions.common}`, slowStart: 'Building the model; the graphics driver compiles its shaders first',
    build: async (model, seed, imageShape, data, origin) => {
      if (!origin) {
        const [{ loadOrt }, { WebgpuProgram }] = await Promise.all([import('./device'), import('./program')]);
        return WebgpuProgram.build(await loadOrt(), model, seed, imageShape, data);
      }
      const { node, script, ...file } = origin;
      const [height, width, channels] = imageShape;
      return RemoteProgram.build({ node, script }, { role: 'program', host: process.pid, ...file, seed, batchSize: model.training.batchSize, imageShape: [height, width, channels], data });
    },
  });
}
