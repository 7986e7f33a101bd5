import path from 'node:path';
import * as z from 'zod';
import { imageStripSchema } from '../../../src/protocol/binary';
import { evaluationSchema, pairsSchema, type Evaluation } from '../../../src/protocol/evaluation';
import { momentPicturesSchema, momentSchema } from '../../../src/protocol/moments';
import { manifestSchema } from '../../../src/protocol/run';
import { itemsFileSchema, type NamedItem } from '../../../src/protocol/latentItems';
import { CompressedFileError, compress, decompress } from '../../../src/host/uses/compress';
import { RunEvaluations } from '../../../src/runs/evaluations';
import { interrupted } from '../../../src/runs/interrupted';
import { DamagedItemsError, RunItems } from '../../../src/runs/items';
import { DamagedMomentError, Moments } from '../../../src/runs/moments';
import { readNotes } from '../../../src/runs/notes';
import { stripPng } from '../../../src/runs/pictures';
import { RunDirectory } from '../../../src/runs/runDirectory';
import { codecOf } from '../../host/uses/codec';
import { asFile, scratch } from '../scratch';
import { bytesOf, type Target } from '../target';
import { manifest, point, strip } from './files';

const json = (value: unknown): Uint8Array => bytesOf(JSON.stringify(value));
/**
 * Files of which each input is one, told by its first byte, the others being as they should be: what is made of them all has to be what a panel takes.
 * @throws what `read` throws, and ZodError where its result is not of the schema
 */
function oneOfSeveral<T>(folder: string, list: () => readonly (readonly [name: string, content: Uint8Array])[], read: (dir: string) => Promise<unknown>, schema: z.ZodType<T>, refuses: Target['refuses']): Target {
  let made: ReturnType<typeof list> | undefined;
  const files = () => (made ??= list());
  let wrong: number | undefined;
  return {
    seeds: () => files().map(([, content], i) => new Uint8Array(Buffer.concat([Uint8Array.of(i), content]))),
    read: async (input) => {
      const all = files();
      const chosen = (input[0] ?? 0) % all.length;
      for (const [i, [name, content]] of all.entries()) if (i === chosen || i === wrong || wrong === undefined) asFile(path.join(folder, name), i === chosen ? input.subarray(1) : content);
      wrong = chosen;
      schema.parse(await read(path.join(scratch(), folder)));
    },
    refuses, share: 0.1,
  };
}

const items: NamedItem[] = [
  { name: 'a face', item: { kind: 'point', z: [0.5, -1] } }, { name: 'smile', item: { kind: 'direction', from: [0, 0], direction: [1, 0.5], strengths: [-1, 0, 1] } },
  { name: 'way', item: { kind: 'path', through: [[0, 0], [1, 1]], steps: 8, along: 'greatCircle' } }, { name: 'those', item: { kind: 'group', split: 'test', indices: [0, 7] } },
];
const evaluation: Evaluation = {
  schemaVersion: 1, id: '20260101-000000-abcd', run: manifest.id, model: 'shapes', step: 46, at: '2026-01-01T00:00:00.000Z', engine: 'compiled', device: 'CPU', seconds: 2.5,
  metrics: [{ name: 'negativeElbo', value: 131.2, standardError: 0.4, parts: { reconstruction: 106.3, kl: 24.9 }, protocol: { data: 'sprites', examples: 1000, seed: 1 } }], pairs: [{ training: 3, distance: 0.5 }, { training: 8, distance: 2 }],
};
const pictures = strip(6, 1);
/** Codes and predictions made of numbers alone, as a model's are: some out of range, and one that is none. */
const codec = codecOf({
  imageShape: [4, 4, 1], run: manifest.id, step: 46,
  program: {
    encode: ({ count, data }) => Promise.resolve({ mean: Float32Array.from({ length: count * 2 }, (_, i) => ((data[i] ?? 0) - 0.5) * 9), logVariance: new Float32Array(count * 2) }),
    decode: (codes, count) => Promise.resolve(Float32Array.from({ length: count * 16 }, (_, i) => (i === 3 ? NaN : (codes[i >> 3] ?? 0) / 3 + 0.5))),
  },
});

/** Files of a run's folder, each read by what reads it there, and those that are written with its model. */
export const runFiles = {
  images: oneOfSeveral('images', () => [['images/step.json', json({ step: 46, height: 4 })], ...(['originals', 'reconstructions', 'samples'] as const).map((kind) => [`images/${kind}.png`, stripPng(strip(2, 1))] as const)],
    (dir) => new RunDirectory(dir).readImages(), z.object({ step: z.number().int(), originals: imageStripSchema, reconstructions: imageStripSchema, samples: imageStripSchema }).optional(), []),
  moments: oneOfSeveral('moments', () => [
    ['moments/index.jsonl', bytesOf(`${JSON.stringify({ step: 8, seconds: 1.5, klNats: [0.5, 2] })}\n${JSON.stringify({ step: 16, seconds: 3, klNats: [] })}\n`)], ['moments/examples.json', json({ height: 4, shown: 2, latentDim: 2, labels: [1, 0] })],
    ['moments/originals.png', stripPng(strip(2, 1))], ['moments/step-8.png', stripPng(strip(4, 1))], ['moments/step-8.f32', new Uint8Array(Float32Array.of(1, 2, 3, 4).buffer)],
  ], async (dir) => {
    const moments = new Moments(dir);
    return { all: await moments.list(), seen: await moments.read(8) };
  }, z.object({ all: z.array(momentSchema), seen: momentPicturesSchema }), [DamagedMomentError]),
  notes: { seeds: () => [json({ schemaVersion: 1, label: 'the usual beta', pinned: true }), json({ schemaVersion: 1 })], read: async (input) => readNotes(path.dirname(asFile('notes/notes.json', input))), refuses: [], share: 0.3 },
  items: {
    seeds: () => [json({ schemaVersion: 1, items }), ...items.map((item) => json({ schemaVersion: 1, items: [item] }))],
    read: async (input) => itemsFileSchema.parse({ schemaVersion: 1, items: await new RunItems(path.dirname(asFile('items/items.json', input))).read() }), refuses: [DamagedItemsError], share: 0.3,
  },
  evaluations: oneOfSeveral('evaluations', () => [[`evaluations/${evaluation.id}.json`, json(evaluation)], [`evaluations/${evaluation.id}.png`, stripPng(strip(4, 1))]],
    (dir) => new RunEvaluations(dir).read(), z.object({ evaluations: z.array(evaluationSchema), pairs: pairsSchema.optional() }), []),
  lastMetric: { seeds: () => [json(point), bytesOf(`${JSON.stringify(point)}\n${JSON.stringify({ ...point, step: 47, split: 'test' })}\n{"step":48,"sp`)], read: async (input) => manifestSchema.parse(await interrupted(path.dirname(asFile('last/metrics.jsonl', input)), manifest)), refuses: [], share: 0.3 },
  compressed: { seeds: async () => [(await compress(codec, pictures)).file, (await compress(codec, strip(70, 1))).file], read: (input) => decompress(codec, input), refuses: [CompressedFileError], share: 0.5 },
} satisfies Record<string, Target>;
