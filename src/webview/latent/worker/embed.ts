import { UMAP } from 'umap-js';
import { rowOf } from '../../../latent/paths';

const NEIGHBOURS = 15;
const TELL_EVERY_MS = 250;
const PLACED_AT_ONCE = 500;
/** Tommy Ettinger's mulberry32: the same data gives the same map. */
function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  };
}

interface Told { readonly stage: 'fit' | 'place'; readonly done: number; readonly places?: Float32Array }

/** UMAP of [n, size]: `fitted` examples, evenly spread, are fitted; each other is placed by its neighbours among them. [n, 2] */
export async function embed(data: Float32Array, size: number, fitted: number, tell: (told: Told) => void): Promise<Float32Array> {
  const count = data.length / size;
  const places = new Float32Array(count * 2).fill(NaN);
  const shown = Math.min(fitted, count);
  const chosen = Array.from({ length: shown }, (_, i) => Math.floor(i * count / shown));
  const rows = (indices: readonly number[]): number[][] => indices.map((index) => Array.from(rowOf(data, size, index)));
  const put = (indices: readonly number[], found: readonly number[][]): void => { indices.forEach((index, i) => { places.set(found[i]?.slice(0, 2) ?? [], index * 2); }); };
  if (count < 4) { // too few to have neighbours
    chosen.forEach((index) => { places.set([data[index * size] ?? 0, data[index * size + Math.min(1, size - 1)] ?? 0], index * 2); });
    return places;
  }
  const umap = new UMAP({ nComponents: 2, nNeighbors: Math.min(NEIGHBOURS, shown - 1), minDist: 0.1, random: seeded(1) });
  const epochs = umap.initializeFit(rows(chosen));
  let told = performance.now();
  for (let epoch = 0; epoch < epochs; epoch++) {
    umap.step();
    if (performance.now() - told < TELL_EVERY_MS) continue;
    told = performance.now();
    put(chosen, umap.getEmbedding());
    tell({ stage: 'fit', done: epoch / epochs, places });
  }
  put(chosen, umap.getEmbedding());
  const known = new Set(chosen);
  const others = Array.from({ length: count }, (_, i) => i).filter((index) => !known.has(index));
  for (let from = 0; from < others.length; from += PLACED_AT_ONCE) {
    const next = others.slice(from, from + PLACED_AT_ONCE);
    tell({ stage: 'place', done: from / others.length, places });
    put(next, umap.transform(rows(next)));
  }
  return places;
}
