import type { Manifest } from '../../../src/protocol/run';

/** A manifest of a finished run, for tests. */
export const manifestOf = (parts: Partial<Manifest> = {}): Manifest => ({
  schemaVersion: 1, id: 'run', modelFile: '/models/shapes.vae.ts', modelName: 'shapes', source: '', createdAt: '2026-01-01T00:00:00.000Z', engine: 'compiled', device: 'CPU, onnxruntime', seed: 1, epochs: 10, batchSize: 64,
  stepsPerEpoch: 10, latentDim: 4, imageShape: [28, 28, 1], testCount: 100, hyperparameters: { learningRate: 1e-3, beta: 1 }, hyperparameterSpecs: {}, prior: { kind: 'standardNormal', kl: 'closed', range: [-3, 3] },
  host: { pid: 1, startedAt: '2026-01-01T00:00:00.000Z', node: 'v22.0.0' }, state: { kind: 'completed' }, lastStep: 100, lastLoss: 105.4, ...parts,
});
