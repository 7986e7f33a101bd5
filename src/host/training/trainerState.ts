import * as z from 'zod';
import type { TrainerState } from './trainer';

const uint32 = z.number().int().min(0).max(0xffffffff);
const nativeState = z.array(uint32).length(16);
/** What of a checkpoint comes from a file. */
const trainerStateSchema = z.looseObject({
  step: z.number().int().nonnegative(),
  seconds: z.number().nonnegative(),
  hyperparameters: z.object({ learningRate: z.number() }).catchall(z.number()),
  shuffle: z.object({ words: z.tuple([uint32, uint32, uint32, uint32]), spare: z.number().nullable() }),
  feed: z.object({ noise: nativeState, pixels: nativeState, corruption: nativeState }),
  schedules: z.record(z.string(), z.object({ plateau: z.object({ value: z.number(), best: z.number().nullable(), waited: z.number() }).optional() })).optional(),
  firstLoss: z.number().nonnegative().optional(),
  revision: z.number().int().nonnegative().optional(),
  scheduled: z.array(z.string()).optional(),
  comparableSince: z.number().int().nonnegative().optional(),
}) satisfies z.ZodType<TrainerState>;

/** The training loop's state as a checkpoint holds it. @throws ZodError or SyntaxError */
export const parseTrainerState = (text: string): TrainerState => trainerStateSchema.parse(JSON.parse(text));
