import { autoOrder, isWebgpuFaster, namedEngines, type EngineName } from '../../spec/engines';
import { inspectTensorflow } from '../../components/tensorflow';
import { knownSpeed } from '../../runs/measuredSpeed';
import type { VaeModel } from '../../vae/model';
import { EngineError, EngineUnavailableError, OutOfMemoryError, UnsupportedModelError, type DataFacts, type Engine, type ImageShape, type NamedEngine, type Origin, type Program } from './engine';
import { onBackend, startBackend } from './backends';
import { startCompiled } from './compiled/index';
import { builtNetwork } from './compiled/tracedModel';
import { gradientGate, type GateVerdict } from './gate';
import { startTensorflow, TensorflowAbsentError } from './tensorflow/index';
import { TfjsProgram } from './tfjsProgram';
import { startWebgpu } from './webgpu/index';

export * from './engine';
export type { EngineName } from '../../spec/engines';
export type { GateVerdict } from './gate';
export { TensorflowAbsentError } from './tensorflow/index';

async function tfjsEngine(name: 'wasm' | 'cpu', device: string): Promise<Engine> {
  await startBackend(name);
  return { name, device, build: (...[model, seed, imageShape, data]: Parameters<Engine['build']>) => TfjsProgram.build(name, model, seed, imageShape, data) };
}
/** How each engine starts. @throws EngineUnavailableError */
export const startEngine: { readonly [K in NamedEngine]: () => Promise<Engine> } = {
  compiled: startCompiled,
  tensorflow: startTensorflow,
  webgpu: startWebgpu,
  wasm: () => tfjsEngine('wasm', 'CPU, TensorFlow.js wasm'),
  cpu: () => tfjsEngine('cpu', 'CPU, TensorFlow.js in plain JavaScript (slow)'),
};
/** Engines whose gradients are taken as true: `wasm` is held to `cpu` by the tests, and runs TensorFlow.js's own. */
const trusted: ReadonlySet<NamedEngine> = new Set(['wasm', 'cpu']);

/** An engine, or what it does first where it can train a model in two ways. */
export type Way = NamedEngine | `${NamedEngine} as one graph`;
const asGraph = (name: NamedEngine): Way => `${name} as one graph`;
export const isWay = (name: string): name is Way => namedEngines.some((engine) => name === engine || name === asGraph(engine));
export interface BuiltProgram {
  readonly engine: Engine;
  /** How that engine trains it. */
  readonly way: Way;
  readonly program: Program;
  /** Why `auto` took a slower engine than it would have liked, or what else should be known of this one. */
  readonly notice?: string;
  /** Its gradients for this model have to be compared with an oracle's. */
  readonly gated: boolean;
}
export interface BuildOptions {
  /** Told of an engine before it builds, and waited for. */
  readonly onEngine?: (engine: Engine) => void | Promise<void>;
  /** Engines that `auto` leaves out, and ways that an engine does, each with a sentence why. */
  readonly refused?: ReadonlyMap<Way, string>;
  readonly data?: DataFacts | undefined;
  readonly origin?: Origin | undefined;
}

/** Takes an engine whose gradients are taken as right for an engine's model, and works with it: eager TensorFlow where it is set up, which is some thirty times faster than plain JavaScript, and can train the model. */
export async function withOracle<T>(name: NamedEngine, model: VaeModel, seed: number, imageShape: ImageShape, data: DataFacts | undefined, work: (oracle: { readonly name: string; readonly program: Program }) => Promise<T>): Promise<T> {
  const on = async (start: () => Promise<Engine>): Promise<T> => {
    const engine = await start();
    const program = await engine.build(model, seed, imageShape, data);
    try {
      return await work({ name: engine.name, program });
    } finally {
      program.dispose();
    }
  };
  if (name === 'tensorflow') return on(startEngine.cpu);
  return on(async () => {
    const engine = await startEngine.tensorflow();
    return engine.eager ?? engine;
  }).catch((error: unknown) => { if (error instanceof EngineError) return on(startEngine.cpu); throw error; });
}

/** Compares an engine's gradients on this very model with an oracle's, both in this process. */
export const passGate = (name: NamedEngine, program: Program, model: VaeModel, seed: number, imageShape: ImageShape, data?: DataFacts): Promise<GateVerdict> =>
  withOracle(name, model, seed, imageShape, data, (oracle) => gradientGate(program, oracle, model, imageShape, data));

