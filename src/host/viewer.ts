import path from 'node:path';
import type { HostHandlers } from '../protocol/rpc';
import { isLive, type Manifest } from '../protocol/run';
import { RunDirectory } from '../runs/runDirectory';
import { RunItems } from '../runs/items';
import { factsOf, loadDataset } from './datasets/index';
import { isEngineName } from '../spec/engines';
import { buildToLookAt } from './engines/index';
import { latentHandlers } from './latent/handlers';
import { LatentViews } from './latent/latentViews';
import { loadModel } from './loadModel';
import type { HostOptions } from './options';
import { HostServer } from './server';
import { Views } from './views';

/** Serves a finished run from its directory: its pictures and its last checkpoint. Returns the server, listening. @throws in a sentence */
export async function openViewer(options: Extract<HostOptions, { role: 'viewer' }>): Promise<HostServer> {
  const directory = new RunDirectory(options.dir);
  let manifest: Manifest = await directory.readManifest();
  if (isLive(manifest.state)) { // its trainer died without a word; else this viewer would pass for it
    manifest = { ...manifest, state: { kind: 'interrupted' } };
    await directory.writeManifest(manifest).catch((error: unknown) => { console.error(error); }); // to look at a run it need not be writable
  }
  const checkpoint = await directory.readCheckpoint();
  if (!checkpoint) throw new Error('This run has no checkpoint to show. Train it for an epoch, or stop it, and one is written.');
  const { model } = await loadModel(manifest.modelFile, manifest.modelName, manifest.source || undefined); // as it was when it was trained
  const dataset = await loadDataset(model.data, { dataFolder: options.dataFolder, mirrors: options.dataMirrors, baseFolder: path.dirname(manifest.modelFile) });
  const program = await buildToLookAt(isEngineName(manifest.engine) ? manifest.engine : 'auto', model, manifest.seed, dataset.imageShape, factsOf(dataset));
  await program.setState(checkpoint.tensors);
  let tail: Promise<unknown> = Promise.resolve();
  const exclusive = <T>(work: () => Promise<T>): Promise<T> => {
    const result = tail.then(work);
    tail = result.catch(() => undefined);
    return result;
  };
  const views = new Views(program, dataset, model, exclusive);
  const latent = new LatentViews(program, dataset, model, exclusive, () => checkpoint.step);
  const [metrics, marks, images] = [await directory.readMetrics(), await directory.readMarks(), await views.images(checkpoint.step)];
  const refuse = (): Promise<never> => Promise.reject(new Error('This run has ended. Train the model again to change it.'));
  const handlers: Omit<HostHandlers, 'hello'> = {
    snapshot: () => Promise.resolve({ manifest, metrics, marks, images }),
    pause: refuse, resume: refuse, stop: refuse, setHyperparameter: refuse,
    shutdown: () => { process.exit(0); },
    sample: ({ count, seed, labels }) => views.sample(count, seed, labels),
    decode: ({ z, label }) => views.decode(z, label),
    encode: ({ indices }) => views.encode(indices),
    reconstruct: ({ indices }) => views.reconstruct(indices),
    interpolate: ({ from, to, steps }) => views.interpolate(from, to, steps),
    ...latentHandlers(() => latent, new RunItems(options.dir)),
  };
  const server = new HostServer(manifest.id, options.dir, 'viewer', handlers);
  await server.listen();
  return server;
}
