import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import * as tf from '@tensorflow/tfjs';
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { broadcastBeforeMatMul } from './broadcastMatMul';
import { EngineUnavailableError } from './engine';
import { registerGradients } from './gradients/index';
import { transposeBeforeMatMul } from './wasmMatMul';
import { refuseWithoutRoom } from './wasmMemory';

export type BackendName = 'wasm' | 'cpu' | 'tensorflow';

/** The folder with the .wasm binaries: beside the bundled script, else in the package. */
function wasmFolder(): string {
  const beside = path.join(__dirname, 'wasm');
  if (existsSync(beside)) return beside + path.sep;
  return path.dirname(createRequire(path.join(__dirname, 'x.js')).resolve('@tensorflow/tfjs-backend-wasm')) + path.sep;
}

let cpuMended = false;
let pathsSet = false;
let roomWatched = false;
/** Starts a TensorFlow.js backend and makes it the current one. @throws EngineUnavailableError saying which did not start. */
export async function startBackend(name: BackendName): Promise<void> {
  registerGradients();
  if (name === 'cpu' && !cpuMended) {
    broadcastBeforeMatMul('cpu');
    cpuMended = true;
  }
  if (name === 'wasm' && !pathsSet) {
    setWasmPaths(wasmFolder());
    transposeBeforeMatMul();
    broadcastBeforeMatMul('wasm');
    pathsSet = true;
  }
  tf.env().set('PROD', true); // else the cpu backend prints an advertisement on its first operation
  if (tf.getBackend() === name) return;
  if (!(await tf.setBackend(name))) throw new EngineUnavailableError(`The engine "${name}" did not start: TensorFlow.js could not load its ${name} backend.`);
  if (name === 'wasm' && !roomWatched) {
    refuseWithoutRoom();
    roomWatched = true;
  }
}

/**
 * Runs `work`, which must queue its operations synchronously, with the backend current: TensorFlow.js has one
 * current backend a process, and another program may have changed it meanwhile.
 */
export async function onBackend<T>(name: BackendName, work: () => T): Promise<T> {
  while (tf.getBackend() !== name) await startBackend(name);
  return work();
}
