import { engineNames, type EngineName } from '../../spec/engines';
import { nvidiaGpus } from '../../components/nvidia';
import { inspectTensorflow } from '../../components/tensorflow';
import type { VaeModel } from '../../vae/model';
import { EngineError, EngineUnavailableError, type DataFacts, type Engine, type ImageShape, type Program } from './engine';
import { startBackend } from './backends';
import { startCompiled } from './compiled/index';
import { gradientGate, type GateVerdict } from './gate';
import { startTensorflow, TensorflowAbsentError } from './tensorflow/index';
import { TfjsProgram } from './tfjsProgram';

export * from './engine';
export type { EngineName } from '../../spec/engines';
export type { GateVerdict } from './gate';
export { TensorflowAbsentError } from './tensorflow/index';

export type NamedEngine = Exclude<EngineName, 'auto'>;
async function tfjsEngine(name: 'wasm' | 'cpu', device: string): Promise<Engine> {
  await startBackend(name);
  return { name, device, build: (...[model, seed, imageShape, data]: Parameters<Engine['build']>) => TfjsProgram.build(name, model, seed, imageShape, data) };
}
/** How each engine starts. @throws EngineUnavailableError */
export const startEngine: { readonly [K in NamedEngine]: () => Promise<Engine> } = {
  compiled: startCompiled,
  tensorflow: startTensorflow,
  wasm: () => tfjsEngine('wasm', 'CPU, TensorFlow.js wasm'),
  cpu: () => tfjsEngine('cpu', 'CPU, TensorFlow.js in plain JavaScript (slow)'),
};
export const namedEngines: readonly NamedEngine[] = engineNames.filter((name): name is NamedEngine => name !== 'auto');
/** Engines whose gradients are taken as true: `wasm` is held to `cpu` by the tests, and runs TensorFlow.js's own. */
const trusted: ReadonlySet<NamedEngine> = new Set(['wasm', 'cpu']);

export interface BuiltProgram {
  readonly engine: Engine;
  readonly program: Program;
  /** Why `auto` took a slower engine than it would have liked, or what else should be known of this one. */
  readonly notice?: string;
  /** Of an engine that has to pass the gradient gate. */
  readonly gate?: GateVerdict;
}
export interface BuildOptions {
  /** Told of an engine before it builds. */
  readonly onEngine?: (engine: Engine) => void;
  /** To look at pictures no gradient is needed. */
  readonly forTraining?: boolean;
  readonly data?: DataFacts | undefined;
}

/** Compares an engine's gradients on this very model with those of another that runs it eagerly: TensorFlow where it is set up, which is some thirty times faster than plain JavaScript. */
export async function passGate(name: NamedEngine, program: Program, model: VaeModel, seed: number, imageShape: ImageShape, data?: DataFacts): Promise<GateVerdict> {
  const engine = name === 'tensorflow' ? await startEngine.cpu() : await startTensorflow().catch(() => startEngine.cpu());
  const oracle = await engine.build(model, seed, imageShape, data);
  try {
    return await gradientGate(program, { name: engine.name, program: oracle }, model, imageShape, data);
  } finally {
    oracle.dispose();
  }
}

/** In the order in which `auto` tries them: the fastest first, which is TensorFlow only on a GPU. */
async function autoOrder(): Promise<readonly NamedEngine[]> {
  const component = await inspectTensorflow();
  const onGpu = component.kind === 'installed' && component.variant === 'gpu' && (await nvidiaGpus()).length > 0;
  return onGpu ? ['tensorflow', ...namedEngines.filter((name) => name !== 'tensorflow')] : namedEngines;
}

async function buildOn(name: NamedEngine, model: VaeModel, seed: number, imageShape: ImageShape, { onEngine, forTraining = true, data }: BuildOptions): Promise<BuiltProgram> {
  const engine = await startEngine[name]();
  onEngine?.(engine);
  const program = await engine.build(model, seed, imageShape, data);
  const built = { engine, program, ...(engine.notice === undefined ? {} : { notice: engine.notice }) };
  if (trusted.has(name) || !forTraining) return built;
  const gate = await passGate(name, program, model, seed, imageShape, data);
  if (gate.passed) return { ...built, gate };
  program.dispose();
  throw new EngineError(`The engine "${name}" gives other gradients for this model than "${gate.oracle}" (relative difference ${gate.error.toExponential(1)}), so it may not train it.`);
}

function fallbackNotice(reason: string, engine: string): string {
  return `${reason} Training runs on engine "${engine}" instead, which is slower.`;
}

/** Builds a model on the named engine; `auto` takes the fastest that is set up here, can train the model and gives right gradients. @throws EngineError */
export async function buildProgram(name: EngineName, model: VaeModel, seed: number, imageShape: ImageShape, options: BuildOptions = {}): Promise<BuiltProgram> {
  if (name !== 'auto') return buildOn(name, model, seed, imageShape, options);
  const reasons: string[] = [];
  for (const candidate of await autoOrder()) {
    try {
      const built = await buildOn(candidate, model, seed, imageShape, options);
      const notices = [...(reasons.length === 0 ? [] : [fallbackNotice(reasons.join(' '), candidate)]), ...(built.notice === undefined ? [] : [built.notice])];
      return notices.length === 0 ? built : { ...built, notice: notices.join(' ') };
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      if (!(error instanceof TensorflowAbsentError)) reasons.push(error.message); // what nobody set up is not missed
    }
  }
  throw new EngineUnavailableError(reasons.join(' '));
}

/** Builds a model to look at: on the engine it was trained with, or, where that is gone, on any. @throws EngineError */
export async function buildToLookAt(name: EngineName, model: VaeModel, seed: number, imageShape: ImageShape, data?: DataFacts): Promise<Program> {
  const build = (engine: EngineName): Promise<BuiltProgram> => buildProgram(engine, model, seed, imageShape, { forTraining: false, data });
  const { program } = await build(name).catch((error: unknown) => { if (error instanceof EngineError) return build('auto'); throw error; });
  return program;
}
