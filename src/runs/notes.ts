import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { errorText } from '../protocol/errorText';
import { writeAtomically } from './atomicFile';

/** `notes.json` of a run directory: what people say of a run, apart from the manifest, which its host writes. */
const notesSchema = z.object({ schemaVersion: z.literal(1), label: z.string().max(80).optional(), pinned: z.boolean().optional() });
export interface RunNotes { readonly label?: string | undefined; readonly pinned?: boolean | undefined }

const fileOf = (dir: string): string => path.join(dir, 'notes.json');

/** None where there are none, or they cannot be read. */
export async function readNotes(dir: string): Promise<RunNotes> {
  return readFile(fileOf(dir), 'utf8').then((text) => notesSchema.parse(JSON.parse(text))).catch(() => ({}));
}

/** Changes what is named. @throws in a sentence where the folder cannot be written */
export async function changeNotes(dir: string, change: RunNotes): Promise<void> {
  const { label, pinned } = { ...await readNotes(dir), ...change };
  try {
    await writeAtomically(fileOf(dir), `${JSON.stringify({ schemaVersion: 1, ...(label ? { label } : {}), ...(pinned ? { pinned } : {}) })}\n`);
  } catch (error) {
    throw new Error(`${fileOf(dir)} cannot be written: ${errorText(error)}`);
  }
}
