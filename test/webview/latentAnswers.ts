import { alongDirection, pathThrough, rowsOf } from '../../src/latent/paths';
import { nearest } from '../../src/latent/neighbours';
import type { HostResult } from '../../src/protocol/hostApi';
import type { ImageStrip } from '../../src/protocol/images';
import type { latentRequests } from '../../src/protocol/latentApi';
import type { NamedItem } from '../../src/protocol/latentItems';
import type { Handlers } from '../../src/protocol/rpc';

const SIZE = 4;
const pick = (strip: ImageStrip, indices: readonly number[]): ImageStrip => {
  const size = strip.height * strip.width * strip.channels;
  return { ...strip, count: indices.length, pixels: Uint8Array.from(indices.flatMap((index) => [...strip.pixels.subarray(index * size, (index + 1) * size)])) };
};

/** A latent space for tests: the recorded held-out examples, of three classes; a place decodes to the example nearest to it. */
export function latentAnswers(encoded: HostResult<'encode'>): Handlers<typeof latentRequests> & { decode: (params: { z: Float32Array }) => Promise<ImageStrip> } {
  const { originals, means, logVariances } = encoded;
  const decode = ({ z }: { z: Float32Array }): Promise<ImageStrip> => Promise.resolve(pick(originals, [...nearest(means, SIZE, z, 1).indices]));
  let items: NamedItem[] = [];
  return {
    decode,
    describeData: () => Promise.resolve({ trainCount: 640, testCount: originals.count, classes: 3, factorNames: ['scale', 'rotation'], codeIs: 'gaussian' }),
    describePrior: () => Promise.resolve({ kind: 'normal' }),
    encodePiece: ({ from, count }) => {
      const end = Math.min(from + count, originals.count);
      const part = (values: Float32Array): Float32Array => values.slice(from * SIZE, end * SIZE);
      const each = (value: (i: number) => number): Float32Array => Float32Array.from({ length: Math.max(0, end - from) }, (_, i) => value(from + i));
      return Promise.resolve({
        step: 100, count: Math.max(0, end - from), means: part(means), logVariances: part(logVariances), reconstruction: each((i) => 80 + (i % 50)), kl: each((i) => 10 + (i % 7)),
        labels: each((i) => i % 3), factors: Float32Array.from({ length: 2 * Math.max(0, end - from) }, (_, i) => i),
      });
    },
    examples: ({ indices }) => Promise.resolve(pick(originals, indices.map((index) => index % originals.count))),
    encodePictures: ({ pictures }) => Promise.resolve({ means: means.slice(0, SIZE * pictures.count), logVariances: logVariances.slice(0, SIZE * pictures.count), reconstructions: pick(originals, Array.from({ length: pictures.count }, (_, i) => i)) }),
    drawItem: async ({ item }) => {
      if (item.kind === 'group') return { columns: item.indices.length, pictures: pick(originals, [...item.indices, ...item.indices]) };
      const z = item.kind === 'point' ? Float32Array.from(item.z) : item.kind === 'path' ? pathThrough(rowsOf(item.through), SIZE, item.steps, item.along) : alongDirection(item.from, item.direction, item.strengths);
      return { columns: z.length / SIZE, pictures: await decode({ z }) };
    },
    drawExport: () => Promise.reject(new Error('Panels do not draw exports.')),
    items: () => Promise.resolve({ items }),
    saveItem: (item) => { items = [...items.filter(({ name }) => name !== item.name), item]; return Promise.resolve({ items }); },
    deleteItem: ({ name }) => { items = items.filter((item) => item.name !== name); return Promise.resolve({ items }); },
  };
}
