import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { decode } from 'fast-png';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gridPng } from '../../../src/runs/pictures';
import { loadDataset } from '../../../src/host/datasets/index';
import { mnist } from '../../../src/vae/index';
import { cliWith } from './terminal';

const top = mkdtempSync(path.join(os.tmpdir(), 'vae-lab-uses-'));
afterAll(() => { rmSync(top, { recursive: true, force: true }); });
const file = path.join(top, 'digits.vae.ts');
const runs = new Map<string, string>();
const out = (name: string): string => path.join(top, name);
const cli = (...args: string[]) => cliWith({ env: { ...process.env, VAE_LAB_STATE: path.join(top, 'state') } }, ...args);
async function json<T>(...args: string[]): Promise<T> {
  const { stdout, stderr, status } = await cli(...args, '--json');
  expect([status, stderr]).toEqual([0, '']);
  return JSON.parse(stdout) as T;
}
const size = (name: string): [number, number] => { const { width, height } = decode(readFileSync(out(name))); return [width, height]; };

/** Two passes over the digits, without the twos or with noise: enough that what is asserted here is far from its bounds. */
describe.skipIf(!process.env['VAE_LAB_DATA'])('a model of MNIST', () => {
  beforeAll(async () => {
    writeFileSync(file, `import { gaussianNoise, mnist, vae } from 'vae-lab';
const rest = { latentDim: 16, encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 200, activation: 'relu' })], decoder: ({ layers }) => [layers.dense({ units: 200, activation: 'relu' })], training: { batchSize: 200 } };
export const denoising = vae({ data: mnist({ corruption: gaussianNoise({ sigma: 0.4 }) }), ...rest });
export const digits = vae({ data: mnist({ leaveOut: [2] }), ...rest });
`);
    for (const model of ['denoising', 'digits']) {
      const { stdout, stderr } = await cli('train', file, '--model', model, '--epochs', '2', '--json');
      expect(stderr).toBe('');
      runs.set(model, (JSON.parse(stdout.split('\n')[0] ?? '') as { run: string }).run);
    }
  }, 400_000);

  it('tells a class that it has not seen from those that it has', async () => {
    interface Answer { auc: { value: number; standardError: number; outliers: number; others: number }; highest: { index: number; score: number }[]; protocol: object }
    const elbo = await json<Answer>('anomalies', 'last', '--class', '2', '--examples', '2000', '--out', out('anomalies.png'));
    const reconstruction = await json<Answer>('anomalies', 'last', '--class', '2', '--examples', '2000', '--score', 'reconstruction');
    console.log('AUC of the twos:', elbo.auc, reconstruction.auc);
    for (const { auc } of [elbo, reconstruction]) {
      expect(auc.value - 3 * auc.standardError).toBeGreaterThan(0.7);
      expect([auc.outliers, auc.others]).toEqual([219, 1781]);
    }
    expect(elbo.protocol).toMatchObject({ data: 'mnist', split: 'test', examples: 2000, measure: 'Bernoulli', score: '-ELBO', draws: 4, outlier: '2', seed: 1 });
    expect(elbo.highest.map(({ score }) => score)).toEqual([...elbo.highest.map(({ score }) => score)].sort((a, b) => b - a));
    expect(size('anomalies.png')).toEqual([6 * 28, 6 * 28]);
    const wrong = await cli('anomalies', 'last', '--class', '11');
    expect(wrong.stderr).toContain('hold 0 of the class 11 and 10000 others: a ROC curve needs both.');
  });

  it('takes noise away, and fills in what is covered', async () => {
    interface Answer { before: number; after: number; protocol: { damage: string } }
    const noise = await json<Answer>('denoise', runs.get('denoising') ?? '', '--noise', '0.4', '--examples', '500', '-n', '5', '--out', out('denoise.png'));
    const box = await json<Answer>('complete', 'last', '--box', '10', '--examples', '500', '-n', '5', '--out', out('complete.png'));
    console.log('mean squared errors:', noise, box);
    expect(noise.after).toBeLessThan(noise.before / 1.5); // of a model that learned to
    expect(box.after).toBeLessThan(box.before / 1.5);
    expect([noise.protocol.damage, box.protocol.damage]).toEqual(['gaussianNoise(sigma 0.4)', 'maskBox(height 10, width 10)']);
    expect([size('denoise.png'), size('complete.png')]).toEqual([[5 * 28, 3 * 28], [5 * 28, 3 * 28]]);
    const rows = (name: string): Uint8Array => Uint8Array.from(decode(readFileSync(out(name))).data);
    const [whole, part] = [5 * 28 * 28, rows('complete.png')];
    const [original, covered, mended] = [part.subarray(0, whole), part.subarray(whole, 2 * whole), part.subarray(2 * whole)];
    expect(original.some((value, i) => value !== covered[i])).toBe(true);
    original.forEach((value, i) => { if (covered[i] !== 0) expect(mended[i]).toBe(value); }); // what is known stays
  });

  it('moves digits towards another class', async () => {
    const { status, stderr } = await cli('attribute', 'last', '--from', '7', '--to', '0', '-n', '4', '--out', out('attribute.png'));
    expect([status, stderr]).toEqual([0, '']);
    expect(size('attribute.png')).toEqual([6 * 28, 4 * 28]);
    const { data } = decode(readFileSync(out('attribute.png')));
    /** The middle of a nought is dark; 7s have ink there. By column, over all rows of pictures. */
    const middle = (column: number): number => [0, 1, 2, 3].reduce((sum, row) => sum + [12, 13, 14, 15].reduce((all, y) => all + [12, 13, 14, 15].reduce((line, x) => line + (data[(row * 28 + y) * 6 * 28 + column * 28 + x] ?? 0), 0), 0), 0);
    expect(middle(5)).toBeLessThan(middle(0));
    expect((await cli('attribute', 'last', '--from', '7', '--to', '12', '--out', out('x.png'))).stderr).toContain('hold none of the class 12');
  });

  it('compresses pictures, and gives them back bit by bit', async () => {
    const dataset = await loadDataset(mnist());
    const values = dataset.batch('test', Array.from({ length: 150 }, (_, i) => i)).data;
    const pixels = Uint8Array.from(values, (value) => Math.round(value * 255));
    writeFileSync(out('strip.png'), gridPng([{ count: 150, height: 28, width: 28, channels: 1, pixels }], 1));
    const { count, bytes, bits } = await json<{ count: number; bytes: number; bits: { raw: number; deflate: number; codes: number; pixels: number; file: number } }>('compress', 'last', '--from', out('strip.png'), '--out', out('digits.vae'));
    const thousand = await json<{ bits: { raw: number; deflate: number; codes: number; file: number } }>('compress', 'last', '--examples', '1000', '--out', out('thousand.vae'));
    console.log('bits a picture:', bits, thousand.bits);
    expect([count, bytes]).toEqual([150, readFileSync(out('digits.vae')).length]);
    expect(bits.file).toBeCloseTo(bytes * 8 / 150, 6);
    expect(bits.codes + bits.pixels).toBeLessThanOrEqual(bits.file);
    expect(thousand.bits.file).toBeLessThan(thousand.bits.deflate);
    const { status, stderr } = await cli('decompress', 'last', out('digits.vae'), '--out', out('back.png'));
    expect([status, stderr]).toEqual([0, '']);
    expect(Uint8Array.from(decode(readFileSync(out('back.png'))).data)).toEqual(pixels);

    const whole = readFileSync(out('digits.vae'));
    const damaged = Uint8Array.from(whole);
    damaged[damaged.length - 100] = (damaged[damaged.length - 100] ?? 0) ^ 255;
    for (const [wrong, sentence] of [[damaged, 'The pictures did not come back as they were'], [whole.subarray(0, 30), 'The compressed file is cut short.'], [Buffer.from('GIF89a'), 'This is no file that "vae-lab compress" wrote.'], [Buffer.from(whole.toString('latin1').replace('"count":', '"cuont":'), 'latin1'), 'The compressed file is damaged.']] as const) {
      writeFileSync(out('wrong.vae'), wrong);
      const failed = await cli('decompress', 'last', out('wrong.vae'), '--out', out('x.png'));
      expect([failed.status, failed.stderr]).toEqual([1, expect.stringContaining(sentence)]);
    }
    const other = Buffer.from(whole.toString('latin1').replace(/"step":\d/, '"step":9'), 'latin1');
    writeFileSync(out('wrong.vae'), other);
    expect((await cli('decompress', 'last', out('wrong.vae'), '--out', out('x.png'))).stderr).toContain('only that model restores it');
  });
});
