import path from 'node:path';
import { access } from 'node:fs/promises';
import { startRun, type RunConnection } from '../client/hosts';
import { takenUp } from '../client/resumeRun';
import { partsInWords } from '../protocol/parts';
import { priorInWords } from '../protocol/priorInWords';
import { isLive, type Manifest, type MetricPoint, type RunError, type RunState } from '../protocol/run';
import { engine, Exit, hyperparameters, UsageError, whole, type Values } from './arguments';
import { barOf, filled, showLearning } from './progress';

const nats = (point: MetricPoint): string => `loss ${point.loss.toFixed(1)} (${partsInWords(point.parts, 1)}) nats`;

function exitCode(state: RunState): number {
  if (state.kind === 'interrupted') return Exit.interrupted;
  return state.kind === 'failed' ? exitCodeOf(state.error) : Exit.ok;
}
export function exitCodeOf({ code }: RunError): number {
  return code === 'hyperparameter' ? Exit.usage : code === 'modelFile' ? Exit.modelFile : code === 'data' ? Exit.data : Exit.training;
}

/** Trains a model file to its end; Ctrl-C leaves a checkpoint. Returns the exit code. */
export async function train(file: string, values: Values, hostScript: string): Promise<number> {
  const modelFile = path.resolve(file);
  const [epochs, seed, keepEvery, set] = [whole('epochs', values.epochs, 1), whole('seed', values.seed, 0), whole('keep-every', values['keep-every'], 1), hyperparameters(values.set)];
  await access(modelFile).catch(() => { throw new UsageError(`There is no file ${modelFile}.`); });
  return follow(() => startRun({
    node: process.execPath, hostScript, modelFile, modelName: values.model, engine: engine(values.engine), epochs, seed, set, keepEvery,
    dataFolder: values.data === undefined ? undefined : path.resolve(values.data), runsFolder: values.out === undefined ? path.join(path.dirname(modelFile), '.vae-lab', 'runs') : path.resolve(values.out),
  }), values);
}

/** Ctrl-C, and what it ends. */
interface Interruption { asked: boolean; end(): void }

/** Tells of a run to its end; Ctrl-C leaves a checkpoint. What one that goes on had done is not told again. Returns the exit code. */
export async function follow(begin: () => Promise<RunConnection>, values: Values): Promise<number> {
  const interruption: Interruption = { asked: false, end: () => undefined }; // until there is a host to end
  process.on('SIGINT', () => {
    interruption.asked = true;
    interruption.end();
  });
  let run = await begin();
  let { manifest, state } = await tell(run, values, interruption);
  // Who pressed Ctrl-C while the host hung ends the one that goes on.
  for (let next; !state && (next = await takenUp({ dir: run.dir, id: run.runId }).catch(() => undefined)); { manifest, state } = await tell(run, values, interruption)) run = next;
  state ??= interruption.asked ? { kind: 'interrupted' } : { kind: 'failed', error: { code: 'hostDied', message: `The training host ended unexpectedly. What was saved up to then is kept. Its log: ${path.join(run.dir, 'host.log')}` } };
  if (state.kind === 'failed' && state.error.code === 'hyperparameter') {
    run.close();
    throw new UsageError(`--set: ${state.error.message}`);
  }
  if (state.kind === 'failed') {
    const { message, location } = state.error;
    console.error(location ? `${location.file}:${location.line}: ${message}` : message);
  }
  const { learned, failed } = manifest.prior;
  if (learned) say(values, { type: 'prior', ...learned }, priorInWords(learned));
  if (failed !== undefined) console.error(failed);
  say(values, { type: 'done', run: run.runId, state: state.kind }, `${state.kind}: ${run.dir}`);
  if (!interruption.asked) void run.api.request('shutdown', {}).catch(() => undefined);
  run.close();
  return exitCode(state);
}

function say({ json }: Values, line: object, text: string): void { console.log(json ? JSON.stringify(line) : text); }

/** Tells of a run while its host is there; `state`: how it ended, where the host said so. */
async function tell(run: RunConnection, values: Values, interruption: Interruption): Promise<{ readonly manifest: Manifest; readonly state?: RunState | undefined }> {
  const bar = barOf(values);
  let manifest = await run.api.request('manifest', {});
  const before = manifest.lastStep;
  let started = false;
  let shown = 0;
  const start = (): void => {
    if (started || manifest.stepsPerEpoch === 0 || manifest.state.kind === 'preparing') return; // of one that goes on it is not known yet by what
    started = true;
    say(values, { type: 'start', run: run.runId, engine: manifest.engine, device: manifest.device, dir: run.dir }, `${manifest.modelName}: run ${run.runId} on ${manifest.device}`);
    for (const notice of [manifest.engineNotice, manifest.checkpointNotice, ...manifest.data?.notices ?? []]) if (notice !== undefined) console.error(notice);
    if (!values.json && before > 0) console.log(`goes on from step ${before}`);
  };
  const noticed = new Set<string>();
  const notice = ({ stepNotice, gate }: typeof manifest): void => {
    const unchecked = gate && 'unchecked' in gate ? `The gradients of this model could not be compared with another engine's: ${gate.unchecked}` : undefined;
    for (const text of [stepNotice, unchecked]) {
      if (text === undefined || noticed.has(text)) continue;
      noticed.add(text);
      bar('');
      console.error(text);
    }
  };
  const show = (points: readonly MetricPoint[]): void => {
    start();
    for (const point of points) {
      shown++;
      const { step, split, seconds, epoch, loss, parts } = point;
      if (point.wholeSet) {
        bar('');
        say(values, { type: 'epoch', epoch, split, loss, ...parts, seconds }, `epoch ${epoch}/${manifest.epochs}: held-out ${nats(point)}`);
      } else if (values.json) say(values, { type: 'metrics', step, epoch, split, loss, gradientNorm: point.gradientNorm, ...point.scheduled, ...parts }, '');
      else if (split === 'train') {
        const done = step / (manifest.epochs * manifest.stepsPerEpoch);
        bar(filled(done, `step ${step} ${nats(point)}`));
      }
    }
  };
  const state = await new Promise<RunState | undefined>((resolve) => {
    run.api.on('manifest', (next) => { manifest = next; start(); notice(next); });
    showLearning(run, bar);
    run.api.on('restarted', (next) => {
      manifest = next;
      started = false;
    });
    run.api.on('metrics', ({ points }) => { show(points); });
    run.api.on('state', (event) => {
      manifest = { ...manifest, state: event.state };
      if (event.state.kind === 'preparing') bar(event.state.what); else start();
      if (!isLive(event.state)) resolve(event.state);
    });
    run.onClose(() => { resolve(undefined); });
    interruption.end = () => { void run.api.request('shutdown', {}).catch(() => undefined); };
    if (interruption.asked) interruption.end();
    // What was said before these listeners stood.
    void run.api.request('snapshot', {}).then((snapshot) => {
      manifest = snapshot.manifest;
      notice(manifest);
      if (shown === 0) show(snapshot.metrics.filter(({ step }) => step > before));
      if (!isLive(manifest.state)) resolve(manifest.state);
    }, () => undefined);
  });
  bar('');
  return { manifest, state };
}
