import path from 'node:path';
import type { PriorShape } from '../../latent/prior';
import { alongDirection, pathThrough, rowsOf } from '../../latent/paths';
import type { ImageStrip } from '../../protocol/images';
import type { HostResult } from '../../protocol/hostApi';
import type { EncodedPiece } from '../../protocol/latentApi';
import { latentItemSchema, type Split } from '../../protocol/latentItems';
import type { LatentGroup, LatentItem } from '../../spec/latentItem';
import { codeOf } from '../../spec/models';
import type { VaeModel } from '../../vae/model';
import type { Dataset } from '../datasets/index';
import type { Program } from '../engines/index';
import type { HyperparameterValues } from '../../spec/hyperparameters';
import { loadExports, ModelFileError } from '../loadModel';
import { picturesOf, valuesOf } from '../pictures';
import { classesAskedFor, Conditions } from './conditions';
import { examplesTerms } from './exampleTerms';

/** Of a group so many are drawn. */
const GROUP_SHOWN = 64;
const GROUP_COLUMNS = 16;
export interface Drawn { readonly columns: number; readonly pictures: ImageStrip }

/** What the latent space's views show, computed between training steps. */
export class LatentViews {
  /** Pieces encoded at one step with the same hyperparameters: a panel that is opened again has them at once. */
  readonly #pieces = new Map<string, EncodedPiece>();
  #piecesOf = '';
  readonly #conditions: Conditions;

