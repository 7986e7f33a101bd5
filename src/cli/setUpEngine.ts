import { createInterface } from 'node:readline/promises';
import { inWords } from '../components/disk';
import { inspectTensorflow, planSetUp, removeTensorflow, SetUpError, setUpTensorflow, sources, type SetUpPlan, type Source, type Variant } from '../components/tensorflow';
import { Exit, UsageError, type Values } from './arguments';
import { barOf, filled } from './progress';

function variantOf({ cpu, gpu }: Values): Variant {
  if (cpu && gpu) throw new UsageError('Give one of --cpu and --gpu.');
  return gpu ? 'gpu' : 'cpu';
}
function sourceOf(name = 'pypi'): Source {
  const found = sources.find((source) => source === name);
  if (!found) throw new UsageError(`--source must be one of ${sources.join(', ')}; got "${name}".`);
  return found;
}

function describe(plan: SetUpPlan, variant: Variant, source: Source): string {
  return [
    `TensorFlow ${plan.tensorflow} for ${variant === 'gpu' ? 'NVIDIA GPUs' : 'the CPU'}, from ${source === 'pypi' ? 'the Python package index' : 'the storage of the npm package'}:`,
    `  downloads ${plan.about ? 'about ' : ''}${inWords(plan.downloadBytes)}${plan.files.length > 1 ? ` in ${plan.files.length} files` : ''}, takes ${inWords(plan.diskBytes)} in ${plan.folder} (${inWords(plan.freeBytes)} free)`,
    ...plan.needs.map((need) => `  ${need}`),
  ].join('\n');
}

/** Asks on the terminal. Ctrl-C and the end of input count as no. */
async function agreed(question: string, signal: AbortSignal): Promise<boolean> {
  const lines = createInterface({ input: process.stdin, output: process.stdout });
  lines.on('SIGINT', () => { process.emit('SIGINT'); });
  try {
    const ended = new Promise<string>((resolve) => { lines.on('close', () => { resolve(''); }); });
    return /^y(es)?$/i.test((await Promise.race([lines.question(question, { signal }), ended])).trim());
  } finally {
    lines.close();
  }
}

/** One line that is written over on a terminal; elsewhere a line for each thing begun. */
function reporter(): { show: (what: string, fraction?: number) => void; end: () => void } {
  const bar = barOf({});
  let last = '';
  return {
    show: (what, fraction) => {
      if (process.stdout.isTTY) bar(fraction === undefined ? what : filled(fraction, `${what} ${Math.round(fraction * 100)} %`));
      else if (what !== last) console.log(what);
      last = what;
    },
    end: () => { if (last !== '') bar(''); },
  };
}

/** `setup-engine tensorflow`: sets the component up or removes it. Returns the exit code. */
export async function setUpEngine(name: string | undefined, values: Values): Promise<number> {
  if (name !== 'tensorflow') throw new UsageError(name === undefined ? 'Name an engine: tensorflow.' : `Only the engine "tensorflow" is set up; got "${name}".`);
  const [variant, source] = [variantOf(values), sourceOf(values.source)];
  const cancel = new AbortController();
  process.on('SIGINT', () => { cancel.abort(); });
  const { signal } = cancel;
  const progress = reporter();
  const before = await inspectTensorflow();
  try {
    if (values.remove) {
      await removeTensorflow(undefined, { signal, onProgress: progress.show });
      progress.end();
      console.log(before.kind === 'absent' ? 'TensorFlow was not set up; what an unfinished set-up left is removed.' : 'TensorFlow is removed.');
      return Exit.ok;
    }
    const plan = await planSetUp(variant, source);
    if (before.kind === 'broken') console.log(before.why);
    if (before.kind === 'installed' && before.variant === variant && before.source === source && before.tensorflow === plan.tensorflow) {
      console.log(`TensorFlow ${before.tensorflow} is set up already, in ${before.folder}.`);
      return Exit.ok;
    }
    console.log(describe(plan, variant, source));
    if (!plan.possible) return Exit.setUp;
    if (!values.yes && !process.stdin.isTTY) {
      console.error('Nothing was done: there is no terminal to ask on. Give --yes to go on.');
      return Exit.usage;
    }
    if (!values.yes && !(await agreed('Go on? [y/N] ', signal))) {
      console.log('Nothing was done.');
      return signal.aborted ? Exit.interrupted : Exit.ok;
    }
    const { state, gpu, notice } = await setUpTensorflow({ variant, source, signal, onProgress: progress.show });
    progress.end();
    console.log(`TensorFlow ${state.tensorflow} is set up and works${gpu ? ' on the GPU' : ''}: ${inWords(state.bytes)} in ${state.folder}`);
    if (notice !== undefined) console.error(notice);
    return Exit.ok;
  } catch (error) {
    progress.end();
    if (signal.aborted) {
      console.error('Cancelled. What was downloaded is kept: run the command again to go on, or with --remove to delete it.');
      return Exit.interrupted;
    }
    if (!(error instanceof SetUpError)) throw error;
    console.error(error.message);
    return Exit.setUp;
  }
}
