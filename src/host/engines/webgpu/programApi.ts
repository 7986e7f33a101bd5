import * as z from 'zod';
import { floats } from '../../../protocol/binary';

const tensor = z.object({ name: z.string(), shape: z.array(z.number().int()).readonly(), data: floats });
const batch = z.object({ count: z.number().int(), data: floats, corrupted: floats.optional(), labels: z.custom<Int32Array>((value) => value instanceof Int32Array).optional() });
const hyperparameters = z.object({ learningRate: z.number() }).catchall(z.number());
/** Infinite ones and those that are none too: a loss that diverges is told. */
const anyNumber = z.custom<number>((value) => typeof value === 'number');
const parts = z.object({ loss: anyNumber, parts: z.record(z.string(), anyNumber) });
const computed = z.object({ batch, noise: floats, hyperparameters });
const none = z.object({});

/** Calls on a program in another process; typed arrays travel as structured clones. */
export const programRequests = {
  /** Builds what the process was started for. */
  build: { params: none, result: z.object({ fingerprint: z.string().optional() }) },
  step: {
    params: computed.extend({ perWeight: z.boolean() }),
    result: parts.extend({ gradientNorm: anyNumber, weights: z.array(z.object({ name: z.string(), gradient: anyNumber, change: anyNumber, weight: anyNumber })).readonly().optional() }),
  },
  evaluate: { params: computed, result: parts },
  terms: { params: computed.extend({ samples: z.number().int().positive() }), result: z.object({ reconstruction: floats, logWeight: floats.optional(), kl: floats.optional() }) },
  gradients: { params: computed, result: z.object({ tensors: z.array(tensor).readonly() }) },
  eagerGradients: { params: computed, result: z.object({ oracle: z.string(), tensors: z.array(tensor).readonly() }) },
  findNonFinite: { params: computed.extend({ training: z.boolean() }), result: z.object({ found: z.union([z.object({ weight: z.string() }), z.object({ operation: z.string(), ofGradient: z.literal(true).optional(), madeAt: z.string().optional() })]).optional() }) },
  encode: { params: z.object({ batch }), result: z.object({ mean: floats, logVariance: floats, indices: floats.optional() }) },
  drawPrior: { params: z.object({ noise: floats, choices: floats, count: z.number().int() }), result: z.object({ z: floats }) },
  decode: { params: z.object({ z: floats, count: z.number().int(), conditions: floats.optional() }), result: z.object({ pictures: floats }) },
  renew: { params: none, result: z.object({ changed: z.boolean(), fingerprint: z.string().optional() }) },
  getState: { params: none, result: z.object({ tensors: z.array(tensor).readonly() }) },
  setState: { params: z.object({ tensors: z.array(tensor).readonly() }), result: none },
} as const;

/** How an error of an engine crosses the border. */
export const failureSchema = z.object({ kind: z.enum(['unsupported', 'memory', 'unavailable', 'engine']), madeAt: z.string().optional(), batchSize: z.number().optional() });
export type Failure = z.infer<typeof failureSchema>;

/** What the process is started for. */
export const programOptionsSchema = z.object({
  role: z.literal('program'), /** The process that starts it. */ host: z.number().int(), modelFile: z.string(), modelName: z.string(), source: z.string(), seed: z.number().int(), batchSize: z.number().int().positive(),
  imageShape: z.tuple([z.number().int(), z.number().int(), z.number().int()]), data: z.object({ trainCount: z.number().int(), classes: z.number().int().optional() }).optional(),
});
export type ProgramOptions = z.infer<typeof programOptionsSchema>;
