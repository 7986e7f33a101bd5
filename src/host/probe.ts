import path from 'node:path';
import { probeSchema, type Description, type Probe, type ProbedModel } from '../protocol/doctor';
import { errorText } from '../protocol/errorText';
import { firstValues, hyperparametersOf } from '../vae/hyperparameters';
import { mnist, vae, type VaeModel } from '../vae/index';
import { samplesOf } from '../vae/objectives/index';
import { factsOf, loadDataset } from './datasets/index';
import { IncomparableError } from './engines/gate';
import { passGate, startEngine, TensorflowAbsentError, type Batch, type DataFacts, type ImageShape, type NamedEngine } from './engines/index';
import { sizeOf } from './engines/sizeOf';
import { loadModel } from './loadModel';
import type { HostOptions } from './options';
import { Random } from './training/index';

const PROBE_MS = 2000;
const WARM_UP = 2;

interface Subject { readonly model: VaeModel; readonly imageShape: ImageShape; readonly batchSize: number; readonly data?: DataFacts }
/** The reference VAE of samples/digits.vae.ts; its data is never read. */
const reference = (): Subject => ({
  imageShape: [28, 28, 1], batchSize: 128,
  model: vae({
    data: mnist(), latentDim: 20,
    encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 400, activation: 'relu' })],
    decoder: ({ layers }) => [layers.dense({ units: 400, activation: 'relu' })],
  }),
});
async function subjectOf(probed: ProbedModel | undefined): Promise<Subject> {
  if (!probed) return reference();
  const { model } = await loadModel(probed.file, probed.name);
  const { batchSize, imageShape, data } = probed;
  return { model: { ...model, training: { ...model.training, batchSize } }, imageShape, batchSize, data };
}

/** Reads a model file and its data once, so that engines can be tried on the model without them. */
export async function describeModel({ modelFile, modelName, dataFolder, dataMirrors }: Extract<HostOptions, { role: 'describe' }>): Promise<Description> {
  try {
    const { name, model } = await loadModel(modelFile, modelName);
    const dataset = await loadDataset(model.data, { dataFolder, mirrors: dataMirrors, baseFolder: path.dirname(modelFile) });
    return { outcome: 'described', model: { file: modelFile, name, batchSize: Math.min(model.training.batchSize, dataset.trainCount), imageShape: [...dataset.imageShape], data: factsOf(dataset) } };
  } catch (error) {
    return { outcome: 'failed', message: errorText(error) };
  }
}

function drawn({ imageShape, batchSize, data }: Subject, random: Random): Batch {
  const classes = data?.classes;
  return {
    count: batchSize, data: Float32Array.from({ length: batchSize * sizeOf(imageShape) }, () => random.uniform()),
    ...(classes === undefined ? {} : { labels: Int32Array.from({ length: batchSize }, (_, i) => i % classes) }),
  };
}

/** Starts an engine, times its steps for about two seconds, and compares its gradients. */
export async function probeEngine(name: NamedEngine, probed?: ProbedModel, began = performance.now()): Promise<Probe> {
  try {
    const subject = await subjectOf(probed);
    const { model, imageShape, data, batchSize } = subject;
    const engine = await startEngine[name]();
    const program = await engine.build(model, 1, imageShape, data);
    const startMs = performance.now() - began;
    const random = new Random(1);
    const [batch, noise, hyperparameters] = [drawn(subject, random), random.normals(samplesOf(model.objective) * batchSize * model.latentDim), firstValues(hyperparametersOf(model))];
    const state = await program.getState();
    const times: number[] = [];
    const from = performance.now();
    for (let step = 0, spent = 0; times.length === 0 || spent < PROBE_MS; step++) {
      const stepBegan = performance.now();
      await program.step(batch, noise, hyperparameters);
      const took = performance.now() - stepBegan;
      if (step < WARM_UP && performance.now() - from < PROBE_MS) continue; // where one step is that long, it has to do
      times.push(took);
      spent += took;
    }
    const peakRssMb = process.resourceUsage().maxRSS / 1024;
    await program.setState(state);
    let { notice } = engine;
    const gate = name === 'cpu' ? undefined : await passGate(name, program, model, 1, imageShape, data).catch((error: unknown) => {
      if (!(error instanceof IncomparableError)) throw error;
      notice ??= error.message;
      return undefined;
    });
    return probeSchema.parse({ outcome: 'works', device: engine.device, notice, startMs, gate, msPerStep: times.sort((a, b) => a - b)[Math.floor(times.length / 2)], steps: times.length, peakRssMb });
  } catch (error) {
    return { outcome: error instanceof TensorflowAbsentError ? 'absent' : 'failed', message: errorText(error) };
  }
}
