import { factsOf } from './datasets/index';
import { buildProgram, tryBuilding, type BuiltProgram, type Engine, type Origin, type Way } from './engines/index';
import { partWeights } from './partWeights';
import type { Work } from './work';

interface BuildingOptions {
  readonly refused: ReadonlyMap<Way, string>;
  readonly origin: Origin;
  /** Called before an engine that takes long to start, with a sentence. */
  readonly onSlowStart?: ((what: string) => void) | undefined;
}
export interface Built extends BuiltProgram { readonly parts: Awaited<ReturnType<typeof partWeights>> }

/** The model on its engine, and what the parts of its loss weigh. Where the engine is slow the person's code is tried before: that is not what may take long. @throws what the person's code throws; EngineError */
export async function buildWork(work: Work, options: BuildingOptions): Promise<Built> {
  return build(work, options).catch((error: unknown) => {
    if (error instanceof Error) error.stack = `${error.stack ?? error.message}\n${work.whereMade}`; // what no line of the person's threw, such as parts that do not go together, is told at the model's
    throw error;
  });
}

async function build({ engine, model, dataset, training }: Work, { refused, origin, onSlowStart }: BuildingOptions): Promise<Built> {
  const data = factsOf(dataset);
  const onEngine = async ({ slowStart }: Engine): Promise<void> => {
    if (slowStart === undefined) return;
    await tryBuilding(model, training.seed, dataset.imageShape, data);
    onSlowStart?.(slowStart);
  };
  const built = await buildProgram(engine, model, training.seed, dataset.imageShape, { refused, data, origin, onEngine });
  return { ...built, parts: await partWeights(model, dataset.imageShape, data) };
}
