import * as tf from '@tensorflow/tfjs';
import { sprites, vae, type VaeModel } from '../../src/vae/index';
import { gradientError } from '../../src/host/engines/gate';
import { buildProgram, type ImageShape, type NamedEngine, type NamedTensor, type Program } from '../../src/host/engines/index';
import { sizeOf } from '../../src/host/engines/sizeOf';
import { Random } from '../../src/host/training/index';

/** A ReLU's input: which ReLU of the step, and which of its values. */
interface Unit { readonly site: number; readonly index: number; readonly input: number }
export interface Outlier {
  readonly draw: number;
  /** Relative to the largest gradient, as the gate has it: compiled against eager, and against eager with the units' signs turned. */
  readonly error: number;
  readonly turnedError: number;
  readonly turned: readonly Unit[];
  /** Of two eager engines against each other, where no sign explains it: how far rounding alone goes. */
  readonly eagerError?: number;
  /** Of all inputs of the draw's ReLUs, the smallest in size. */
  readonly nearest: number;
}
export interface Architecture { readonly shape: ImageShape; readonly filters: readonly [number, number]; readonly batch: number }

/** Below this, float rounding explains a difference. */
export const ROUNDING = 3e-5;
const TRIED = 12;
const MOST_TURNED = 4;
const VALUES = { learningRate: 0, beta: 1 };

