import { createHash } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { writeAtomically } from './atomicFile';
import { stateFolder } from './stateFolder';

/** Milliseconds a step by engine, of those that gave right gradients. */
const speedSchema = z.record(z.string(), z.number());
export type MeasuredSpeed = z.infer<typeof speedSchema>;
interface Measured { readonly source: string; readonly modelName: string }

const fileOf = ({ source, modelName }: Measured): string => path.join(stateFolder(), 'speeds', `${createHash('sha256').update(`${modelName}\n${source}`).digest('hex')}.json`);

/** Keeps what the doctor measured of a model as it stands in its file, for `auto`. */
export async function keepSpeed(model: Measured, speed: MeasuredSpeed): Promise<void> {
  const file = fileOf(model);
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
  await writeAtomically(file, JSON.stringify(speed), 0o600);
}
export const knownSpeed = (model: Measured): Promise<MeasuredSpeed | undefined> => readFile(fileOf(model), 'utf8').then((text) => speedSchema.parse(JSON.parse(text))).catch(() => undefined);
