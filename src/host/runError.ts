import path from 'node:path';
import { errorText } from '../protocol/errorText';
import { isLive, type RunError, type RunState, type SourceLocation } from '../protocol/run';
import { DataError } from './datasets/index';
import { EngineError, OutOfMemoryError, UnsupportedModelError } from './engines/index';
import { HyperparameterError } from './hyperparameterError';
import { locate, ModelFileError } from './loadModel';
import { sharedCard } from './sharedCard';
import { DivergedError } from './training/index';

/** From `file:line`. */
function placeOf(madeAt: string): SourceLocation {
  const colon = madeAt.lastIndexOf(':');
  return { file: madeAt.slice(0, colon), line: Number(madeAt.slice(colon + 1)) };
}

/** With what was found of where the loss stopped being finite. */
function withOrigin({ message, found }: DivergedError): string {
  if (!found) return message;
  if ('weight' in found) return `${message} The weight "${found.weight}" was no longer finite: the update before had made it so.`;
  const { operation, ofGradient, madeAt } = found;
  if (madeAt === undefined) {
    return ofGradient ? `${message} The first result that was not finite is that of the gradient of the operation ${operation}, in what VAE Lab adds to the model.`
      : `${message} The first result that was not finite is that of the operation ${operation}, in what VAE Lab adds to the model.`;
  }
  const { file, line } = placeOf(madeAt);
  return ofGradient ? `${message} The first result that was not finite is that of the gradient of the operation ${operation}, called at ${path.basename(file)}:${line}.`
    : `${message} The first result that was not finite is that of the operation ${operation}, called at ${path.basename(file)}:${line}.`;
}

/** The file system refused: full, read-only, no permission, or the folder is gone. */
function isWriteError(error: unknown, dir: string): boolean {
  if (!(error instanceof Error) || !('code' in error)) return false;
  return error.code === 'ENOSPC' || error.code === 'EDQUOT' || ('path' in error && String(error.path).startsWith(dir));
}
/** The person's line that an error names by itself. */
function placeIn(error: unknown): string | undefined {
  if (error instanceof UnsupportedModelError) return error.madeAt;
  return error instanceof DivergedError && error.found && 'operation' in error.found ? error.found.madeAt : undefined;
}

/** What ended a run of a model file in the folder `dir` on this device, for the person; `trained`: the model was built; `healthy`: where a loss that diverged can be taken up again. */
export async function describeError(error: unknown, { modelFile, dir, runId }: { readonly modelFile: string; readonly dir: string; readonly runId: string }, device: string, trained: boolean, healthy?: RunError['healthy']): Promise<RunError> {
  const message = errorText(error);
  console.error(error);
  const madeAt = placeIn(error);
  const at = madeAt === undefined ? {} : { location: placeOf(madeAt) };
  if (error instanceof ModelFileError) return { code: 'modelFile', message, ...(error.location ? { location: error.location } : {}) };
  if (error instanceof HyperparameterError) return { code: 'hyperparameter', message };
  const location = locate(error, modelFile);
  if (error instanceof DataError) return { code: 'data', message, ...(location ? { location } : {}) };
  if (error instanceof DivergedError) return { code: 'nonFinite', message: withOrigin(error), ...at, ...(healthy ? { healthy } : {}) };
  if (error instanceof OutOfMemoryError) return { code: 'engine', message: [message, await sharedCard({ id: runId, device }) ?? []].flat().join(' ') };
  if (error instanceof EngineError) return { code: 'engine', message, ...at };
  if (isWriteError(error, dir)) return { code: 'runFolder', message: `The run folder ${dir} cannot be written (${message}). Make room or make it writable, and resume; or train in another folder.` };
  return { code: trained ? 'internal' : 'modelFile', message, ...(location ? { location } : {}) };
}

/** Why a run that does not train cannot be changed. */
export function whyNotChanged(state: RunState): string {
  return isLive(state) ? 'The run is still getting ready.' : 'This run has ended. Train the model again to change it.';
}
/** Why there is nothing to see of a run in whose host no model was built. */
export function whyNotShown(state: RunState): string {
  if (state.kind === 'failed') return state.error.message;
  return isLive(state) ? 'The run is still getting ready.' : 'This run has no checkpoint to show. Train it for an epoch, or stop it, and one is written.';
}
