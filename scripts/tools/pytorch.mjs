// PyTorch from PyPI, in a Python environment of its own.
import path from 'node:path';
import { cached, run } from './cache.mjs';

const VERSION = '2.15.0';
const TORCHVISION = '0.29.2';
const pythonIn = (folder) => path.join(folder, 'venv', ...(process.platform === 'win32' ? ['Scripts', 'python.exe'] : ['bin', 'python']));

/** Path of a Python that has PyTorch. @throws Error where there is no Python 3 with venv, or PyPI does not have or give PyTorch for it. */
export async function ensurePytorch() {
  const folder = await cached(`pytorch-${VERSION}`, `PyTorch ${VERSION} from PyPI, up to 5.4 GB on disk`, async (at) => {
    await run(process.platform === 'win32' ? 'py' : 'python3', ['-m', 'venv', path.join(at, 'venv')]);
    await run(pythonIn(at), ['-m', 'pip', 'install', '--quiet', `torch==${VERSION}`, 'numpy']);
  });
  return pythonIn(folder); // called by its path: the environment has moved since its scripts were written
}

/** A Python that has PyTorch, and the folder (for PYTHONPATH) that has torchvision for it. @throws Error as ensurePytorch. */
export async function ensureTorchvision() {
  const python = await ensurePytorch();
  const folder = await cached(`torchvision-${TORCHVISION}`, `torchvision ${TORCHVISION} from PyPI`, async (at) => {
    await run(python, ['-m', 'pip', 'install', '--quiet', '--no-deps', '--target', path.join(at, 'site'), `torchvision==${TORCHVISION}`, 'pillow']);
  });
  return { python, site: path.join(folder, 'site') };
}
