import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import * as z from 'zod';
import { ensureTensorboard } from '../../../scripts/tools/tensorboard.mjs';
import { openRun } from '../../../src/client/hosts';
import { loadRuntime, OnnxSession } from '../../../src/host/engines/compiled/onnxSession';
import { readStripPng } from '../../../src/runs/pictures';
import { listRuns, type ListedRun } from '../../../src/runs/registry';
import { RunDirectory } from '../../../src/runs/runDirectory';
import { cli, run } from './terminal';

const top = mkdtempSync(path.join(os.tmpdir(), 'vae-lab-export-'));
process.env['VAE_LAB_STATE'] = path.join(top, 'state');
afterAll(() => { rmSync(top, { recursive: true, force: true }); });
const out = (...parts: string[]): string => path.join(top, 'out', ...parts);

const data = 'data: sprites({ trainCount: 128, testCount: 64 }), latentDim: 3, training: { batchSize: 32, epochs: 3 }';
const models = {
  mlp: `export const model = vae({ ${data}, encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 8, activation: 'relu' })], decoder: ({ layers }) => [layers.dense({ units: 8, activation: 'relu' })] });`,
  conv: `export const model = vae({ ${data}, encoder: ({ layers }) => [layers.conv2d({ filters: 4, kernelSize: 4, strides: 2, padding: 'same' }), layers.batchNormalization(), layers.leakyReLU(), layers.flatten()],
    decoder: ({ layers }) => [layers.dense({ units: 8 * 8 * 4, activation: 'relu' }), layers.reshape({ targetShape: [8, 8, 4] }), layers.conv2dTranspose({ filters: 4, kernelSize: 4, strides: 2, padding: 'same', activation: 'relu' }), layers.conv2dTranspose({ filters: 1, kernelSize: 4, strides: 2, padding: 'same' })] });`,
};
const runs = new Map<string, ListedRun>();
const runOf = (name: keyof typeof models): ListedRun => {
  const found = runs.get(name);
  if (!found) throw new Error(`The model ${name} was not trained.`);
  return found;
};
beforeAll(async () => {
  for (const [name, source] of Object.entries(models)) {
    const file = path.join(top, `${name}.vae.ts`);
    writeFileSync(file, `import { vae, sprites } from 'vae-lab';\n${source}\n`);
    expect((await cli('train', file)).stderr).toBe('');
    const [latest] = await listRuns();
    if (latest) runs.set(name, latest);
  }
});

