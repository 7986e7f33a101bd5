// Times a training step of VAE Lab's engines beside PyTorch's: npm run bench [-- --models mlp,conv --engines wasm --rounds 5 --steps 50 --batch 128,1024 --device processor --json --alone]
// All candidates of a model live at once and take turns, so that what slows the machine slows all of them. Two threads each. Nothing is asserted.
// Where there is an NVIDIA card, or with --device card, all of them compute on it, in batches of 128 and 1,024.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import { realAdapters } from '../../scripts/tools/cards.mjs';
import { ensurePytorch } from '../../scripts/tools/pytorch.mjs';
import { hasNvidiaGpu } from '../../scripts/tools/tensorflow.mjs';
import { makeWasm } from '../../scripts/wasm.mjs';
import { loadDataset } from '../../src/host/datasets/index';
import { Random } from '../../src/host/training/index';
import { mnist } from '../../src/vae/index';
import { models } from './models';
import { Candidate } from './process';
import { EAGER, formatRows, makeRows, TUNED, type Adapter, type Row, type Setting } from './rows';

/** Those of VAE Lab that are timed unless others are named; `cpu` takes seconds a step, and so does `webgpu` where the graphics adapter is made of software. */
const ENGINES = { processor: 'compiled,tensorflow,tensorflow-eager,wasm,webgpu', card: 'tensorflow,tensorflow-eager,webgpu' };
const BATCHES = { processor: '128', card: '128,1024' };
const MODELS = { processor: Object.keys(models).join(), card: 'mlp,conv' };
/** A batch that a graphics adapter made of software can be asked for unnamed. */
const TINY = 16;
const IMAGES = 12_800;
const { values } = parseArgs({ options: {
  models: { type: 'string' }, engines: { type: 'string' }, device: { type: 'string', default: hasNvidiaGpu() ? 'card' : 'processor' },
  rounds: { type: 'string', default: '5' }, steps: { type: 'string', default: '50' }, batch: { type: 'string' }, json: { type: 'boolean', default: false }, alone: { type: 'boolean', default: false },
} });
const { device: named } = values;
if (named !== 'card' && named !== 'processor') throw new RangeError('--device must be card or processor.');
const device = named;
const [rounds, steps] = [Number(values.rounds), Number(values.steps)];
const batches = (values.batch ?? BATCHES[device]).split(',').map(Number);
if (![rounds, steps, ...batches].every((value) => Number.isInteger(value) && value > 0) || Math.max(...batches) > IMAGES) throw new RangeError(`--rounds, --steps and --batch must be whole numbers above 0, and --batch at most ${IMAGES}.`);
const note = (text: string): void => { console.error(text); };
const out = path.resolve('out', 'bench');
const env = { ...process.env, OMP_NUM_THREADS: '2', BENCH_DEVICE: device, ...(device === 'processor' ? { CUDA_VISIBLE_DEVICES: '-1' } : {}) };
const { found, asked } = await realAdapters();
/** Of an engine, where it can be timed only on an adapter made of software. */
const adapterOf = (engine: string): Adapter | undefined => (engine === 'webgpu' && found.length === 0 ? 'software' : undefined);

/** Images as bytes, one after another: MNIST's where it is at hand, else noise. */
async function writeImages(): Promise<string> {
  const folder = [process.env['VAE_LAB_DATA'], path.join('..', 'shared', 'data')].find((each) => each !== undefined && existsSync(each));
  const file = path.join(out, 'images.u8');
  if (folder === undefined) {
    note('VAE_LAB_DATA is not set: random pixels instead of MNIST.');
    const random = new Random(1);
    writeFileSync(file, Uint8Array.from({ length: IMAGES * 784 }, () => random.uint32() >>> 24));
  } else {
    const { data } = (await loadDataset(mnist(), { dataFolder: folder })).batch('train', Array.from({ length: IMAGES }, (_, i) => i));
    writeFileSync(file, Uint8Array.from(data, (value) => Math.round(value * 255)));
  }
  return file;
}

/** The candidate as plain JavaScript, so that no compiler counts in its memory. */
async function bundleCandidate(): Promise<string> {
  await build({
    entryPoints: { candidate: 'test/bench/candidate.ts' }, bundle: true, packages: 'external', platform: 'node', format: 'cjs', target: 'node20', outdir: out, logLevel: 'warning',
  });
  await makeWasm(path.join(out, 'wasm'));
  return path.join(out, 'candidate.js');
}

async function findPython(): Promise<string | undefined> {
  if (values.alone) return undefined;
  return ensurePytorch().catch((error: unknown) => {
    note(`PyTorch cannot be set up here, so there is nothing to compare with: ${error instanceof Error ? error.message : String(error)}`);
    return undefined;
  });
}

mkdirSync(out, { recursive: true });
const python = await findPython();
const [images, script] = [await writeImages(), await bundleCandidate()];

/** All candidates of a model that can train it there, taking turns. */
async function bench(setting: Setting): Promise<Row[]> {
  const { model, batch } = setting;
  const own = { ...env, BENCH_BATCH: String(batch) };
  const start = (name: string): Candidate => (name.startsWith('pytorch-')
    ? new Candidate(name, python ?? '', ['test/bench/pytorch.py', model, name.slice('pytorch-'.length), images], own)
    : new Candidate(name, process.execPath, [script, model, name, images], own));
  const running: { candidate: Candidate; rounds: number[][]; peakRssMb: number }[] = [];
  let weights: number | undefined;
  try {
    for (const name of [...(values.engines ?? ENGINES[device]).split(','), ...(python === undefined ? [] : [EAGER, ...TUNED])]) {
      if (values.engines === undefined && batch > TINY && adapterOf(name)) {
        note(`${model}, ${name}: left out. ${asked} tell of no graphics adapter that is no software; with --engines ${name} one made of software is timed.`);
        continue;
      }
      const candidate = start(name);
      try {
        const ready = await candidate.ready();
        running.push({ candidate, rounds: [], peakRssMb: NaN });
        note(`${model}, batch ${batch}, ${name}: ${ready.device}`);
        if (ready.weights !== (weights ??= ready.weights)) note(`${model}, ${name}: trains ${ready.weights} numbers, others ${weights}. They are not the same model.`);
      } catch (error) {
        candidate.end();
        note(`${model}, ${name}: left out. ${error instanceof Error ? error.message : String(error)}`);
      }
    }
    for (let round = 0; round < rounds; round++) {
      for (const each of round % 2 === 0 ? running : [...running].reverse()) {
        const { times, peakRssMb } = await each.candidate.time(steps);
        each.rounds.push(times);
        each.peakRssMb = peakRssMb;
      }
    }
  } finally {
    for (const { candidate } of running) candidate.end();
  }
  return makeRows(setting, running.map(({ candidate: { name }, ...rest }) => ({ engine: name, adapter: adapterOf(name), ...rest })));
}

for (const model of (values.models ?? MODELS[device]).split(',')) {
  if (!(model in models)) throw new RangeError(`There is no model "${model}". Known: ${Object.keys(models).join(', ')}.`);
  for (const batch of batches) {
    const rows = await bench({ model, batch, device });
    if (values.json) for (const row of rows) console.log(JSON.stringify(row));
    else console.log(`\n${formatRows(rows)}\n`);
  }
}
note(`Medians of ${rounds} rounds of ${steps} steps, ${device === 'card' ? 'on an NVIDIA card (wanted of tensorflow: at most 0.5 of PyTorch eager)' : '2 threads'}. Tuned is the faster of ${TUNED.join(' and ')}.`);
