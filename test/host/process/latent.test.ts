import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { decode } from 'fast-png';
import { openRun, type RunConnection } from '../../../src/client/hosts';
import { latentSnippet } from '../../../src/spec/snippet';
import type { LatentItem } from '../../../src/spec/latentItem';
import { gone, hosts, place, reached } from './running';
import { cli } from './terminal';

const MODEL = `import { vae, sprites, latentDirection, latentGroup, latentPath, latentPoint } from 'vae-lab';
export const small = vae({ data: sprites({ trainCount: 256, testCount: 70 }), latentDim: 3,
  encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 16, activation: 'relu' })],
  decoder: ({ layers }) => [layers.dense({ units: 16, activation: 'relu' })], training: { epochs: 100000, batchSize: 32 } });
`;

const held = hosts({});
async function start(): Promise<RunConnection> {
  const run = await held.start(MODEL);
  await reached(run, 'running');
  return run;
}

/** Stops the run, and opens it as one that is looked at. */
async function finished(run: RunConnection): Promise<RunConnection> {
  await run.api.request('stop', {});
  await reached(run, 'stopped');
  const left = gone(run);
  void run.api.request('shutdown', {}).catch(() => undefined);
  await left;
  return held.keep(await openRun({ ...place, dir: run.dir, runId: run.runId }));
}
const items = ([a = [], b = []]: number[][]): readonly LatentItem[] => [
  { kind: 'point', z: a }, { kind: 'path', through: [a, b, [0, 0, 0]], steps: 5, along: 'greatCircle' },
  { kind: 'direction', from: a, direction: b, strengths: [-1, 0, 1] }, { kind: 'group', split: 'test', indices: [3, 1, 69] },
];

describe('the latent space of a run', () => {
  it('is encoded in pieces while it trains, and the same pieces when it has ended', async () => {
    const run = await start();
    expect(await run.api.request('describeData', {})).toEqual({ trainCount: 256, testCount: 70, classes: 3, factorNames: ['shape', 'scale', 'rotation', 'x', 'y'], codeIs: 'gaussian' });
    const before = (await run.api.request('encodePiece', { split: 'test', from: 0, count: 64 })).step;
    let last = await run.api.request('encodePiece', { split: 'test', from: 64, count: 64 });
    while (last.step === before) last = await run.api.request('encodePiece', { split: 'test', from: 64, count: 64 }); // training goes on between pieces
    expect([last.count, last.means.length, last.kl.length, last.factors?.length, last.labels?.length]).toEqual([6, 18, 6, 30, 6]);
    const viewer = await finished(run);
    const pieces = [await viewer.api.request('encodePiece', { split: 'test', from: 0, count: 40 }), await viewer.api.request('encodePiece', { split: 'test', from: 40, count: 40 })];
    const encoded = await viewer.api.request('encode', { indices: Array.from({ length: 70 }, (_, i) => i) });
    expect(Float32Array.from(pieces.flatMap(({ means }) => [...means]))).toEqual(encoded.means);
    expect(pieces.map(({ count }) => count)).toEqual([40, 30]);
    expect([...pieces[0]?.kl ?? [], ...pieces[0]?.reconstruction ?? []].every((value) => value > 0 && Number.isFinite(value))).toBe(true);
    expect((await viewer.api.request('encodePiece', { split: 'train', from: 256, count: 10 })).count).toBe(0);
    expect(await viewer.api.request('examples', { split: 'test', indices: [2] })).toEqual((await viewer.api.request('encode', { indices: [2] })).originals);
    await expect(viewer.api.request('examples', { split: 'test', indices: [70] })).rejects.toThrow('sprites has no test example 70; there are 70.');
  });

  it('takes a picture of one\'s own, of the model\'s size only', async () => {
    const run = await start();
    const own = await run.api.request('examples', { split: 'test', indices: [4, 5] });
    await run.api.request('pause', {});
    const { means, reconstructions } = await run.api.request('encodePictures', { pictures: own });
    const encoded = await run.api.request('encode', { indices: [4, 5] });
    expect(means).toEqual(encoded.means);
    expect(reconstructions).toEqual(await run.api.request('decode', { z: means }));
    await expect(run.api.request('encodePictures', { pictures: { count: 1, height: 2, width: 2, channels: 3, pixels: new Uint8Array(12) } })).rejects.toThrow('The model takes pictures of 32x32 with 1 channels, not of 2x2 with 3.');
  });

  it('keeps what is found under a name, and draws it again: from the run, and from code', async () => {
    const viewer = await finished(await start());
    const { means } = await viewer.api.request('encode', { indices: [0, 1] });
    const found = items([[...means.slice(0, 3)], [...means.slice(3)]]);
    for (const [i, item] of found.entries()) await viewer.api.request('saveItem', { name: `item ${i}`, item });
    expect((await viewer.api.request('items', {})).items.map(({ item }) => item)).toEqual(found);
    const code = path.join(held.top, 'found.vae.ts');
    await writeFile(code, MODEL + found.map((item) => latentSnippet(item, item.kind, 'Found')).join(''));
    for (const item of found) {
      const drawn = await viewer.api.request('drawItem', { item });
      expect(await viewer.api.request('drawExport', { file: code, name: item.kind })).toEqual(drawn); // the snippet gives the same pictures, to the byte
    }
    expect((await viewer.api.request('drawItem', { item: { kind: 'direction', from: [...means.slice(0, 3)], direction: [1, 0, 0], strengths: [0] } })).pictures).toEqual(await viewer.api.request('decode', { z: means.slice(0, 3) }));
    const group = await viewer.api.request('drawExport', { file: code, name: 'group' });
    const { originals, reconstructions } = await viewer.api.request('reconstruct', { indices: [3, 1, 69] });
    expect(group.pictures.pixels).toEqual(Uint8Array.from([...originals.pixels, ...reconstructions.pixels]));
    await expect(viewer.api.request('drawExport', { file: code, name: 'other' })).rejects.toThrow('found.vae.ts exports no place, path, direction or group named "other". It exports: direction, group, path, point.');
    await expect(viewer.api.request('drawExport', { file: held.modelFile, name: 'other' })).rejects.toThrow('small.vae.ts exports nothing made by latentPoint()');
    await expect(viewer.api.request('drawItem', { item: { kind: 'point', z: [1, 2] } })).rejects.toThrow('z holds 2 values; give a multiple of 3.');
    expect((await viewer.api.request('deleteItem', { name: 'item 0' })).items).toHaveLength(3);
    expect(JSON.parse(await readFile(path.join(viewer.dir, 'items.json'), 'utf8'))).toMatchObject({ schemaVersion: 1 });

    const picture = path.join(held.top, 'path.png');
    const draw = (...args: string[]) => cli('draw', viewer.runId, ...args);
    expect((await draw('path', '--from', code, '--out', picture)).stderr).toBe('');
    const { width, height, data } = decode(await readFile(picture));
    const { pictures } = await viewer.api.request('drawItem', { item: found[1] ?? { kind: 'point', z: [] } });
    expect([width, height, data[32 * 5 - 1], data[0]]).toEqual([160, 32, pictures.pixels[4 * 1024 + 31], pictures.pixels[0]]);
    expect((await draw('item 1', '--out', path.join(held.top, 'path.gif'))).status).toBe(0);
    expect((await readFile(path.join(held.top, 'path.gif'))).subarray(0, 6).toString()).toBe('GIF89a');
    expect((await draw('nothing', '--out', picture)).stderr).toContain('The run keeps nothing named "nothing". It keeps: item 1, item 2, item 3.');
  });
});
