import { ZodError } from 'zod';
import { DataError } from '../../../src/host/datasets/dataset';
import { readIdxImages } from '../../../src/host/datasets/idx';
import { Random } from '../../../src/host/training/random';
import { parseTrainerState } from '../../../src/host/training/trainerState';
import { markSchema, metricPointSchema, type Manifest } from '../../../src/protocol/run';
import { NewerRunError, parseManifest, readableManifest } from '../../../src/runs/manifest';
import { PictureError, readStripPng, stripPng } from '../../../src/runs/pictures';
import { parseLines } from '../../../src/runs/lines';
import { DamagedFileError, decodeSafetensors, encodeSafetensors } from '../../../src/runs/safetensors';
import { bytesOf, textOf, type Target } from '../target';

export const manifest: Manifest = {
  schemaVersion: 1, id: '20260101-000000-shapes-0000', modelFile: '/models/shapes.vae.ts', modelName: 'shapes', source: 'export const shapes = vae({});', createdAt: '2026-01-01T00:00:00.000Z', engine: 'compiled', device: 'CPU, compiled',
  seed: 1, epochs: 20, batchSize: 128, stepsPerEpoch: 46, latentDim: 10, imageShape: [32, 32, 1], testCount: 1000, hyperparameters: { learningRate: 1e-3, beta: 1 }, hyperparameterSpecs: { beta: { min: 0, max: 1000, minInclusive: true, scale: 'linear' } }, prior: { kind: 'standardNormal', kl: 'closed', range: [-3, 3] }, refused: { compiled: 'It cannot.' }, asked: { engine: 'auto', set: { beta: 2 }, keepEvery: 100 },
  parent: { id: 'another', step: 46 }, host: { pid: 1, startedAt: '2026-01-01T00:00:00.000Z', node: 'v20.0.0' }, state: { kind: 'failed', error: { code: 'nonFinite', message: 'The loss is no longer finite.', location: { file: '/models/shapes.vae.ts', line: 3, column: 1 } } }, lastStep: 46, lastLoss: 131.2,
};
export const point = { step: 46, epoch: 1, split: 'train', seconds: 1.5, loss: 131.2, reconstruction: 106.3, kl: 24.9 };
const idx = (count: number, rows: number, columns: number): Uint8Array => {
  const header = Buffer.alloc(16);
  [0x803, count, rows, columns].forEach((number, i) => { header.writeUInt32BE(number, i * 4); });
  return new Uint8Array(Buffer.concat([header, Buffer.alloc(count * rows * columns, 7)]));
};
export const strip = (count: number, channels: number) => ({ count, height: 4, width: 4, channels, pixels: Uint8Array.from({ length: count * 16 * channels }, (_, i) => (i * 37) % 256) });
const words = Array.from({ length: 16 }, (_, i) => i);
const tensors = [{ name: 'encoder/dense/kernel', shape: [3, 2], data: Float32Array.of(1, 2, 3, 4, 5, 6) }, { name: 'optimizer/updates', shape: [1], data: Float32Array.of(7) }];

/** Files, each as bytes. Adding a reader of files is one entry here. */
export const files = {
  idx: { seeds: () => [idx(2, 4, 4), idx(0, 28, 28), idx(1, 1, 1)], read: (input) => readIdxImages(input, 'file'), refuses: [DataError] },
  png: { seeds: () => [stripPng(strip(2, 1)), stripPng(strip(1, 3))], read: (input) => readStripPng(input, 4), refuses: [PictureError], share: 0.6 },
  safetensors: { seeds: () => [encodeSafetensors(tensors, { step: '7', trainer: '{"step":7}' }), encodeSafetensors([], {})], read: (input) => decodeSafetensors(input), refuses: [DamagedFileError] },
  manifest: {
    seeds: () => [manifest, { ...manifest, schemaVersion: 2 }, { ...manifest, state: { kind: 'running' }, asked: undefined }].map((value) => bytesOf(JSON.stringify(value))),
    read: (input) => { readableManifest(textOf(input)); parseManifest(textOf(input)); }, refuses: [ZodError, SyntaxError, NewerRunError], share: 0.8,
  },
  metrics: {
    seeds: () => [[point, { ...point, split: 'test', wholeSet: true }, { step: 1, seconds: 0, name: 'beta', from: 1, to: 2 }].map((line) => JSON.stringify(line)).join('\n')].map(bytesOf),
    read: (input) => [parseLines(textOf(input), metricPointSchema), parseLines(textOf(input), markSchema)], refuses: [], share: 0.8,
  },
  trainerState: {
    seeds: () => [bytesOf(JSON.stringify({ step: 7, seconds: 1, hyperparameters: { learningRate: 1e-3, beta: 1 }, shuffle: new Random(1).state, feed: { noise: words, pixels: words, corruption: words }, schedules: { learningRate: { plateau: { value: 1e-3, best: null, waited: 0 } } } }))],
    read: (input) => parseTrainerState(textOf(input)), refuses: [ZodError, SyntaxError], share: 0.5,
  },
} satisfies Record<string, Target>;
