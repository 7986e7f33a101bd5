import * as tf from '@tensorflow/tfjs';

/** Emscripten's own functions of a module, which the backend's types leave out. */
interface Heap { _malloc(bytes: number): number; _free(address: number): void }
/** What WebAssembly can address. */
const MOST = 2 ** 32;

/** TensorFlow.js's wasm backend does not look whether there was room: a kernel that was given none writes at address 0, over the weights. Of the current backend, once. */
export function refuseWithoutRoom(): void {
  const { wasm } = tf.backend() as unknown as { readonly wasm: Heap };
  wasm._free(wasm._malloc(1)); // the first call puts the real one in its own place
  const malloc = wasm._malloc.bind(wasm);
  wasm._malloc = (bytes) => {
    const address = bytes < MOST ? malloc(bytes) : 0;
    if (address === 0 && bytes > 0) throw new RangeError(`could not allocate memory: ${bytes} bytes`);
    return address;
  };
}
