import type { Scheduled } from '../live';
import type { ModelOptions, VaeModel } from '../model';
import { vectorQuantization } from '../objectives/index';
import { codebookPrior, type AutoregressiveOptions } from '../priors/index';
import { checkOptions, Checks, describe } from './describe';

export interface VqVaeConfig extends ModelOptions {
  /** Rows and columns of the grid of codes: as many as the encoder's features have. */
  readonly grid: readonly [number, number];
  /** Codes in the codebook; default 512. */
  readonly codes?: number;
  /** Numbers in a code; default 16. */
  readonly codeDim?: number;
  /** Weight of the squared distance of the encoder's vectors from their codes, which may change while training; default 0.25. */
  readonly commitment?: Scheduled;
  /** Of the averages that codes are; default 0.99. */
  readonly decay?: number;
  /** A code that fewer vectors of a batch than this are nearest to, on average, starts again at one of the batch's vectors (Dhariwal et al. 2020, section 3.1); 0: never. Default 1. */
  readonly restartBelow?: number;
  /** The autoregressive prior that is learned over the codes when the rest is trained, and samples are drawn from; false: none, codes are drawn each by itself. */
  readonly prior?: Partial<AutoregressiveOptions> | false;
}
const options: Record<Exclude<keyof VqVaeConfig, keyof ModelOptions>, true> = { grid: true, codes: true, codeDim: true, commitment: true, decay: true, restartBelow: true, prior: true };
const MOST = 2 ** 31 - 1;
const priorDefaults: AutoregressiveOptions = { filters: 64, layers: 4, steps: 1000, batchSize: 64, learningRate: 3e-3 };

function priorOf(given: VqVaeConfig['prior'], checks: Checks): AutoregressiveOptions | undefined {
  if (given === false) return undefined;
  checks.that(given === undefined || (typeof given === 'object' && (given as object | null) !== null), 'prior must be options of the prior over the codes, such as { filters: 64 }, or false.');
  checks.known(given ?? {}, priorDefaults, 'prior');
  const prior = { ...priorDefaults, ...given };
  checks.whole('prior.filters', prior.filters, 1, 4096);
  checks.whole('prior.layers', prior.layers, 1, 64);
  checks.whole('prior.steps', prior.steps, 1, MOST);
  checks.whole('prior.batchSize', prior.batchSize, 1, 65_536);
  checks.that(prior.learningRate > 0 && Number.isFinite(prior.learningRate), `prior.learningRate must be a number above 0; got ${prior.learningRate}.`);
  return prior;
}

/**
 * A VQ-VAE (van den Oord et al. 2017): for each place of a grid the code that is nearest to what the encoder says there. The decoder is given the codes, [batch, rows, columns, codeDim], and its gradient goes
 * straight through to the encoder. The codebook is no weight but follows the encoder as averages (appendix A.1). Its samples are of a PixelCNN over the codes (van den Oord et al. 2016), learned when the rest is
 * trained (section 3.3).
 * @throws TypeError, in one sentence, when an option is missing, unknown or out of range.
 */
export function vqVae(config: VqVaeConfig): VaeModel {
  checkOptions('vqVae', config, options);
  const checks = new Checks('vqVae');
  const { grid, codes = 512, codeDim = 16, commitment = 0.25, decay = 0.99, restartBelow = 1 } = config;
  checks.that(Array.isArray(grid) && grid.length === 2, 'grid must be rows and columns, such as [7, 7].');
  for (const side of grid) checks.whole('grid', side, 1, 1024);
  checks.whole('codes', codes, 2, MOST);
  checks.whole('codeDim', codeDim, 1, 65_536);
  checks.that(decay >= 0 && decay < 1, `decay must be a number of at least 0 and below 1; got ${decay}.`);
  checks.that(restartBelow >= 0 && Number.isFinite(restartBelow), `restartBelow must be a number of at least 0; got ${restartBelow}.`);
  return describe(config, {
    kind: 'vqVae', latentDim: grid[0] * grid[1] * codeDim, grid, prior: codebookPrior(priorOf(config.prior, checks)), objective: vectorQuantization({ codes, codeDim, commitment, decay, restartBelow }), objectiveKinds: ['vectorQuantization'],
  });
}
