import type { Case } from './case';
import { elementwise } from './elementwise';
import { convolving, gathering, normalizing, resizing, volumes } from './images';
import { multiplying, reducing, shaping } from './shaping';

/** The operator matrix: every kernel that has a lowering stands in one case at least. */
export const cases: readonly Case[] = [...elementwise, ...reducing, ...shaping, ...multiplying, ...convolving, ...resizing, ...normalizing, ...gathering, ...volumes];
