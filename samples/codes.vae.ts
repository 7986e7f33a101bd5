import { adam, mnist, resnetConv, vqVae } from 'vae-lab';

/** Digits as grids of 7x7 codes, each one of 64 (van den Oord et al. 2017): 294 bits a digit. While it trains, its samples are of codes drawn each by itself, so they are strokes and no digits; when training ends a prior over the codes is learned, under which a digit takes half the bits, and samples are digits. */
export const mosaics = vqVae({
  data: mnist(),
  grid: [7, 7],
  codes: 64,
  codeDim: 8,
  ...resnetConv({ filters: 32, blocks: 1 }),
  training: { epochs: 5, batchSize: 128, optimizer: adam({ learningRate: 1e-3 }), seed: 1 },
});
