// TensorBoard's own reader of event files, and safetensors', from PyPI, in a Python environment of their own.
import path from 'node:path';
import { cached, run } from './cache.mjs';

const [TENSORBOARD, SAFETENSORS] = ['2.21.0', '0.8.0'];
const pythonIn = (folder) => path.join(folder, 'venv', ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']));

/** Path of a Python that has both. @throws Error where there is no Python 3 with venv, or PyPI does not have or give them. */
export async function ensureTensorboard() {
  const folder = await cached(`tensorboard-${TENSORBOARD}-${SAFETENSORS}`, `TensorBoard ${TENSORBOARD} from PyPI, 130 MB on disk`, async (at) => {
    await run(process.platform === 'win32' ? 'py' : 'python3', ['-m', 'venv', path.join(at, 'venv')]);
    await run(pythonIn(at), ['-m', 'pip', 'install', '--quiet', `tensorboard==${TENSORBOARD}`, `safetensors==${SAFETENSORS}`, 'numpy', 'setuptools<81']);
  });
  return pythonIn(folder); // called by its path: the environment has moved since its scripts were written
}
