import { readdir, rename, rm, rmdir } from 'node:fs/promises';
import path from 'node:path';
import { componentsFolder, tensorflowFolder } from './componentsFolder';
import { withLock } from './lock';
import { codeOf, SetUpError } from './setUpError';

/** Everything that a set-up may have left. */
const leftover = /^(tensorflow\.(partial|old)-|downloads$|tensorflow-set-up\.log$)/;

/** Removes the component, and what an unfinished set-up left. Waits for a set-up that is under way. @throws SetUpError where it is in use and the system keeps it */
export async function removeTensorflow(components = componentsFolder(), { signal, onProgress }: { signal?: AbortSignal; onProgress?: (what: string) => void } = {}): Promise<void> {
  await withLock(path.join(components, 'tensorflow.lock'), async () => {
    const folder = tensorflowFolder(components);
    try {
      await rename(folder, `${folder}.old-${process.pid}-${Date.now()}`); // at once, so that nobody finds half of it
    } catch (error) {
      if (codeOf(error) !== 'ENOENT') throw new SetUpError(`The TensorFlow component in ${folder} cannot be removed (${codeOf(error)}). Stop the trainings that use it, and try again.`);
    }
    for (const name of await readdir(components)) if (leftover.test(name)) await rm(path.join(components, name), { recursive: true, force: true, maxRetries: 3 });
  }, { signal, onWait: () => { onProgress?.('Waiting for the TensorFlow set-up of another window to end'); } });
  await rmdir(components).catch(() => undefined); // where nothing else is in it
}
