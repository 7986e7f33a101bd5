import { engineNames, type EngineName } from '../../spec/engines';
import type { VaeModel } from '../../vae/model';
import { EngineError, EngineUnavailableError, type Engine, type ImageShape, type Program } from './engine';
import { startBackend } from './backends';
import { gradientGate, type GateVerdict } from './gate';
import { startTensorflow, TensorflowAbsentError } from './tensorflow/index';
import { TfjsProgram } from './tfjsProgram';

export * from './engine';
export type { GateVerdict } from './gate';
export { TensorflowAbsentError } from './tensorflow/index';

export type NamedEngine = Exclude<EngineName, 'auto'>;
async function tfjsEngine(name: 'wasm' | 'cpu', device: string): Promise<Engine> {
  await startBackend(name);
  return { name, device, build: (model: VaeModel, seed: number, imageShape: ImageShape) => TfjsProgram.build(name, model, seed, imageShape) };
}
/** How each engine starts. @throws EngineUnavailableError */
export const startEngine: { readonly [K in NamedEngine]: () => Promise<Engine> } = {
  tensorflow: startTensorflow,
  wasm: () => tfjsEngine('wasm', 'CPU, TensorFlow.js wasm'),
  cpu: () => tfjsEngine('cpu', 'CPU, TensorFlow.js in plain JavaScript (slow)'),
};
/** In the order in which `auto` tries them, the fastest first. */
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
/** Told of an engine before it builds. */
export type OnEngine = (engine: Engine) => void;

/** Compares an engine's gradients on this very model with those of TensorFlow.js in plain JavaScript. */
export async function passGate(program: Program, model: VaeModel, seed: number, imageShape: ImageShape): Promise<GateVerdict> {
  const oracle = await (await startEngine.cpu()).build(model, seed, imageShape);
  try {
    return await gradientGate(program, { name: 'cpu', program: oracle }, model, imageShape);
  } finally {
    oracle.dispose();
  }
}

async function buildOn(name: NamedEngine, model: VaeModel, seed: number, imageShape: ImageShape, onEngine?: OnEngine): Promise<BuiltProgram> {
  const engine = await startEngine[name]();
  onEngine?.(engine);
  const program = await engine.build(model, seed, imageShape);
  const built = { engine, program, ...(engine.notice === undefined ? {} : { notice: engine.notice }) };
  if (trusted.has(name)) return built;
  const gate = await passGate(program, model, seed, imageShape);
  if (gate.passed) return { ...built, gate };
  program.dispose();
  throw new EngineError(`The engine "${name}" gives other gradients for this model than TensorFlow.js in plain JavaScript (relative difference ${gate.error.toExponential(1)}), so it may not train it.`);
}

/** Builds a model on the named engine; `auto` takes the fastest that is set up here, can train the model and gives right gradients. @throws EngineError */
export async function buildProgram(name: EngineName, model: VaeModel, seed: number, imageShape: ImageShape, onEngine?: OnEngine): Promise<BuiltProgram> {
  if (name !== 'auto') return buildOn(name, model, seed, imageShape, onEngine);
  const reasons: string[] = [];
  for (const candidate of namedEngines) {
    try {
      const built = await buildOn(candidate, model, seed, imageShape, onEngine);
      const notices = [...reasons.map((reason) => `${reason} Training runs on engine "${candidate}" instead, which is slower.`), ...(built.notice === undefined ? [] : [built.notice])];
      return notices.length === 0 ? built : { ...built, notice: notices.join(' ') };
    } catch (error) {
      if (!(error instanceof EngineError)) throw error;
      if (!(error instanceof TensorflowAbsentError)) reasons.push(error.message); // what nobody set up is not missed
    }
  }
  throw new EngineUnavailableError(reasons.join(' '));
}