/** What `auto` tries, in order, and why a GPU that TensorFlow was set up for is not among it. */
async function candidates(origin: Origin | undefined, refused: BuildOptions['refused']): Promise<{ readonly order: readonly NamedEngine[]; readonly without?: string }> {
  const component = await inspectTensorflow();
  const tensorflow = component.kind === 'installed' && component.variant === 'gpu' && !refused?.has('tensorflow') ? await startEngine.tensorflow().catch(() => undefined) : undefined; // it knows whether it computes on one; one that hangs is left alone
  const order = autoOrder({ tensorflowOnGpu: tensorflow?.device.startsWith('GPU') === true, webgpuFaster: origin !== undefined && isWebgpuFaster(await knownSpeed(origin) ?? {}) });
  return { order, ...(tensorflow?.notice === undefined ? {} : { without: tensorflow.notice }) };
}

async function buildOn(name: NamedEngine, model: VaeModel, seed: number, imageShape: ImageShape, { onEngine, refused, data, origin }: BuildOptions): Promise<BuiltProgram> {
  const engine = await startEngine[name]();
  await onEngine?.(engine);
  const { eager, notice } = engine;
  const build = async (on: Engine, way: Way, ...notices: string[]): Promise<BuiltProgram> => {
    const program = await on.build(model, seed, imageShape, data, origin);
    const said = [...notices, ...(notice === undefined ? [] : [notice])].join(' ');
    return { engine, way, program, gated: !trusted.has(name), ...(said === '' ? {} : { notice: said }) };
  };
  if (!eager) return build(engine, name);
  const because = refused?.get(asGraph(name));
  if (because !== undefined) return build(eager, name, eagerNotice(because));
  return build(engine, asGraph(name)).catch((error: unknown) => {
    if (error instanceof UnsupportedModelError) return build(eager, name, eagerNotice(error.message));
    throw error;
  });
}

function eagerNotice(reason: string): string {
  return `${reason} It runs operation by operation instead, which is slower.`;
}
function fallbackNotice(reason: string, engine: string): string {
  return `${reason} Training runs on engine "${engine}" instead, which is slower.`;
}

/** Builds a model on the named engine; `auto` takes the fastest that is set up here, can train the model and is not refused. Gradients are compared by others. @throws EngineError */
export async function buildProgram(name: EngineName, model: VaeModel, seed: number, imageShape: ImageShape, options: BuildOptions = {}): Promise<BuiltProgram> {
  const lost = name === 'auto' ? undefined : options.refused?.get(name);
  if (name !== 'auto' && lost === undefined) return buildOn(name, model, seed, imageShape, options);
  const { order, without } = await candidates(options.origin, options.refused);
  const reasons = lost === undefined || name === 'auto' ? [] : [lost];
  for (const candidate of order) {
    const refused = options.refused?.get(candidate);
    if (refused !== undefined) {
      if (refused !== lost) reasons.push(refused);
      continue;
    }
    try {
      const built = await buildOn(candidate, model, seed, imageShape, options);
      const notices = [...(without === undefined || without === built.notice ? [] : [without]), ...(reasons.length === 0 ? [] : [fallbackNotice(reasons.join(' '), candidate)]), ...(built.notice === undefined ? [] : [built.notice])];
      return notices.length === 0 ? built : { ...built, notice: notices.join(' ') };
    } catch (error) {
      if (!(error instanceof EngineError) || error instanceof OutOfMemoryError) throw error;
      if (!(error instanceof TensorflowAbsentError) && !reasons.includes(error.message)) reasons.push(error.message); // what nobody set up is not missed
    }
  }
  throw new EngineUnavailableError(reasons.join(' '));
}

/** Runs a model's builders and functions once, on two black images, and forgets what they made. @throws TypeError for shapes that do not fit, or what they throw */
export async function tryBuilding(model: VaeModel, seed: number, imageShape: ImageShape, data?: DataFacts): Promise<void> {
  const network = await builtNetwork(model, seed, imageShape, data);
  await onBackend('cpu', () => { network.dispose(); });
}

/** Builds a model to look at: on the engine it was trained with, or, where that is gone or runs in a process of its own, on another. @throws EngineError */
export function buildToLookAt(name: EngineName, model: VaeModel, seed: number, imageShape: ImageShape, data?: DataFacts): Promise<BuiltProgram> {
  const build = (engine: EngineName): Promise<BuiltProgram> => buildProgram(engine, model, seed, imageShape, { data });
  return build(name === 'webgpu' ? 'compiled' : name).catch((error: unknown) => { if (error instanceof EngineError) return build('auto'); throw error; });
}
