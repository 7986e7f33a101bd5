import { loadKernels, type Kernels } from './kernels';

/** Floats inside the kernels' memory, at a multiple of 16 bytes. `values` may be read and written, and given to onnxruntime, at any time. */
export interface NativeFloats { readonly address: number; readonly values: Float32Array<ArrayBuffer> }
export interface NativeBytes { readonly address: number; readonly values: Uint8Array<ArrayBuffer> }

const ALIGNMENT = 16;
const PAGE = 65536;
const aligned = (bytes: number): number => Math.ceil(bytes / ALIGNMENT) * ALIGNMENT;

/** Memory that the WebAssembly kernels work on. Its size is fixed when it is made, so the views it hands out never detach; it is freed with its last view. */
export class NativeMemory {
  /** The bytes that WebAssembly can address. */
  static readonly MOST = 2 ** 32 - PAGE;
  readonly kernels: Kernels;
  readonly #buffer: ArrayBuffer;
  #free: number;

  private constructor(kernels: Kernels, buffer: ArrayBuffer) {
    this.kernels = kernels;
    this.#buffer = buffer;
    this.#free = kernels.heapBase();
  }

  /** Room for buffers of these sizes in bytes (each is rounded up to 16). @throws RangeError where the machine does not give it; 4 GiB is the most. */
  static async create(sizes: Iterable<number>): Promise<NativeMemory> {
    let bytes = PAGE; // the kernels' own data
    for (const size of sizes) bytes += aligned(size);
    const memory = new WebAssembly.Memory({ initial: Math.ceil(bytes / PAGE) });
    return new NativeMemory(await loadKernels(memory), memory.buffer);
  }

  #take(bytes: number): number {
    const address = this.#free;
    if (address + aligned(bytes) > this.#buffer.byteLength) throw new RangeError(`The kernels' memory has ${this.#buffer.byteLength - address} bytes left; ${bytes} are needed.`);
    this.#free += aligned(bytes);
    return address;
  }

  /** Zeros. @throws RangeError when the memory is full. */
  floats(count: number): NativeFloats {
    const address = this.#take(count * Float32Array.BYTES_PER_ELEMENT);
    return { address, values: new Float32Array(this.#buffer, address, count) };
  }

  /** Zeros. @throws RangeError when the memory is full. */
  bytes(count: number): NativeBytes {
    const address = this.#take(count);
    return { address, values: new Uint8Array(this.#buffer, address, count) };
  }
}
