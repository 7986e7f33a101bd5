import { compilerNeeded, findCompiler } from './compileBinding';
import { componentsFolder, tensorflowFolder } from './componentsFolder';
import { freeBytes } from './disk';
import { machineLacks, thisMachine } from './machine';
import { cardLacks, nvidiaGpus } from './nvidia';
import { tensorflowSource, type TensorflowSource } from './tensorflowSource';
import type { Source, Variant } from './tensorflowState';

/** What a person should know before saying yes. */
export interface SetUpPlan {
  readonly tensorflow: string;
  readonly downloadBytes: number;
  /** Whether the sizes are estimates. */
  readonly about: boolean;
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
  const lacks = [machineLacks(library, await thisMachine()), cardLacks(library, library.card ? await nvidiaGpus() : []), await findCompiler() === undefined ? compilerNeeded() : undefined].filter((lack) => lack !== undefined);
  return {
    tensorflow: library.tensorflow, downloadBytes: sum('bytes'), diskBytes: sum('unpackedBytes'), about: library.files.some((file) => file.about === true), freeBytes: await freeBytes(components), folder: tensorflowFolder(components),
    files: library.files.map(({ name, bytes }) => ({ name, bytes })), needs: [...library.needs, ...lacks], possible: lacks.length === 0,
  };
}
