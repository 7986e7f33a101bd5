import path from 'node:path';
import { mkdir } from 'node:fs/promises';
import { writeAtomically } from '../runs/atomicFile';
import { gridPng } from '../runs/pictures';
import type { RunDirectory } from '../runs/runDirectory';
import { encodeSafetensors, type StoredTensor } from '../runs/safetensors';
import type { Mark, MetricPoint, RunError } from '../protocol/run';
import type { ImageShape } from './engines/index';
import type { DivergedError } from './training/index';
import { parseTrainerState } from './training/trainerState';

const COLUMNS = 16;
interface History { readonly metrics: readonly MetricPoint[]; readonly marks: readonly Mark[] }

/** Of the checkpoints, the last whose weights are finite and whose loss was no higher than at the run's first step: from there training has not gone astray yet. */
async function lastHealthy({ checkpoints }: RunDirectory, { metrics, marks }: History): Promise<RunError['healthy']> {
  const losses = new Map(metrics.filter(({ split }) => split === 'train').map(({ step, loss }) => [step, loss]));
  const [first = Infinity] = losses.values();
  for (const step of await checkpoints.steps()) {
    if ((losses.get(step) ?? Infinity) > first) continue;
    const checkpoint = await checkpoints.read(step).catch(() => undefined);
    if (checkpoint?.tensors.every(({ data }) => data.every(Number.isFinite))) {
      const since = marks.find((mark) => mark.name === 'learningRate' && mark.step > step); // the checkpoint may hold it already, as the next step's
      return { step, learningRate: since?.from ?? parseTrainerState(checkpoint.trainer).hyperparameters['learningRate'] ?? NaN };
    }
  }
  return undefined;
}

/** Keeps in the run's folder, under `diverged`, the batch on which a loss diverged: as tensors with its noise, and as a picture. Resolves with the last healthy checkpoint. Never rejects. */
export async function keepDivergence(directory: RunDirectory, { step, given: { batch, noise, values, split } }: DivergedError, [height, width, channels]: ImageShape, history: History): Promise<RunError['healthy']> {
  try {
    const folder = path.join(directory.dir, 'diverged');
    const { count, data, corrupted, labels } = batch;
    const shape = [count, height, width, channels];
    const tensors: StoredTensor[] = [
      { name: 'images', shape, data }, ...(corrupted ? [{ name: 'corrupted', shape, data: corrupted }] : []), { name: 'noise', shape: [noise.length], data: noise },
      ...(labels ? [{ name: 'labels', shape: [count], data: Float32Array.from(labels) }] : []),
    ];
    await mkdir(folder, { recursive: true });
    await writeAtomically(path.join(folder, 'batch.safetensors'), encodeSafetensors(tensors, { step: String(step), split, hyperparameters: JSON.stringify(values) }));
    const pixels = Uint8Array.from(data, (value) => Math.round(255 * Math.min(1, Math.max(0, value))));
    if (channels === 1 || channels === 3) await writeAtomically(path.join(folder, 'batch.png'), gridPng([{ count, height, width, channels, pixels }], Math.min(COLUMNS, count)));
  } catch (error) {
    console.error(error); // what happened is said all the same
  }
  return lastHealthy(directory, history).catch((error: unknown) => { console.error(error); return undefined; });
}