describe('an exported run', () => {
  it.each(['mlp', 'conv'] as const)('as ONNX gives the pixels and the posterior that its host gives (%s)', async (name) => {
    const { dir, manifest } = runOf(name);
    const folder = out(`${name}-onnx`);
    const { status, stdout, stderr } = await cli('export', manifest.id, '--format', 'onnx', '--out', folder, '--batch', '5');
    expect([status, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(/Wrote .*encoder\.onnx\nWrote .*decoder\.onnx\nonnxruntime gives the model's own pixels with them, to within \d\.\de-\d+\./);
    const host = await openRun({ node: process.execPath, hostScript: path.resolve('dist/host.js'), dir, runId: manifest.id });
    try {
      const codes = Float32Array.from({ length: 15 }, (_, i) => Math.sin(i));
      const strip = await host.api.request('decode', { z: codes });
      const runtime = await loadRuntime();
      const bytes = readFileSync(path.join(folder, 'decoder.onnx'));
      expect(bytes.includes('com.microsoft')).toBe(false);
      const decoder = new OnnxSession(runtime, bytes);
      const pictures = new Float32Array(strip.pixels.length);
      decoder.run({ z: decoder.tensor(codes, [5, 3]) }, { pictures: decoder.tensor(pictures, [5, ...manifest.imageShape]) });
      expect(Math.max(...strip.pixels.map((pixel, i) => Math.abs(pixel - Math.round((pictures[i] ?? NaN) * 255))))).toBeLessThanOrEqual(1); // rounding to bytes
      expect(new Set(strip.pixels).size).toBeGreaterThan(4); // something is drawn
      const { originals, means } = await host.api.request('encode', { indices: [0, 1, 2, 3, 4] });
      const encoder = new OnnxSession(runtime, readFileSync(path.join(folder, 'encoder.onnx')));
      const [mean, logVariance] = [new Float32Array(15), new Float32Array(15)];
      encoder.run({ x: encoder.tensor(Float32Array.from(originals.pixels, (pixel) => pixel / 255), [5, ...manifest.imageShape]) }, { mean: encoder.tensor(mean, [5, 3]), logVariance: encoder.tensor(logVariance, [5, 3]) });
      mean.forEach((value, i) => { expect(value).toBeCloseTo(means[i] ?? NaN, 3); });
    } finally {
      host.close();
    }
  });

  it('as safetensors and TensorBoard events is what their own readers read', async ({ skip }) => {
    const python = await ensureTensorboard().catch((error: unknown) => {
      console.error(`\n!!! TensorBoard could not be set up, so its reader is NOT TRIED: ${String(error)}\n`);
      return undefined;
    });
    if (python === undefined) { skip(); return; }
    const { dir, manifest } = runOf('conv');
    expect((await cli('export', manifest.id, '--format', 'tensorboard', '--out', out('events'))).status).toBe(0);
    expect((await cli('export', manifest.id, '--format', 'safetensors', '--out', out('weights.safetensors'))).status).toBe(0);
    const { status, stdout, stderr } = await run(python, [path.resolve('test/host/process/readExports.py'), out('events'), out('weights.safetensors')]);
    expect(status, stderr).toBe(0);
    const seriesSchema = z.record(z.string(), z.array(z.tuple([z.number(), z.number(), z.number()])));
    const read = z.object({ events: z.record(z.string(), z.object({ scalars: seriesSchema, images: z.record(z.string(), z.array(z.tuple([z.number(), z.number(), z.number(), z.string()]))) })), tensors: z.record(z.string(), z.tuple([z.array(z.number()), z.string(), z.number()])) }).parse(JSON.parse(stdout));
    const directory = new RunDirectory(dir);
    const metrics = await directory.readMetrics();
    const began = new Date(manifest.createdAt).getTime() / 1000;
    const kinds = { 'train': metrics.filter(({ split }) => split === 'train'), 'held-out': metrics.filter(({ split, wholeSet }) => split === 'test' && !wholeSet), 'held-out-all': metrics.filter(({ wholeSet }) => wholeSet) };
    expect(Object.keys(read.events).sort()).toEqual(Object.keys(kinds).sort());
    for (const [kind, points] of Object.entries(kinds)) {
      expect(points.length).toBeGreaterThan(0);
      const scalars = read.events[kind]?.scalars;
      expect(scalars?.['loss'], kind).toEqual(points.map(({ step, loss, seconds }) => [step, Math.fround(loss), expect.closeTo(began + seconds, 3)]));
      expect(scalars?.['parts/kl']?.map(([, value]) => value)).toEqual(points.map(({ parts }) => Math.fround(parts['kl'] ?? NaN)));
    }
    expect(Object.keys(read.events['train']?.scalars ?? {})).toContain('gradientNorm');
    const [height, width] = manifest.imageShape;
    expect(read.events['held-out']?.images).toEqual({ samples: [[12, 8 * width, 2 * height, 'PNG']], reconstructions: [[12, 8 * width, 2 * height, 'PNG']] });
    const { checkpoint } = await directory.checkpoints.newest();
    const weights = checkpoint?.tensors.filter(({ name }) => !name.startsWith('optimizer/')) ?? [];
    expect(Object.keys(read.tensors).sort()).toEqual(weights.map(({ name }) => name).sort());
    for (const { name, shape, data: values } of weights) {
      expect(read.tensors[name]?.slice(0, 2)).toEqual([[...shape], 'float32']);
      expect(read.tensors[name]?.[2]).toBeCloseTo(values.reduce((sum, value) => sum + value, 0), 3);
    }
  });

  it('as a folder of PNGs holds each picture', async () => {
    const { manifest } = runOf('mlp');
    expect((await cli('export', manifest.id, '--format', 'png', '--out', out('png'), '-n', '6')).stdout).toContain('and 15 more');
    for (const kind of ['samples', 'originals', 'reconstructions']) expect(readdirSync(out('png', kind))).toEqual(['0000.png', '0001.png', '0002.png', '0003.png', '0004.png', '0005.png']);
    const grid = await cli('sample', manifest.id, '-n', '6', '--out', out('grid.png'));
    expect(grid.status).toBe(0);
    expect(readFileSync(out('png', 'samples.png'))).toEqual(readFileSync(out('grid.png')));
    const [height] = manifest.imageShape;
    expect(readStripPng(readFileSync(out('png', 'originals', '0003.png')), height)).toMatchObject({ count: 1, width: height });
  });

  it('says what to do where memory does not hold the examples that are asked for at once', async () => {
    const file = path.join(top, 'wide.vae.ts');
    const text = `import { vae, sprites } from 'vae-lab';\nexport const wide = vae({ ${data}, encoder: ({ layers }) => [layers.flatten()], decoder: ({ layers }) => [
      layers.dense({ units: 1 }), layers.reshape({ targetShape: [1, 1, 1] }), layers.upSampling2d({ size: [2, 2] }), layers.globalAveragePooling2d({})] });\n`;
    writeFileSync(file, text);
    const trained = await cli('train', file, '--engine', 'wasm', '--epochs', '1', '--json');
    const { dir, run } = JSON.parse(trained.stdout.split('\n')[0] ?? '') as { dir: string; run: string };
    const directory = new RunDirectory(dir);
    await directory.writeManifest({ ...await directory.readManifest(), source: text.replace('[2, 2]', '[2048, 2048]') }); // the same weights, and more pixels of them than an array holds
    const refused = await cli('export', run, '--format', 'onnx', '--out', out('wide'), '--batch', '4096');
    expect([refused.status, refused.stderr]).toEqual([1, 'The memory of this machine does not hold what this model makes of 4096 examples at once. Export it with --batch 1.\n']);
    expect(readdirSync(out())).not.toContain('wide');
  });

  it('is refused in a sentence, and nothing is written', async () => {
    const { manifest } = runOf('mlp');
    expect(await cli('export', manifest.id, '--out', out('none'))).toMatchObject({ status: 2, stderr: expect.stringContaining('--format must be one of onnx, safetensors, tensorboard, png.') as string });
    expect(await cli('export', manifest.id, '--format', 'gguf', '--out', out('none'))).toMatchObject({ status: 2, stderr: expect.stringContaining('got "gguf"') as string });
    expect(await cli('export', manifest.id, '--format', 'png')).toMatchObject({ status: 2, stderr: expect.stringContaining('--out FOLDER') as string });
    expect(await cli('export', manifest.id, '--format', 'png', '--out', out('none'), '-n', '5000')).toMatchObject({ status: 2, stderr: expect.stringContaining('-n must be at most 1024; got "5000".') as string });
    expect(await cli('export', manifest.id, '--format', 'onnx', '--out', out('none'), '--batch', '5000')).toMatchObject({ status: 2, stderr: expect.stringContaining('--batch must be at most 4096; got "5000".') as string });
    const file = path.join(top, 'wild.vae.ts');
    writeFileSync(file, `import { vae, sprites } from 'vae-lab';\nexport const model = vae({ ${data}, encoder: ({ layers }) => [layers.flatten()], decoder: () => (z) => { const [first] = z.dataSync(); return first > 100 ? z.mul(2) : z; } });\n`);
    await cli('train', file, '--engine', 'wasm', '--epochs', '1');
    const refused = await cli('export', 'last', '--format', 'onnx', '--out', out('wild'));
    expect(refused.status).not.toBe(0);
    expect(refused.stderr).toContain('This model cannot be written as ONNX.');
    expect(readdirSync(out())).not.toContain('wild');
  });
});
