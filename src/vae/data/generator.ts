import { shapeOption, type Shape } from './ownFile';
import { check, prepared, whole, type DataOptions, type Preparation } from './options';

/** Random numbers of the run: what is made of them alone is the same for the same seed, resumed or not. */
export interface RandomSource {
  /** Uniform in [0, 1). */
  uniform(): number;
  /** Standard normal. */
  normal(): number;
}
export interface GeneratorContext {
  readonly random: RandomSource;
  /** Counted from 1; 0 for the test set. */
  readonly epoch: number;
  /** How many examples are wanted in all. */
  readonly count: number;
}
/** One example or several, [height, width, channels] after another: bytes, or floats in [0, 1]. Labels are whole numbers counted from 0, one an example. */
export type GeneratedExamples = Uint8Array | Float32Array | { readonly images: Uint8Array | Float32Array; readonly labels?: ArrayLike<number> };
/** Gives `count` examples in all, in pieces of any size; what is more is not used. */
export type ExampleGenerator = (context: GeneratorContext) => Iterable<GeneratedExamples> | AsyncIterable<GeneratedExamples>;

export interface GeneratorOptions extends Omit<DataOptions, 'binarization' | 'validation'> {
  readonly binarization?: 'none' | 'dynamic';
  readonly shape: Shape;
  /** Training examples an epoch. */
  readonly trainCount: number;
  readonly testCount: number;
  /**
   * Called at the start of each epoch, under a random source of the run's seed and the epoch; resumed in the middle of one it is called again, and what was
   * trained on already is passed over. So it must depend on its context alone.
   */
  readonly train: ExampleGenerator;
  /** Called once, before training, under a random source of the data's own seed; its examples are kept in memory. */
  readonly test: ExampleGenerator;
  /** How many classes the labels have, where there are labels. */
  readonly classes?: number;
}
export interface GeneratorDescription extends Preparation {
  readonly kind: 'generator';
  readonly shape: Shape;
  readonly trainCount: number;
  readonly testCount: number;
  readonly train: ExampleGenerator;
  readonly test: ExampleGenerator;
  readonly classes: number | undefined;
}

/** Examples that your own function makes as they are needed, `function*` or `async function*`. */
export function generator(options: GeneratorOptions): GeneratorDescription {
  const where = 'generator';
  const preparation = prepared(where, options, ['shape', 'trainCount', 'testCount', 'train', 'test', 'classes']);
  check(where, preparation.binarization !== 'static', 'binarization must be "none" or "dynamic": no picture comes twice.');
  check(where, preparation.validation === 0, 'validation is not for data that is made as it is needed; test() makes the held-out examples.');
  const { trainCount, testCount, train, test, classes } = options;
  const shape = shapeOption(where, options.shape);
  if (!shape) throw new TypeError('generator(): give the shape of an example, [height, width, channels].');
  check(where, typeof train === 'function' && typeof test === 'function', 'train and test must be functions that give examples, such as function* ({ random }) { yield new Float32Array(784); }.');
  return {
    kind: 'generator', shape, trainCount: whole(where, 'trainCount', trainCount, 1, 1e12), testCount: whole(where, 'testCount', testCount, 1, 10_000_000), train, test,
    classes: classes === undefined ? undefined : whole(where, 'classes', classes, 1, 1_000_000), ...preparation,
  };
}
