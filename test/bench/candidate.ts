// One engine of VAE Lab training one model, for training.ts: candidate MODEL ENGINE IMAGES. A number on stdin asks for so many steps.
import { readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { ByteDataset } from '../../src/host/datasets/dataset';
import { buildProgram, startEngine, type Engine, type ImageShape, type Program } from '../../src/host/engines/index';
import { Feed } from '../../src/host/training/feed';
import { Random } from '../../src/host/training/index';
import { isEngineName } from '../../src/spec/engines';
import type { VaeModel } from '../../src/vae/index';
import { samplesOf } from '../../src/vae/objectives/index';
import { models } from './models';

const BATCH = Number(process.env['BENCH_BATCH'] ?? 128);
const WARM_UP = 20;
const [modelName = '', engineName = '', images = ''] = process.argv.slice(2);
const say = (line: Record<string, unknown>): void => { process.stdout.write(`${JSON.stringify(line)}\n`); };

/** The most memory this process has held, in MB. Linux's own count: what getrusage tells includes the parent's before the start. */
function peakRssMb(): number {
  const own = process.platform === 'linux' ? /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'))?.[1] : undefined;
  return (own === undefined ? process.resourceUsage().maxRSS : Number(own)) / 1024;
}

/** The engine by its name, started, or TensorFlow operation by operation, which is not chosen but fallen back to. */
async function starter(): Promise<(model: VaeModel, imageShape: ImageShape) => Promise<{ engine: Engine; program: Program }>> {
  if (engineName === 'tensorflow-eager') {
    const { eager } = await startEngine.tensorflow();
    if (eager) return async (model, imageShape) => ({ engine: eager, program: await eager.build(model, 1, imageShape) });
  }
  if (!isEngineName(engineName)) throw new Error(`There is no engine "${engineName}".`);
  if (engineName !== 'auto') await startEngine[engineName]();
  return (model, imageShape) => buildProgram(engineName, model, 1, imageShape);
}

async function main(): Promise<void> {
  const described = models[modelName]?.();
  const model = described && { ...described, training: { ...described.training, batchSize: BATCH } };
  if (!model) throw new Error(`There is no model "${modelName}".`);
  const dataset = new ByteDataset('images', [28, 28, 1], readFileSync(images), new Uint8Array(0));
  const build = await starter();
  const began = performance.now();
  const { engine, program } = await build(model, dataset.imageShape);
  const builtMs = performance.now() - began;
  if (process.env['BENCH_DEVICE'] === 'card' && !/^(GPU|WebGPU)/.test(engine.device)) throw new Error(`It computes on ${engine.device}. For an NVIDIA card: npx vae-lab setup-engine tensorflow --gpu`);
  const weights = (await program.getState()).filter(({ name }) => name.startsWith('optimizer/m/')).reduce((sum, { data }) => sum + data.length, 0);
  const feed = await Feed.create(dataset, BATCH, samplesOf(model.objective) * model.latentDim, 1, 2);
  const order = new Random(1, 1).permutation(dataset.trainCount);
  const perEpoch = Math.floor(dataset.trainCount / BATCH);
  let done = 0;
  /** As the trainer does it: gather, noise, update, and the loss read. */
  const step = async (): Promise<number> => {
    const began = performance.now();
    const at = (done++ % perEpoch) * BATCH;
    const { loss } = await program.step(feed.batch(order.subarray(at, at + BATCH)), feed.noise(), { learningRate: 1e-3, beta: 1 });
    if (!Number.isFinite(loss)) throw new Error(`The loss is ${loss} at step ${done}.`);
    return performance.now() - began;
  };
  for (let i = 0; i < WARM_UP; i++) await step();
  say({ ready: true, device: `${engine.device}, built in ${Math.round(builtMs)} ms`, weights });
  for await (const line of createInterface({ input: process.stdin })) {
    const times: number[] = [];
    for (let i = 0; i < Number(line); i++) times.push(await step());
    say({ times, peakRssMb: peakRssMb() });
  }
  process.exit(0);
}

main().catch((error: unknown) => {
  say({ failed: error instanceof Error ? error.message : String(error) });
  process.exit(1);
});
