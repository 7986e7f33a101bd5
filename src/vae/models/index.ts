import type { ModelKind } from '../../spec/models';
import type { VaeModel } from '../model';
import { autoencoder } from './autoencoder';
import { conditionalVae } from './conditionalVae';
import { vae } from './vae';
import { vqVae } from './vqVae';

/** The functions that make a model, by name: a missing one does not compile. */
export const models: { readonly [K in ModelKind]: (config: never) => VaeModel } = { vae, autoencoder, conditionalVae, vqVae };

export { autoencoder, type AutoencoderConfig } from './autoencoder';
export { conditionalVae, type ConditionalVaeConfig } from './conditionalVae';
export { vae, type VaeConfig } from './vae';
export { whereMade } from './describe';
export { vqVae, type VqVaeConfig } from './vqVae';
