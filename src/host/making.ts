import { samplesOf } from '../vae/objectives/index';
import { buildWork, type Built } from './building';
import { watchedProgram, type Watched } from './deviceWatch';
import { factsOf } from './datasets/index';
import type { NamedTensor, Origin, Program } from './engines/index';
import type { Start } from './handOver';
import { sharedCard } from './sharedCard';
import type { OracleRequest } from './oracle';
import { Trainer, type TrainerState } from './training/index';
import type { Work } from './work';

/** A model built on an engine, and the loop that trains it. */
export interface Made extends Built { readonly work: Work; readonly trainer: Trainer }

/** What an oracle is asked to compare its gradients. */
export const requestOf = ({ engine, work: { dataset, training } }: Made, { modelFile, modelName, source }: Origin): OracleRequest =>
  ({ engine: engine.name, modelFile, modelName, source, seed: training.seed, imageShape: [...dataset.imageShape], data: factsOf(dataset) });

export interface MakeOptions extends Omit<Start, 'paused' | 'from'> {
  readonly origin: Origin;
  /** What another host is told where a device takes this one along. */
  readonly run: Watched['run'];
  /** Told of an engine whose start takes long. */
  readonly onSlowStart?: (what: string) => void;
  /** Between building and the loop: what the program is to hold, and where the loop left off. */
  begin(program: Program): Promise<{ readonly tensors: readonly NamedTensor[]; readonly trainer: TrainerState } | undefined>;
}

/** @throws EngineError; what the model's own code throws */
export async function makeProgram(work: Work, { refused, origin, run, onSlowStart, begin, hyperparameters = work.hyperparameters, followed }: MakeOptions): Promise<Made> {
  const { model, dataset, training, specs } = work;
  const alone = await buildWork(work, { refused, origin, onSlowStart });
  const shared = await sharedCard({ id: run.runId, device: alone.engine.device });
  const made = shared === undefined ? alone : { ...alone, notice: [alone.notice ?? [], shared].flat().join(' ') };
  const built = made.engine.mayHang ? { ...made, program: watchedProgram(made.program, { engine: made.engine.name, origin, run }) } : made;
  try {
    const from = await begin(built.program);
    if (from) await built.program.setState(from.tensors);
    const schedules = Object.fromEntries(Object.entries(work.schedules).filter(([name]) => !followed || name in followed));
    const trainer = await Trainer.create({ program: built.program, dataset, latentDim: model.latentDim, samples: samplesOf(model.objective), training, hyperparameters, specs, schedules, ...(from ? { resumeFrom: from.trainer } : {}) });
    return { ...built, work, trainer };
  } catch (error) {
    built.program.dispose();
    throw error;
  }
}
