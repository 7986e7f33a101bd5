import { probeSchema, type Probe } from '../protocol/doctor';
import { errorText } from '../protocol/errorText';
import { mnist, vae } from '../vae/index';
import { passGate, startEngine, TensorflowAbsentError, type NamedEngine } from './engines/index';
import { Random } from './training/index';

const SHAPE = [28, 28, 1] as const;
const BATCH = 128;
const PROBE_MS = 2000;
const WARM_UP = 2;

/** The reference VAE of samples/digits.vae.ts; its data is never read. */
const reference = vae({
  data: mnist(), latentDim: 20,
  encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 400, activation: 'relu' })],
  decoder: ({ layers }) => [layers.dense({ units: 400, activation: 'relu' })],
});

/** Starts an engine, compares its gradients and times its steps for about two seconds. */
export async function probeEngine(name: NamedEngine, began = performance.now()): Promise<Probe> {
  try {
    const engine = await startEngine[name]();
    const program = await engine.build(reference, 1, SHAPE);
    const startMs = performance.now() - began;
    const gate = name === 'cpu' ? undefined : await passGate(name, program, reference, 1, SHAPE);
    const random = new Random(1);
    const batch = { count: BATCH, data: Float32Array.from({ length: BATCH * SHAPE[0] * SHAPE[1] }, () => random.uniform()) };
    const noise = random.normals(BATCH * reference.latentDim);
    const times: number[] = [];
    for (let step = 0, spent = 0; step <= WARM_UP || spent < PROBE_MS; step++) {
      const from = performance.now();
      await program.step(batch, noise, { learningRate: 1e-3, beta: 1 });
      if (step < WARM_UP) continue;
      times.push(performance.now() - from);
      spent += performance.now() - from;
    }
    return probeSchema.parse({
      outcome: 'works', device: engine.device, notice: engine.notice, startMs, gate, msPerStep: times.sort((a, b) => a - b)[Math.floor(times.length / 2)], steps: times.length,
      peakRssMb: process.resourceUsage().maxRSS / 1024,
    });
  } catch (error) {
    return { outcome: error instanceof TensorflowAbsentError ? 'absent' : 'failed', message: errorText(error) };
  }
}
