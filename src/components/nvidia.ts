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
