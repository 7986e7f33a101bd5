import { createRequire } from 'node:module';
import util from 'node:util';
import type { TFJSBinding } from '@tensorflow/tfjs-node-gpu/dist/tfjs_binding';
import { setTensorflowDefaults } from '../../../components/tensorflowDefaults';
import { errorText } from '../../../protocol/errorText';
import { EngineUnavailableError } from '../engine';

/** Node 23 took these away; the binding's JavaScript calls them before every operation. */
function restoreUtil(): void {
  const names: Record<string, unknown> = util as unknown as Record<string, unknown>;
  names['isNullOrUndefined'] ??= (value: unknown): boolean => value === null || value === undefined;
  names['isArray'] ??= (value: unknown): boolean => Array.isArray(value);
}

/** Loads `tfjs_binding.node`, and TensorFlow's library with it: about a second. @throws EngineUnavailableError */
export function loadBinding(file: string): TFJSBinding {
  restoreUtil();
  setTensorflowDefaults(1); // to the host's log
  try {
    return createRequire(file)(file) as TFJSBinding;
  } catch (error) {
    throw new EngineUnavailableError(loadFailure(errorText(error)));
  }
}

/** What the dynamic linker says, with what can be done about it. */
export function loadFailure(said: string): string {
  if (/CUDA_ERROR_OUT_OF_MEMORY|out of memory|RESOURCE_EXHAUSTED/i.test(said)) return 'The memory of the GPU is taken: another run or program holds it. End it, or train with another engine.';
  const fault = /CUDA_ERROR_\w+|CUDA-capable device\(s\) is\/are busy or unavailable/.exec(said)?.[0];
  if (fault !== undefined) return `The GPU cannot be used (${fault}): another program may have it for itself, or the driver may have failed. Try again, or train with another engine.`;
  if (/GLIBC(XX)?_[\d.]+' not found|version `GLIBC/.test(said)) return `TensorFlow's library needs a newer system (${said.split('\n')[0] ?? said}). Use another engine, or a newer system.`;
  const missing = /(lib[\w.+-]+\.(?:so|dylib)[\w.]*): cannot open shared object file/.exec(said)?.[1] ?? /Library not loaded: (\S+)/.exec(said)?.[1];
  if (missing !== undefined) return `TensorFlow's library cannot be loaded: ${missing} is missing. Set up the TensorFlow engine again.`;
  if (/invalid ELF header|wrong architecture|not a valid Win32|mach-o file, but is an incompatible/i.test(said)) return `TensorFlow's library is for another kind of machine. Set up the TensorFlow engine again.`;
  return `TensorFlow's library cannot be loaded (${said.split('\n')[0] ?? said}). Set up the TensorFlow engine again.`;
}
