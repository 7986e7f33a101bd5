import { rm, rmdir, readdir, rename } from 'node:fs/promises';
import path from 'node:path';
import { findCompiler, compilerNeeded } from './compileBinding';
import { componentsFolder, tensorflowFolder } from './componentsFolder';
import { freeBytes } from './disk';
import { withLock } from './lock';
import { codeOf, SetUpError } from './setUpError';
import { tensorflowSource, type TensorflowSource } from './tensorflowSource';
import type { Source, Variant } from './tensorflowState';

export { componentsFolder } from './componentsFolder';
export { SetUpError } from './setUpError';
export { inspectTensorflow, sources, variants, type ComponentState, type Source, type Variant } from './tensorflowState';
export { setUpTensorflow, type SetUpOptions, type SetUpResult } from './setUpTensorflow';

/** What a person should know before saying yes. */
export interface SetUpPlan {
  readonly tensorflow: string;
  readonly downloadBytes: number;
  /** Of the component; while it is set up the download takes its place beside it. */
  readonly diskBytes: number;
  readonly freeBytes: number;
  readonly files: readonly { readonly name: string; readonly bytes: number }[];
  readonly folder: string;
  /** A sentence for each thing that the machine must have, and for each that it lacks. */
  readonly needs: readonly string[];
  /** Whether something is lacking without which it cannot be set up. */
  readonly possible: boolean;
}

/** Looks at what a set-up would take, without the network. @throws SetUpError where there is no such library for this machine */
export async function planSetUp(variant: Variant, source: Source, components = componentsFolder(), library: TensorflowSource = tensorflowSource(source, variant)): Promise<SetUpPlan> {
  const sum = (key: 'bytes' | 'unpackedBytes'): number => library.files.reduce((total, file) => total + file[key], 0);
  const compiler = await findCompiler();
  return {
    tensorflow: library.tensorflow, downloadBytes: sum('bytes'), diskBytes: sum('unpackedBytes'), freeBytes: await freeBytes(components), folder: tensorflowFolder(components),
    files: library.files.map(({ name, bytes }) => ({ name, bytes })), needs: [...library.needs, ...(compiler === undefined ? [compilerNeeded()] : [])], possible: compiler !== undefined,
  };
}

/** Everything that a set-up may have left. */
export const leftovers = async (components: string, pattern = /^(tensorflow\.(partial|old)-|downloads$)/): Promise<string[]> =>
  (await readdir(components).catch(() => [])).filter((name) => pattern.test(name)).map((name) => path.join(components, name));

/** Removes the component, and what an unfinished set-up left. Waits for a set-up that is under way. @throws SetUpError where it is in use and the system keeps it */
export async function removeTensorflow(components = componentsFolder(), signal?: AbortSignal): Promise<void> {
  await withLock(path.join(components, 'tensorflow.lock'), async () => {
    const folder = tensorflowFolder(components);
    try {
      await rename(folder, `${folder}.old-${process.pid}`); // at once, so that nobody finds half of it
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw new SetUpError(`The TensorFlow component in ${folder} cannot be removed (${codeOf(error)}). Stop the trainings that use it, and try again.`);
    }
    for (const left of await leftovers(components, /^(tensorflow\.(partial|old)-|downloads$|tensorflow-set-up\.log$)/)) await rm(left, { recursive: true, force: true, maxRetries: 3 });
  }, { signal });
  await rmdir(components).catch(() => undefined); // where nothing else is in it
}
