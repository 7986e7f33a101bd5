import * as z from 'zod';
import { engineNames } from '../spec/engines';
import { doctorReportSchema } from './doctor';

/** What the doctor's page shows. */
export const doctorStateSchema = z.object({
  /** While engines are tried: which, absent before the first; and how far that is, 0 to 1. */
  trying: z.object({ engine: z.string().optional(), fraction: z.number() }).optional(),
  /** What is known so far. */
  report: doctorReportSchema.optional(),
  /** Why the examination ended without a report. */
  problem: z.string().optional(),
  /** What the setting `vaeLab.engine` says. */
  chosen: z.enum(engineNames),
});
export type DoctorState = z.infer<typeof doctorStateSchema>;

const none = z.object({}).strict();
/** Page -> extension. */
export const doctorRequests = {
  /** `texts`: English text to the editor's language. */
  doctorSnapshot: { params: none, result: z.object({ texts: z.record(z.string(), z.string()), locale: z.string(), state: doctorStateSchema }) },
  examine: { params: none, result: none },
  cancel: { params: none, result: none },
  /** Writes the setting `vaeLab.engine`. */
  choose: { params: z.object({ engine: z.enum(engineNames) }), result: none },
  setUpTensorflow: { params: none, result: none },
  copyReport: { params: none, result: none },
} as const;
/** Extension -> page. The whole state: it is small, and changes a few times a minute. */
export const doctorEvents = { doctorState: doctorStateSchema } as const;
