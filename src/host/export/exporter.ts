import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { errorText } from '../../protocol/errorText';
import type { ExporterAnswer } from '../../protocol/exports';
import { textOf } from '../../protocol/run';
import { writeAtomically } from '../../runs/atomicFile';
import { RunDirectory } from '../../runs/runDirectory';
import { onBackend } from '../engines/backends';
import { conditionsOf } from '../engines/condition';
import { NotCompilableError } from '../engines/compiled/graph';
import { loadRuntime, OnnxMemoryError, OnnxSession, type Runtime } from '../engines/compiled/onnxSession';
import { EngineError, isOutOfMemory, type ImageShape } from '../engines/index';
import { sizeOf } from '../engines/sizeOf';
import type { VaeNetwork } from '../engines/vaeNetwork';
import { loadModel } from '../loadModel';
import { Random } from '../training/index';
import { parseTrainerState } from '../training/trainerState';
import { networkOf, onnxModels, type TrainedModel } from './onnx';

const SEED = 1;
/** More than rounding: 32-bit floats in another order. */
const [MOST_PIXELS, MOST_POSTERIOR] = [1e-4, 1e-3];

interface Input { readonly name: string; readonly shape: readonly number[]; readonly data: Float32Array }
/** What an ONNX file computes of its inputs, in onnxruntime. */
function computed(runtime: Runtime, file: Uint8Array, inputs: readonly Input[], outputs: Readonly<Record<string, readonly number[]>>): Record<string, Float32Array> {
  const session = new OnnxSession(runtime, file);
  try {
    const places = Object.fromEntries(Object.entries(outputs).map(([name, shape]) => [name, new Float32Array(sizeOf(shape))]));
    session.run(Object.fromEntries(inputs.map(({ name, data, shape }) => [name, session.tensor(data, shape)])), Object.fromEntries(Object.entries(outputs).map(([name, shape]) => [name, session.tensor(places[name] ?? new Float32Array(0), shape)])));
    return places;
  } finally {
    session.dispose();
  }
}
const largest = (a: Float32Array, b: Float32Array): number => a.reduce((most, value, i) => Math.max(most, Math.abs(value - (b[i] ?? NaN))), 0);

/** Compares what onnxruntime makes of the files with what TensorFlow.js makes of the network, operation by operation. */
async function difference(network: VaeNetwork, { encoder, decoder }: { encoder: Uint8Array; decoder: Uint8Array }, imageShape: ImageShape, latentDim: number, batch: number): Promise<{ pixels: number; posterior: number }> {
  const runtime = await loadRuntime();
  const random = new Random(SEED);
  const [z, x] = [random.normals(batch * latentDim), Float32Array.from({ length: batch * sizeOf(imageShape) }, () => random.uniform())];
  const read = (tensor: tf.Tensor): Float32Array => new Float32Array(tensor.dataSync());
  const classes = network.conditionClasses;
  const labels: Input[] = classes === undefined ? [] : [{ name: 'labels', shape: [batch, classes], data: conditionsOf(Int32Array.from({ length: batch }, (_, i) => i % classes), classes) }];
  const [pictures, mean, logVariance] = await onBackend('cpu', () => {
    const results: Float32Array[] = [];
    tf.tidy(() => {
      const given = labels.map(({ data, shape }) => tf.tensor(data, [...shape]))[0];
      const code = network.encode(tf.tensor(x, [batch, ...imageShape]), given);
      results.push(read(network.pictures(tf.tensor(z, [batch, latentDim]), given)), read(code.mean), ...(code.logVariance ? [read(code.logVariance)] : []));
    });
    return results;
  });
  const latent = [batch, latentDim];
  const seen = { ...computed(runtime, decoder, [{ name: 'z', shape: latent, data: z }, ...labels], { pictures: [batch, ...imageShape] }), ...computed(runtime, encoder, [{ name: 'x', shape: [batch, ...imageShape], data: x }, ...labels], { mean: latent, ...(logVariance ? { logVariance: latent } : {}) }) };
  const none: Float32Array = new Float32Array(0);
  const relative = (a = none, b = none): number => largest(a, b) / Math.max(1, a.reduce((most, value) => Math.max(most, Math.abs(value)), 0));
  return { pixels: largest(pictures ?? none, seen['pictures'] ?? none), posterior: Math.max(relative(mean, seen['mean']), relative(logVariance, seen['logVariance'])) };
}

/** Writes `encoder.onnx` and `decoder.onnx` of a run's last checkpoint, once onnxruntime gives with them what the model gives. */
export async function answerAsExporter({ dir, folder, batch }: { readonly dir: string; readonly folder: string; readonly batch: number }): Promise<ExporterAnswer> {
  try {
    const directory = new RunDirectory(dir);
    const manifest = await directory.readManifest();
    const { checkpoint } = await directory.checkpoints.newest();
    if (!checkpoint) return { outcome: 'failed', message: 'This run has no checkpoint to show. Train it for an epoch, or stop it, and one is written.' };
    const { source, modelFile } = textOf(manifest, parseTrainerState(checkpoint.trainer).revision ?? 0);
    const { model } = await loadModel(modelFile, manifest.modelName, source || undefined); // as it was when it was trained
    const { trainCount = 1, classes } = manifest.data ?? {};
    const trained: TrainedModel = { model, imageShape: manifest.imageShape, data: { trainCount, ...(classes === undefined ? {} : { classes }) }, seed: manifest.seed, weights: checkpoint.tensors };
    const network = await networkOf(trained);
    const models = await onnxModels(network, trained, batch);
    const off = await difference(network, models, manifest.imageShape, model.latentDim, batch);
    if (!(off.pixels <= MOST_PIXELS && off.posterior <= MOST_POSTERIOR)) return { outcome: 'failed', message: `onnxruntime gives other pixels with the exported model than the model itself (difference ${off.pixels.toExponential(1)}), so it was not written.` };
    await mkdir(folder, { recursive: true });
    const files = Object.entries(models).map(([name, bytes]) => ({ file: path.join(folder, `${name}.onnx`), bytes }));
    for (const { file, bytes } of files) await writeAtomically(file, bytes);
    return { outcome: 'exported', files: files.map(({ file }) => file), difference: off };
  } catch (error) {
    if (error instanceof NotCompilableError) return { outcome: 'failed', message: `This model cannot be written as ONNX. ${error.message}` };
    if (error instanceof OnnxMemoryError || isOutOfMemory(error)) {
      return { outcome: 'failed', message: batch > 1 ? `The memory of this machine does not hold what this model makes of ${batch} examples at once. Export it with --batch 1.` : 'The memory of this machine does not hold this model once more, as an export needs. Close other programs, and export it again.' };
    }
    if (error instanceof EngineError) return { outcome: 'failed', message: error.message };
    return { outcome: 'failed', message: errorText(error) };
  }
}
