// What a graphics card's process does in faultyDevice.test.ts: real but for the card, for which TensorFlow.js stands in, and which fails once a checkpoint is written, as FAULT says.
import { readdirSync } from 'node:fs';
import path from 'node:path';
import { OutOfMemoryError, type Program } from '../../../src/host/engines/index';
import { programOptionsSchema } from '../../../src/host/engines/webgpu/programApi';
import { serveProgram } from '../../../src/host/engines/webgpu/serveProgram';
import { TfjsProgram } from '../../../src/host/engines/tfjsProgram';
import { loadModel } from '../../../src/host/loadModel';

const faults: Readonly<Record<string, (count: number) => void>> = {
  hangs: () => { for (;;) { /* as a driver does */ } },
  isLost: () => { process.exit(1); },
  isFull: (count) => { throw new OutOfMemoryError(count); },
};
const { modelFile, modelName, source, seed, batchSize, imageShape, data } = programOptionsSchema.parse(JSON.parse(process.argv[2] ?? ''));
void serveProgram(async (): Promise<Program> => {
  const { model } = await loadModel(modelFile, modelName, source);
  const program = await TfjsProgram.build('cpu', { ...model, training: { ...model.training, batchSize } }, seed, imageShape, data);
  const step = program.step.bind(program);
  program.step = (batch, ...rest) => {
    if (readdirSync(path.join(process.env['FAULT_AFTER'] ?? '', 'checkpoints')).some((name) => name.endsWith('.safetensors'))) faults[process.env['FAULT'] ?? '']?.(batch.count);
    return step(batch, ...rest);
  };
  return program;
});
