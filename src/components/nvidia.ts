import { runProgram } from './runProgram';
import type { TensorflowSource } from './tensorflowSource';

/** A GPU as NVIDIA's driver names it. */
export interface NvidiaGpu {
  readonly name: string;
  readonly driver: string;
  /** Of its own; absent where it has the computer's, and where the driver does not tell. */
  readonly memoryMb?: number;
  /** CUDA's compute capability, such as "9.0"; absent where the driver is too old to tell. */
  readonly capability?: string;
}

const TIMEOUT_MS = 10_000;

/** What `nvidia-smi --query-gpu --format=csv,noheader,nounits` lists; in the place of what it does not know stands something in brackets, such as `[N/A]`. */
export function parseGpus(text: string): NvidiaGpu[] {
  return text.split('\n').flatMap((line) => {
    const [name, driver, memory, capability] = line.split(',').map((part) => part.trim());
    if (!name || !driver || memory === undefined || !/^(\d+|\[.*\])$/.test(memory)) return [];
    return [{ name, driver, ...(/^\d+$/.test(memory) ? { memoryMb: Number(memory) } : {}), ...(capability !== undefined && /^\d+\.\d+$/.test(capability) ? { capability } : {}) }];
  });
}

/** The NVIDIA GPUs that a driver answers for; none where there is no driver. One of before 2021 answers nothing at all where it is asked for compute capabilities. */
export async function nvidiaGpus(program = 'nvidia-smi'): Promise<NvidiaGpu[]> {
  for (const fields of ['name,driver_version,memory.total,compute_cap', 'name,driver_version,memory.total']) {
    const output = await runProgram(program, [`--query-gpu=${fields}`, '--format=csv,noheader,nounits'], { timeoutMs: TIMEOUT_MS });
    if (output?.code === 0) return parseGpus(output.text);
    if (!output?.text.includes('compute_cap')) return [];
  }
  return [];
}

let asked: Promise<NvidiaGpu[]> | undefined;
/** The same, asked for once a process: a host starts the engine more than once, and nvidia-smi takes a second on some machines. */
export const gpusOfThisProcess = (): Promise<NvidiaGpu[]> => (asked ??= nvidiaGpus());

/** Of those that nvidia-smi lists the one that CUDA calls its first, where that can be told. */
export function firstVisible(gpus: readonly NvidiaGpu[], visible = process.env['CUDA_VISIBLE_DEVICES']): NvidiaGpu | undefined {
  const first = visible?.split(',')[0]?.trim();
  if (first !== undefined && /^\d+$/.test(first)) return gpus[Number(first)];
  return first === undefined || gpus.length === 1 ? gpus[0] : undefined; // named by an id
}

/** Why none of the cards is one that a library computes on; nothing where one is, and where no driver answers. */
export function cardLacks({ card, tensorflow }: Pick<TensorflowSource, 'card' | 'tensorflow'>, gpus: readonly NvidiaGpu[]): string | undefined {
  const lacks = gpus.map(({ name, driver, capability }) => {
    if (card && capability !== undefined && Number(capability) < card.capability) return `${name} has compute capability ${capability}, and TensorFlow ${tensorflow} needs ${card.capability} or later. Set up TensorFlow for the CPU.`;
    return card && parseInt(driver, 10) < card.driver ? `The driver of ${name} is ${driver}, and TensorFlow ${tensorflow} needs ${card.driver} or later. Install a newer driver, or set up TensorFlow for the CPU.` : undefined;
  });
  return lacks.every((lack) => lack !== undefined) ? lacks[0] : undefined;
}

/** The version of CUDA that the driver runs at most, such as "12.4". */
export async function cudaOfDriver(program = 'nvidia-smi'): Promise<string | undefined> {
  const output = await runProgram(program, [], { timeoutMs: TIMEOUT_MS });
  return output?.code === 0 ? parseCuda(output.text) : undefined;
}
/** Out of the heading of what `nvidia-smi` prints. */
export const parseCuda = (text: string): string | undefined => /CUDA Version:\s*(\d+\.\d+)/.exec(text)?.[1];
