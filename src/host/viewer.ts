import path from 'node:path';
import { InOrder } from '../files/inOrder';
import type { HostHandlers } from '../protocol/rpc';
import { isLive, textOf, type Manifest } from '../protocol/run';
import { damageNotice } from '../runs/checkpoints';
import { interrupted } from '../runs/interrupted';
import { movedModel } from '../runs/movedModel';
import { claimRun } from '../runs/registry';
import { RunDirectory } from '../runs/runDirectory';
import { RunItems } from '../runs/items';
import { factsOf, loadDataset } from './datasets/index';
import { Points } from './points';
import { RunEvaluations } from '../runs/evaluations';
import { isEngineName } from '../spec/engines';
import { firstValues, hyperparametersOf } from '../vae/hyperparameters';
import { buildToLookAt, type Engine } from './engines/index';
import { evaluationHandlers } from './evaluation/handlers';
import { leaveOutCard } from './handOver';
import { latentHandlers } from './latent/handlers';
import { loadModel } from './loadModel';
import { Looking } from './looking';
import type { HostOptions } from './options';
import { priorHandlers, toldOf } from './prior/handlers';
import { HostServer } from './server';
import { parseTrainerState } from './training/trainerState';
import { viewHandlers } from './views';
import { priorInWords } from './work';

type ViewerOptions = Extract<HostOptions, { role: 'viewer' }>;

/** Serves a finished run from its directory: its pictures and its last checkpoint. Returns the server, listening. @throws in a sentence */
export async function openViewer(options: ViewerOptions): Promise<HostServer> {
  const unclaim = await claimRun(options.runId);
  return serveRun(options, unclaim).catch(async (error: unknown) => { await unclaim(); throw error; });
}

async function serveRun(options: ViewerOptions, unclaim: () => Promise<void>): Promise<HostServer> {
  const directory = new RunDirectory(options.dir);
  let manifest: Manifest = await directory.readManifest();
  if (isLive(manifest.state)) { // its trainer died without a word; else this viewer would pass for it
    manifest = await interrupted(options.dir, manifest);
    await directory.writeManifest(manifest).catch((error: unknown) => { console.error(error); }); // to look at a run it need not be writable
  }
  leaveOutCard(manifest);
  const { checkpoint, damaged } = await directory.checkpoints.newest();
  if (!checkpoint) throw new Error('This run has no checkpoint to show. Train it for an epoch, or stop it, and one is written.');
  const { checkpointNotice: _before, ...rest } = manifest;
  const notice = damageNotice(damaged, checkpoint.step);
  manifest = notice === undefined ? rest : { ...rest, checkpointNotice: notice };
  const { source, modelFile } = textOf(manifest, parseTrainerState(checkpoint.trainer).revision ?? 0);
  const { model } = await loadModel(modelFile, manifest.modelName, source || undefined); // as it was when it was trained
  const dataset = await loadDataset(model.data, { dataFolder: options.dataFolder, mirrors: options.dataMirrors, baseFolder: path.dirname(modelFile) });
  const { engine, program } = await buildToLookAt(manifest.lost ? 'compiled' : isEngineName(manifest.engine) ? manifest.engine : 'auto', model, manifest.seed, dataset.imageShape, factsOf(dataset));
  await program.setState(checkpoint.tensors);
  const shown = (): Manifest => (engine.name === manifest.engine ? manifest : { ...manifest, engineNotice: [...(manifest.engineNotice === undefined ? [] : [manifest.engineNotice]), viewedNotice(engine)].join(' ') });
  const order = new InOrder();
  const exclusive = <T>(work: () => Promise<T>): Promise<T> => order.do(work);
  const hyperparameters = { ...firstValues(hyperparametersOf(model)), ...manifest.hyperparameters };
  const kept = new RunEvaluations(options.dir);
  const { prior, views, latent, evaluations } = await Looking.open({
    program, dataset, model, exclusive, kept, dir: options.dir, seed: manifest.seed, broadcast: (event, payload) => { server.broadcast(event, payload); },
    step: () => checkpoint.step, hyperparameters: () => hyperparameters, manifest: () => ({ ...manifest, engine: engine.name, device: engine.device }), hold: () => () => undefined,
  });
  manifest = { ...manifest, prior: toldOf(priorInWords(model), prior, prior.codePrior ? undefined : manifest.prior.failed) };
  const { metrics, ...recorded } = await directory.readSnapshot();
  const points = new Points(metrics);
  let images = await views.images(checkpoint.step, manifest.samplesSeed);
  const show = async (seed: number | undefined): Promise<void> => {
    images = await views.images(checkpoint.step, seed);
    await Promise.all([directory.writeManifest(manifest), directory.writeImages(images)]).catch((error: unknown) => { console.error(error); });
    server.broadcast('manifest', shown());
    server.broadcast('images', images);
  };
  const refuse = (): Promise<never> => Promise.reject(new Error('This run has ended. Train the model again to change it.'));
  const handlers: Omit<HostHandlers, 'hello'> = {
    manifest: () => Promise.resolve(shown()),
    snapshot: () => Promise.resolve({ ...recorded, ...points.told, manifest: shown(), images, ...(prior.learning ? { learning: prior.learning } : {}) }),
    pause: refuse, resume: refuse, stop: refuse, setHyperparameter: refuse, saveCheckpoint: refuse, applyModel: refuse,
    moveModel: async ({ from, to }) => {
      const moved = movedModel(manifest, from, to);
      if (!moved) return {};
      manifest = moved;
      await directory.writeManifest(manifest);
      server.broadcast('manifest', shown());
      return {};
    },
    shutdown: () => {
      void server.close().finally(() => process.exit(0));
      return Promise.resolve({});
    },
    ...priorHandlers(() => prior, () => false, async () => {
      manifest = { ...manifest, prior: toldOf(manifest.prior, prior) };
      await show(manifest.samplesSeed);
    }),
    ...viewHandlers(() => views),
    fixSamples: async ({ seed }) => {
      manifest = { ...manifest, samplesSeed: seed };
      await show(seed);
      return {};
    },
    ...latentHandlers(() => latent, new RunItems(options.dir)),
    ...evaluationHandlers(() => evaluations, kept),
  };
  const server = new HostServer(manifest.id, options.dir, 'viewer', handlers, unclaim);
  await server.listen();
  return server;
}

function viewedNotice({ name, device }: Pick<Engine, 'name' | 'device'>): string {
  return `What is shown of this run now is computed by the engine "${name}" (${device}).`;
}
