import path from 'node:path';
import * as z from 'zod';
import { runProgram, type Output } from './runProgram';
import { noAvx, noGlibc, oldGlibc } from './machine';
import { SetUpError } from './setUpError';
import { BINDING_FILE } from './tensorflowState';

const answerSchema = z.union([z.object({ ok: z.literal(true), tensorflow: z.string(), gpu: z.boolean() }), z.object({ ok: z.literal(false), error: z.string() })]);
const TIMEOUT_MS = 10 * 60_000; // a card newer than the library has its kernels compiled at first

/** What kept the library from working, in words; `text` is all that it said. */
export function smokeFailure(text: string, error: string, log: string): string {
  const glibc = /version [`'](GLIBC(?:XX)?_[\d.]+)' not found/.exec(text)?.[1];
  if (glibc !== undefined) return oldGlibc(glibc);
  if (/Error relocating|ld-linux[^:]*: No such file|: symbol not found/.test(text)) return noGlibc();
  if (/compiled to use [\w. ]+ instructions|Illegal instruction|SIGILL/.test(text)) return noAvx();
  if (/CUDA_ERROR_OUT_OF_MEMORY/.test(error)) return 'The memory of the GPU is taken: another run or program holds it. End it, and set up again.';
  const library = /(lib[\w.+-]+\.so[.\d]*): cannot open shared object file|Library not loaded: (\S+)/.exec(text);
  if (library) return `TensorFlow needs the library ${library[1] ?? library[2] ?? ''}, which is not on this machine. Install it and set up again, or set up TensorFlow for the CPU.`;
  if (/invalid ELF header|wrong ELF class|mach-o.*incompatible architecture/.test(text)) return 'What was downloaded is for another kind of machine. Set up again.';
  return `TensorFlow does not work on this machine: ${error}. Its log: ${log}`;
}

/** Why TensorFlow built for CUDA found no GPU, as far as it says. */
export function noGpu(text: string): string {
  const least = /minimum required Cuda capability is (\d+\.\d+)/i.exec(text)?.[1];
  if (least !== undefined) return `the card is too old, it needs compute capability ${least}`;
  if (/CUDA_VISIBLE_DEVICES is set to/.test(text)) return 'CUDA_VISIBLE_DEVICES hides the card';
  if (/does not match DSO version|CUDA_ERROR_SYSTEM_DRIVER_MISMATCH/.test(text)) return 'the NVIDIA driver was updated and the old one still runs: restart the machine';
  if (/CUDA_ERROR_(UNKNOWN|SYSTEM_NOT_READY|NOT_INITIALIZED)/.test(text)) return 'the NVIDIA driver does not start: restart the machine';
  if (/Cannot dlopen some GPU libraries/.test(text)) return 'some of the CUDA libraries could not be loaded';
  if (/CUDA_ERROR_NO_DEVICE|no CUDA-capable device/.test(text)) return 'there is no NVIDIA GPU';
  if (/CUDA_ERROR_INSUFFICIENT_DRIVER|driver version is insufficient/.test(text)) return 'the NVIDIA driver is too old';
  return 'no NVIDIA driver was found';
}

export interface SmokeOptions {
  /** A Node to run it with. */
  readonly node: string;
  /** The built `smoke/main.ts`. */
  readonly script: string;
  readonly signal?: AbortSignal | undefined;
  readonly env?: NodeJS.ProcessEnv | undefined;
  readonly timeoutMs?: number | undefined;
  readonly log: string;
  readonly onOutput: (text: string) => void;
}
/** Loads the component in a process of its own and computes something with it. @throws SetUpError; AbortError */
export async function smokeTest(folder: string, { node, script, signal, env, timeoutMs = TIMEOUT_MS, log, onOutput }: SmokeOptions): Promise<{ tensorflow: string; gpu: boolean; whyNoGpu: string }> {
  const environment = { ...(env ?? process.env), ELECTRON_RUN_AS_NODE: '1' }; // the editor's own runtime may be all there is
  const output: Output | undefined = await runProgram(node, [script, path.join(folder, BINDING_FILE), path.join(folder, 'smoke.bin')], { env: environment, signal, timeoutMs });
  signal?.throwIfAborted();
  if (!output) throw new SetUpError(`Node could not be started at ${node}.`);
  onOutput(output.text);
  const line = output.text.split('\n').filter((text) => text.startsWith('{"ok":')).at(-1);
  const answer = answerSchema.safeParse(line === undefined ? undefined : JSON.parse(line)).data;
  if (answer?.ok) return { tensorflow: answer.tensorflow, gpu: answer.gpu, whyNoGpu: noGpu(output.text) };
  throw new SetUpError(smokeFailure(`${output.text}\n${output.signal ?? ''}`, answer?.error.split('\n')[0] ?? (output.signal === null ? `its process ended with code ${output.code ?? '?'}` : `its process was ended by ${output.signal}`), log));
}
