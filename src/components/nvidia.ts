import { runProgram } from './runProgram';

/** A GPU as NVIDIA's driver names it. */
export interface NvidiaGpu { readonly name: string; readonly driver: string; readonly memoryMb: number; /** CUDA's compute capability, such as "9.0". */ readonly capability: string }

const TIMEOUT_MS = 10_000;

/** What `nvidia-smi --query-gpu --format=csv,noheader,nounits` lists. */
export function parseGpus(text: string): NvidiaGpu[] {
  return text.split('\n').flatMap((line) => {
    const [name, driver, memory, capability] = line.split(',').map((part) => part.trim());
    return name && driver && memory !== undefined && /^\d+$/.test(memory) ? [{ name, driver, memoryMb: Number(memory), capability: capability ?? '' }] : [];
  });
}

/** The NVIDIA GPUs that a driver answers for; none where there is no driver. */
export async function nvidiaGpus(program = 'nvidia-smi'): Promise<NvidiaGpu[]> {
  const output = await runProgram(program, ['--query-gpu=name,driver_version,memory.total,compute_cap', '--format=csv,noheader,nounits'], { timeoutMs: TIMEOUT_MS });
  return output?.code === 0 ? parseGpus(output.text) : [];
}

let asked: Promise<NvidiaGpu[]> | undefined;
/** The same, asked for once a process: a host asks at several places, and nvidia-smi takes a second on some machines. */
export const gpusOfThisProcess = (): Promise<NvidiaGpu[]> => (asked ??= nvidiaGpus());

/** The version of CUDA that the driver runs at most, such as "12.4". */
export async function cudaOfDriver(program = 'nvidia-smi'): Promise<string | undefined> {
  const output = await runProgram(program, [], { timeoutMs: TIMEOUT_MS });
  return output?.code === 0 ? parseCuda(output.text) : undefined;
}
/** Out of the heading of what `nvidia-smi` prints. */
export const parseCuda = (text: string): string | undefined => /CUDA Version:\s*(\d+\.\d+)/.exec(text)?.[1];
