import type { AfterEpoch } from './train';
import type { VaeModel } from '../../src/vae/index';

/** One number that came out. */
export interface Found { readonly metric: string; readonly ours: number; readonly standardError?: number }
/** A number to be had after an epoch, and what it is held against: a published or PyTorch's figure, and how far from it, or between which bounds, the mean over seeds may be. */
export interface Reference { readonly metric: string; readonly epoch: number; readonly reference: number | undefined; readonly within?: number; readonly between?: readonly [number, number] }

/** A model that a protocol trains, and what is computed of it after which epochs. */
export interface Part {
  readonly model: () => Promise<VaeModel>;
  /** Where they are not the protocol's. */
  readonly epochs?: number;
  readonly evaluate: (after: AfterEpoch) => Promise<readonly Found[]>;
}
/** A training whose outcome is known from elsewhere. */
export interface Protocol {
  /** What is trained and where the figures come from, in sentences. */
  readonly what: string;
  readonly epochs: number;
  readonly seeds: number;
  readonly references: readonly Reference[];
  /** Metrics, each of whose means must be above that of the next. */
  readonly order?: readonly string[];
  /** The one of which `--json` prints a line an evaluated epoch; all where absent. */
  readonly told?: string;
  readonly parts: readonly Part[];
}