  constructor(
    private readonly program: Program, private readonly dataset: Dataset, private readonly model: VaeModel,
    private readonly exclusive: <T>(work: () => Promise<T>) => Promise<T>, private readonly step: () => number, private readonly hyperparameters: () => HyperparameterValues,
  ) { this.#conditions = new Conditions(model, dataset); }

  describe(): HostResult<'describeData'> {
    const { trainCount, heldOut, classes, factors } = this.dataset;
    return { trainCount, testCount: heldOut.count, ...(classes === undefined ? {} : { classes }), factorNames: [...factors?.names ?? []], codeIs: codeOf[this.model.kind], conditionClasses: classesAskedFor(this.model, this.dataset) };
  }

  /** A learned prior's weights are the program's own. */
  async prior(): Promise<PriorShape> {
    const { prior } = this.model;
    if (prior.kind === 'uniformBox') return { kind: 'uniform', low: prior.low, high: prior.high };
    if (prior.kind !== 'mixture') return { kind: 'normal' };
    const state = await this.exclusive(() => this.program.getState());
    const of = (name: string): Float32Array => state.find((tensor) => tensor.name === `prior/${name}`)?.data ?? new Float32Array(0);
    const logits = of('logits');
    const most = logits.reduce((a, b) => Math.max(a, b), -Infinity);
    const shares = logits.map((logit) => Math.exp(logit - most));
    const sum = shares.reduce((a, b) => a + b, 0);
    return { kind: 'mixture', weights: shares.map((share) => share / sum), means: of('means').slice(), logVariances: of('logVariances').slice() };
  }

  /** What is held out of training may be the validation split. */
  #of(split: Split) { return split === 'train' ? split : this.dataset.heldOut.split; }

  /** Examples `from` to `from + count`, as many as there are. */
  async piece(split: Split, from: number, count: number): Promise<EncodedPiece> {
    const total = split === 'train' ? this.dataset.trainCount : this.dataset.heldOut.count;
    const indices = Array.from({ length: Math.max(0, Math.min(count, total - from)) }, (_, i) => from + i);
    if (indices.length === 0) return { step: this.step(), count: 0, means: new Float32Array(0), logVariances: new Float32Array(0), reconstruction: new Float32Array(0), kl: new Float32Array(0) };
    const key = `${split} ${from} ${count}`;
    return this.exclusive(async () => {
      const [step, hyperparameters] = [this.step(), this.hyperparameters()];
      const of = JSON.stringify([step, hyperparameters]);
      if (of !== this.#piecesOf) this.#pieces.clear();
      this.#piecesOf = of;
      const known = this.#pieces.get(key);
      if (known) return known;
      const batch = this.dataset.batch(this.#of(split), indices);
      const { mean, logVariance } = await this.program.encode(batch);
      const factors = this.dataset.factors?.values(this.#of(split), indices);
      const piece: EncodedPiece = {
        step, count: batch.count, means: mean, logVariances: logVariance, ...await examplesTerms(this.program, this.model, batch, hyperparameters),
        ...(batch.labels ? { labels: Float32Array.from(batch.labels) } : {}), ...(factors ? { factors } : {}),
      };
      this.#pieces.set(key, piece);
      return piece;
    });
  }

  examples(split: Split, indices: readonly number[]): ImageStrip {
    return picturesOf(this.dataset.batch(this.#of(split), indices).data, indices.length, this.dataset.imageShape);
  }

  /** @throws RangeError for pictures of another size. */
  async encodePictures(pictures: ImageStrip, label?: number): Promise<HostResult<'encodePictures'>> {
    const [height, width, channels] = this.dataset.imageShape;
    if (pictures.count === 0 || pictures.height !== height || pictures.width !== width || pictures.channels !== channels) {
      throw new RangeError(`The model takes pictures of ${width}x${height} with ${channels} channels, not of ${pictures.width}x${pictures.height} with ${pictures.channels}.`);
    }
    const { mean, logVariance } = await this.exclusive(() => this.program.encode({ count: pictures.count, data: valuesOf(pictures), labels: new Int32Array(pictures.count).fill(label ?? 0) }));
    return { means: mean, logVariances: logVariance, reconstructions: await this.#decode(mean, () => label) };
  }

  /** `label`: the class, where the model is conditional; a group has its examples' own. */
  async draw(item: LatentItem, label?: number): Promise<Drawn> {
    switch (item.kind) {
      case 'point': return { columns: 1, pictures: await this.#decode(Float32Array.from(item.z), () => label) };
      case 'path': return { columns: item.steps, pictures: await this.#decode(pathThrough(rowsOf(item.through), item.through[0]?.length ?? 1, item.steps, item.along), () => label) };
      case 'direction': return { columns: item.strengths.length, pictures: await this.#decode(alongDirection(item.from, item.direction, item.strengths), () => label) };
      case 'group': return this.#drawGroup(item);
    }
  }

  /** What a file exports under a name; the file is run. @throws ModelFileError */
  async drawExport(file: string, name: string): Promise<Drawn> {
    const exported = await loadExports(file);
    const item = latentItemSchema.safeParse(exported[name]);
    if (item.success) return this.draw(item.data);
    const others = Object.entries(exported).filter(([, value]) => latentItemSchema.safeParse(value).success).map(([key]) => key);
    throw new ModelFileError(others.length === 0 ? `${path.basename(file)} exports nothing made by latentPoint(), latentPath(), latentDirection() or latentGroup().`
      : `${path.basename(file)} exports no place, path, direction or group named "${name}". It exports: ${others.join(', ')}.`);
  }

  async #drawGroup({ split, indices }: LatentGroup): Promise<Drawn> {
    const shown = indices.slice(0, GROUP_SHOWN);
    const columns = Math.min(GROUP_COLUMNS, shown.length);
    const originals = this.examples(split, shown);
    const batch = this.dataset.batch(this.#of(split), shown);
    const { mean } = await this.exclusive(() => this.program.encode(batch));
    const reconstructions = await this.#decode(mean, (i) => batch.labels?.[i]);
    const size = originals.height * originals.width * originals.channels;
    const rows = Math.ceil(shown.length / columns);
    const pixels = new Uint8Array(2 * rows * columns * size); // whole rows: originals, then below them their reconstructions
    for (let row = 0; row < rows; row++) {
      const part = [row * columns * size, Math.min((row + 1) * columns, shown.length) * size] as const;
      pixels.set(originals.pixels.subarray(...part), 2 * row * columns * size);
      pixels.set(reconstructions.pixels.subarray(...part), (2 * row + 1) * columns * size);
    }
    return { columns, pictures: { ...originals, count: 2 * rows * columns, pixels } };
  }

  /** @throws RangeError */
  async #decode(z: Float32Array, classOf: (index: number) => number | undefined): Promise<ImageStrip> {
    const size = this.model.latentDim;
    if (z.length === 0 || z.length % size !== 0) throw new RangeError(`z holds ${z.length} values; give a multiple of ${size}.`);
    const count = z.length / size;
    const rows = this.#conditions.rows(count, classOf);
    return picturesOf(await this.exclusive(() => this.program.decode(z, count, rows)), count, this.dataset.imageShape);
  }
}
