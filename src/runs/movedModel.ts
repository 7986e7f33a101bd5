import path from 'node:path';
import type { Manifest, RunState } from '../protocol/run';
import { isWayInto, sameFile } from './sameFile';

/** Where a file is after `from`, itself or a folder above it, became `to`; undefined: where it was. */
export function movedFile(file: string, from: string, to: string): string | undefined {
  if (sameFile(file, from)) return to;
  const way = path.relative(from, file);
  return isWayInto(way) ? path.join(to, way) : undefined;
}

/** With the place of an error's line. */
export function movedState(state: RunState, from: string, to: string): RunState {
  if (state.kind !== 'failed' || !state.error.location) return state;
  const { location } = state.error;
  return { ...state, error: { ...state.error, location: { ...location, file: movedFile(location.file, from, to) ?? location.file } } };
}

/** A run whose model file, or a folder above it, became `to`; undefined where it is another's. Texts that were read in a folder which stays find there what they import. */
export function movedModel(manifest: Manifest, from: string, to: string): Manifest | undefined {
  const modelFile = movedFile(manifest.modelFile, from, to);
  if (modelFile === undefined) return undefined;
  const isAlone = sameFile(manifest.modelFile, from);
  const readAt = (known: string | undefined): string | undefined => {
    const file = known ?? manifest.modelFile;
    const now = isAlone ? file : movedFile(file, from, to) ?? file;
    return path.dirname(now) === path.dirname(modelFile) ? undefined : now;
  };
  const at = readAt(manifest.sourceFile);
  const { sourceFile: _, ...rest } = manifest;
  return {
    ...rest, modelFile, state: movedState(manifest.state, from, to), ...(at === undefined ? {} : { sourceFile: at }),
    ...(manifest.changes ? { changes: manifest.changes.map(({ file, ...change }) => { const place = readAt(file); return place === undefined ? change : { ...change, file: place }; }) } : {}),
  };
}
