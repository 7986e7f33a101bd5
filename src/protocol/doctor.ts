import * as z from 'zod';
import { autoOrder, isWebgpuFaster } from '../spec/engines';

/** What came of starting one engine in a process of its own: whether it works here, gives right gradients, and how fast it is. */
export const probeSchema = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('works'),
    /** In words, such as "CPU, TensorFlow.js wasm". */
    device: z.string(),
    notice: z.string().optional(),
    /** From nothing to a model that is built. */
    startMs: z.number(),
    /** The model's gradients against an oracle's; absent for the oracle itself. */
    gate: z.object({ passed: z.boolean(), error: z.number(), oracle: z.string() }).optional(),
    /** Median of a step, at the model's batch size. */
    msPerStep: z.number(),
    steps: z.number().int(),
    /** Of the process, with the model and without the oracle. */
    peakRssMb: z.number(),
  }),
  /** `absent`: nobody set it up. `failed`: it should work and does not. */
  z.object({ outcome: z.literal('absent'), message: z.string() }),
  z.object({ outcome: z.literal('failed'), message: z.string() }),
]);
export type Probe = z.infer<typeof probeSchema>;

/** What has to be known of a model to try engines on it without its data. */
export const probedModelSchema = z.object({
  file: z.string(), name: z.string(), batchSize: z.number().int().positive(),
  imageShape: z.tuple([z.number().int(), z.number().int(), z.number().int()]),
  data: z.object({ trainCount: z.number().int(), classes: z.number().int().optional() }),
});
export type ProbedModel = z.infer<typeof probedModelSchema>;
export const descriptionSchema = z.discriminatedUnion('outcome', [z.object({ outcome: z.literal('described'), model: probedModelSchema }), z.object({ outcome: z.literal('failed'), message: z.string() })]);
export type Description = z.infer<typeof descriptionSchema>;

export const doctorReportSchema = z.object({
  version: z.string(),
  node: z.object({ path: z.string(), version: z.string() }),
  machine: z.object({ platform: z.string(), arch: z.string(), cores: z.number(), cpu: z.string(), memoryGb: z.number() }),
  /** As nvidia-smi lists them. */
  gpus: z.array(z.object({ name: z.string(), driver: z.string(), memoryMb: z.number().optional(), capability: z.string().optional() })),
  /** Whether TensorFlow can be set up for one of them. */
  forGpu: z.boolean(),
  /** As the system lists them: one card may be there several times, by several ways. */
  adapters: z.array(z.object({ name: z.string(), way: z.string(), driver: z.string().optional(), memoryMb: z.number().optional(), /** Drawn by the processor. */ software: z.boolean().optional() })),
  cuda: z.object({ /** That NVIDIA's driver runs at most. */ version: z.string().optional(), libraries: z.array(z.string()) }),
  /** What was measured; absent for the reference VAE. */
  model: probedModelSchema.optional(),
  /** Why that is not the model that was asked for. */
  modelNotice: z.string().optional(),
  engines: z.array(z.object({ engine: z.string(), probe: probeSchema })),
  /** What `auto` takes for that model. */
  auto: z.string().optional(),
});
export type DoctorReport = z.infer<typeof doctorReportSchema>;
export type ProbedEngine = DoctorReport['engines'][number];

type Works = Extract<Probe, { outcome: 'works' }>;
/** Whether `auto` may take it. */
export const usable = (probe: Probe): probe is Works => probe.outcome === 'works' && probe.gate?.passed !== false;
const onGpu = ({ engine, probe }: ProbedEngine): boolean => engine === 'tensorflow' && probe.outcome === 'works' && probe.device.startsWith('GPU');
/** Milliseconds a step, of those that `auto` may take. */
export const speedOf = (engines: DoctorReport['engines']): Record<string, number> => Object.fromEntries(engines.flatMap(({ engine, probe }) => (usable(probe) && (engine !== 'webgpu' || probe.gate?.passed) ? [[engine, probe.msPerStep]] : [])));
/** In the order in which `auto` tries them here. */
export const triedByAuto = (engines: DoctorReport['engines']): ProbedEngine[] => autoOrder({ tensorflowOnGpu: engines.some(onGpu), webgpuFaster: isWebgpuFaster(speedOf(engines)) }).flatMap((name) => engines.find(({ engine }) => engine === name) ?? []);
export const chosenByAuto = (engines: DoctorReport['engines']): string | undefined => triedByAuto(engines).find(({ probe }) => usable(probe))?.engine;
