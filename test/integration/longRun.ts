import path from 'node:path';
import { SCHEMA_VERSION, type Manifest, type MetricPoint } from '../../src/protocol/run';
import { registerRun } from '../../src/runs/registry';
import { RunDirectory } from '../../src/runs/runDirectory';

const STEPS_PER_EPOCH = 1000;

/** Writes a finished run of so many recorded steps for a model of a folder, as a host would have left it. */
export async function writeLongRun(folder: string, modelFile: string, modelName: string, steps: number): Promise<void> {
  const id = `${modelName}-long`;
  const directory = await RunDirectory.create(path.join(folder, '.vae-lab', 'runs', id));
  const now = new Date().toISOString();
  const manifest: Manifest = {
    schemaVersion: SCHEMA_VERSION, id, modelFile, modelName, source: '', createdAt: now, engine: 'compiled', device: 'CPU', seed: 1, epochs: Math.ceil(steps / STEPS_PER_EPOCH), batchSize: 128, stepsPerEpoch: STEPS_PER_EPOCH, latentDim: 10,
    imageShape: [28, 28, 1], testCount: 1000, hyperparameters: { learningRate: 1e-3, beta: 1 }, hyperparameterSpecs: {}, prior: { kind: 'standardNormal', kl: 'closed', range: [-3, 3] },
    host: { pid: 1, startedAt: now, node: process.version }, state: { kind: 'completed' }, lastStep: steps, lastLoss: 80,
  };
  for (let from = 0; from < steps; from += STEPS_PER_EPOCH) {
    directory.appendMetrics(Array.from({ length: Math.min(STEPS_PER_EPOCH, steps - from) }, (_, i) => from + i + 1).flatMap((step): MetricPoint[] => {
      const kl = Math.fround(20 - 20 * Math.exp(-step / 5000)); // as engines compute them
      const reconstruction = Math.fround(60 + 500 * Math.exp(-step / 3000) + Math.sin(step));
      const shared = { step, epoch: Math.ceil(step / STEPS_PER_EPOCH), seconds: step / 200, loss: Math.fround(reconstruction + kl), parts: { reconstruction, kl } };
      return [{ ...shared, split: 'train', gradientNorm: 10 + Math.cos(step) }, ...(step % 10 === 0 ? [{ ...shared, split: 'test' as const }] : [])];
    }));
  }
  await directory.close();
  await directory.writeManifest(manifest);
  await registerRun(id, directory.dir);
}