/** A convolutional VAE with batch normalization, whose ReLUs can be looked into and turned while it runs eagerly. */
class Model {
  /** Inputs of each ReLU of the last step, where they are asked for. */
  seen: Float32Array[] | undefined;
  turned: readonly Unit[] = [];
  #site = 0;
  readonly #relu = (x: tf.Tensor): tf.Tensor => {
    const site = this.#site++;
    this.seen?.push(x.dataSync<'float32'>().slice());
    const turned = this.turned.filter((unit) => unit.site === site);
    if (turned.length === 0) return tf.relu(x);
    const mask = Float32Array.from(x.dataSync<'float32'>(), (value) => (value > 0 ? 1 : 0));
    for (const { index } of turned) mask[index] = 1 - (mask[index] ?? 0);
    return tf.mul(x, tf.tensor(mask, x.shape));
  };

  constructor(readonly architecture: Architecture) {}

  make(): VaeModel {
    const { shape: [height, width], filters: [f, g], batch } = this.architecture;
    return vae({
      data: sprites(), latentDim: 3, training: { batchSize: batch },
      encoder: ({ layers }) => {
        const parts = [f, g].map((filters) => [layers.conv2d({ filters, kernelSize: 3, strides: 2, padding: 'same', useBias: false }), layers.batchNormalization()] as const);
        return (x) => {
          this.#site = 0;
          return tf.reshape(parts.reduce((h, [conv, norm]) => this.#relu(norm.apply(conv.apply(h), { training: true }) as tf.Tensor), x), [x.shape[0] ?? 0, -1]);
        };
      },
      decoder: ({ layers }) => {
        const dense = layers.dense({ units: (height / 4) * (width / 4) * g });
        const parts = [f, 2].map((filters) => [layers.conv2dTranspose({ filters, kernelSize: 3, strides: 2, padding: 'same', useBias: false }), layers.batchNormalization()] as const);
        return (z) => parts.reduce((h, [conv, norm]) => this.#relu(norm.apply(conv.apply(h), { training: true }) as tf.Tensor), tf.reshape(this.#relu(dense.apply(z) as tf.Tensor), [z.shape[0] ?? 0, height / 4, width / 4, g]));
      },
    });
  }
}

/** Weights as far apart as those that the model begins with. */
function drawnState(initial: readonly NamedTensor[], random: Random): NamedTensor[] {
  return initial.map((tensor) => {
    if (tensor.name.startsWith('optimizer/') || tensor.name.includes('moving')) return tensor;
    const spread = Math.sqrt(tensor.data.reduce((sum, value) => sum + value ** 2, 0) / tensor.data.length);
    const constant = tensor.data.every((value) => value === tensor.data[0]);
    return { ...tensor, data: tensor.data.map((value) => (constant ? value + 0.1 * random.normal() : spread * random.normal())) };
  });
}

/** Draws weights, images and noise again and again, and compares compiled gradients with eager ones; where they part, looks for ReLUs whose sign explains it. */
export class ReluStudy {
  readonly errors: number[] = [];
  readonly outliers: Outlier[] = [];
  private constructor(private readonly model: Model, private readonly compiled: Program, private readonly eager: Program, private readonly other: Program | undefined, private readonly initial: readonly NamedTensor[]) {}

  static async create(architecture: Architecture, oracle: NamedEngine, other?: NamedEngine): Promise<ReluStudy> {
    const model = new Model(architecture);
    const made = model.make();
    const [{ program: compiled }, { program: eager }] = [await buildProgram('compiled', made, 1, architecture.shape), await buildProgram(oracle, made, 1, architecture.shape)];
    return new ReluStudy(model, compiled, eager, other && (await buildProgram(other, made, 1, architecture.shape)).program, await eager.getState());
  }

  /** @param atZero Moves a normalization so that one ReLU's input becomes 0 up to rounding. */
  async draw(draw: number, atZero = false): Promise<void> {
    const random = new Random(draw, 1);
    const { shape, batch: count } = this.model.architecture;
    let state = drawnState(this.initial, random);
    const batch = { count, data: Float32Array.from({ length: count * sizeOf(shape) }, () => random.uniform()) };
    const noise = random.normals(count * 3);
    const eagerly = async (turned: readonly Unit[] = []): Promise<{ gradients: NamedTensor[]; seen: Float32Array[] }> => {
      await this.eager.setState(state);
      [this.model.seen, this.model.turned] = [[], turned];
      const gradients = await this.eager.gradients(batch, noise, VALUES);
      const { seen } = this.model;
      [this.model.seen, this.model.turned] = [undefined, []];
      return { gradients, seen };
    };
    if (atZero) state = nudged(state, (await eagerly()).seen[0] ?? new Float32Array(0), this.model.architecture.filters[0]);
    await this.compiled.setState(state);
    const compiled = await this.compiled.gradients(batch, noise, VALUES);
    const { gradients, seen } = await eagerly();
    const error = gradientError(compiled, gradients);
    this.errors.push(error);
    if (error <= ROUNDING && !atZero) return;
    const units = seen.flatMap((inputs, site) => Array.from(inputs, (input, index) => ({ site, index, input }))).sort((a, b) => Math.abs(a.input) - Math.abs(b.input)).slice(0, TRIED);
    let [turned, turnedError]: [Unit[], number] = [[], error];
    while (turnedError > ROUNDING && turned.length < MOST_TURNED) {
      const tried: { unit: Unit; error: number }[] = [];
      for (const unit of units) if (!turned.includes(unit)) tried.push({ unit, error: gradientError(compiled, (await eagerly([...turned, unit])).gradients) });
      const best = tried.sort((a, b) => a.error - b.error)[0];
      if (!best || best.error >= turnedError) break;
      [turned, turnedError] = [[...turned, best.unit], best.error];
    }
    let eagerError: number | undefined;
    if (turnedError > ROUNDING && this.other) {
      await this.other.setState(state);
      eagerError = gradientError(await this.other.gradients(batch, noise, VALUES), gradients);
    }
    const size = atZero && units[0] ? gradientError((await eagerly([units[0]])).gradients, gradients) : error;
    this.outliers.push({ draw, error: size, turnedError, turned, nearest: Math.abs(units[0]?.input ?? NaN), ...(eagerError === undefined ? {} : { eagerError }) });
  }

  dispose(): void { for (const program of [this.compiled, this.eager, this.other]) program?.dispose(); }
}

/** The first normalization's shift moved for one channel, so that the input nearest to 0 of its ReLU (channels last) is 0 up to rounding. */
function nudged(state: readonly NamedTensor[], inputs: Float32Array, channels: number): NamedTensor[] {
  const nearest = inputs.reduce((best, input, i) => (Math.abs(input) < Math.abs(inputs[best] ?? Infinity) ? i : best), 0);
  const name = state.find((tensor) => tensor.name.startsWith('encoder/1/') && tensor.name.endsWith('beta'))?.name;
  return state.map((tensor) => (tensor.name === name ? { ...tensor, data: tensor.data.map((value, channel) => (channel === nearest % channels ? value - (inputs[nearest] ?? 0) : value)) } : tensor));
}
