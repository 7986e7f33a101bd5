import type { HostEvent, HostEvents } from '../protocol/hostApi';
import type { Manifest } from '../protocol/run';
import type { RunEvaluations } from '../runs/evaluations';
import type { VaeModel } from '../vae/model';
import type { Dataset } from './datasets/index';
import type { Program } from './engines/index';
import { Evaluations, type EvaluatedRun } from './evaluation/evaluations';
import { LatentViews } from './latent/latentViews';
import { RunPrior } from './prior/runPrior';
import { Views } from './views';

interface LookingOptions extends Pick<EvaluatedRun, 'step' | 'hyperparameters' | 'hold' | 'exclusive'> {
  readonly program: Program;
  readonly dataset: Dataset;
  readonly model: VaeModel;
  readonly seed: number;
  readonly dir: string;
  readonly broadcast: <E extends HostEvent>(event: E, payload: HostEvents[E]) => void;
  readonly kept: RunEvaluations;
  readonly manifest: () => Manifest;
}

/** What is asked of a run's program by who looks at it, between steps where it trains. */
export class Looking {
  private constructor(readonly prior: RunPrior, readonly views: Views, readonly latent: LatentViews, readonly evaluations: Evaluations) {}

  static async open({ broadcast, seed, dir, ...run }: LookingOptions): Promise<Looking> {
    const { program, dataset, model, exclusive, step } = run;
    const prior = await RunPrior.open({ program, dataset, model, exclusive, dir, seed, step, tell: (learning) => { broadcast('learning', learning ? { learning } : {}); } });
    const evaluations = new Evaluations({ ...run, prior, tell: (what, fraction) => { broadcast('evaluating', { what, fraction }); } });
    return new Looking(prior, new Views(program, dataset, model, exclusive, prior), new LatentViews(program, dataset, model, exclusive, step, run.hyperparameters), evaluations);
  }
}
