import { betaVaeB } from './betaVaeB';
import { iwaeOrder } from './iwaeOrder';
import type { Protocol } from './protocol';
import { referenceVae } from './referenceVae';

/** By the names that `npm run reproduce -- NAME` takes. */
export const protocols: Readonly<Record<string, Protocol>> = { 'reference-vae': referenceVae, 'iwae-order': iwaeOrder, 'beta-vae-b': betaVaeB };
