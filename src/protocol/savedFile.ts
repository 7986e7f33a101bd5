import * as z from 'zod';
import { bytes } from './binary';

/** A chart on its way to a file, whose place is asked for: its picture, or its numbers. `name` is offered, without an ending. */
export const savedFileSchema = z.object({ name: z.string(), format: z.enum(['png', 'csv']), content: bytes });
export type SavedFile = z.infer<typeof savedFileSchema>;
