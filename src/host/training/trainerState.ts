import * as z from 'zod';
import type { TrainerState } from './trainer';

const uint32 = z.number().int().min(0).max(0xffffffff);
/** What of a checkpoint comes from a file. */
const trainerStateSchema = z.looseObject({
  step: z.number().int().nonnegative(),
  seconds: z.number().nonnegative(),
  hyperparameters: z.looseObject({ learningRate: z.number(), beta: z.number() }),
  shuffle: z.object({ words: z.tuple([uint32, uint32, uint32, uint32]), spare: z.number().nullable() }),
  noise: z.array(uint32).length(16),
}) satisfies z.ZodType<TrainerState>;

/** The training loop's state as a checkpoint holds it. @throws ZodError or SyntaxError */
export const parseTrainerState = (text: string): TrainerState => trainerStateSchema.parse(JSON.parse(text));
