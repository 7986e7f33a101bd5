import * as z from 'zod';
import { manifestSchema, SCHEMA_VERSION, type Manifest } from '../protocol/run';

/** A run of a later version of VAE Lab: it may be looked at, and is not written. */
export class NewerRunError extends Error {
  constructor() { super('This run was made by a later version of VAE Lab. Update VAE Lab to go on with it.'); }
}

const versionSchema = z.looseObject({ schemaVersion: z.number().int() });
const isNewer = (json: unknown): boolean => { const { success, data } = versionSchema.safeParse(json); return success && data.schemaVersion > SCHEMA_VERSION; };

/** @throws NewerRunError; ZodError or SyntaxError where it is not a manifest */
export function parseManifest(text: string): Manifest {
  const json: unknown = JSON.parse(text);
  if (isNewer(json)) throw new NewerRunError();
  return manifestSchema.parse(json);
}

/** A manifest to show; of one of a later version (`newer`) the fields that are understood. @throws ZodError or SyntaxError */
export function readableManifest(text: string): { readonly manifest: Manifest; readonly newer: boolean } {
  const json: unknown = JSON.parse(text);
  if (!isNewer(json)) return { manifest: manifestSchema.parse(json), newer: false };
  const { id, createdAt, modelFile } = z.looseObject({ id: z.string(), createdAt: z.string(), modelFile: z.string() }).parse(json);
  const empty: Manifest = {
    schemaVersion: SCHEMA_VERSION, id, modelFile, modelName: '', source: '', createdAt, engine: '', device: '', seed: 0, epochs: 1, batchSize: 1, stepsPerEpoch: 0, latentDim: 0, imageShape: [0, 0, 0],
    testCount: 0, hyperparameters: {}, hyperparameterSpecs: {}, prior: { kind: 'standardNormal', kl: 'closed', range: [-3, 3] }, host: { pid: 0, startedAt: '', node: '' }, state: { kind: 'preparing', what: '' }, lastStep: 0,
  };
  const understood = Object.entries(manifestSchema.shape).flatMap(([name, schema]) => {
    const { success, data } = schema.safeParse((json as Record<string, unknown>)[name]);
    return success && data !== undefined ? [[name, data] as const] : [];
  });
  return { manifest: { ...empty, ...Object.fromEntries(understood), state: { kind: 'failed', error: { code: 'runFolder', message: new NewerRunError().message } } }, newer: true };
}
