import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { manifestSchema } from '../../../src/protocol/run';
import { cliWith } from './terminal';

const top = mkdtempSync(path.join(os.tmpdir(), 'vae-lab-test-'));
afterAll(() => { rmSync(top, { recursive: true, force: true }); });
const cli = (...args: string[]) => cliWith({ cwd: os.tmpdir(), env: { ...process.env, VAE_LAB_STATE: path.join(top, 'state') } }, ...args);
const file = path.join(top, 'own.vae.ts');
/** Trains two epochs on these data. */
function train(data: string, besides = '') {
  writeFileSync(file, `import * as lab from 'vae-lab';\n${besides}
export const own = lab.vae({ data: lab.${data}, latentDim: 3, encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 8, activation: 'relu' })],
  decoder: ({ layers }) => [layers.dense({ units: 8, activation: 'relu' })], training: { epochs: 2, batchSize: 16 } });\n`);
  return cli('train', file, '--json');
}
const manifestOf = (stdout: string) => {
  const { dir } = JSON.parse(stdout.split('\n')[0] ?? '') as { dir: string };
  return manifestSchema.parse(JSON.parse(readFileSync(path.join(dir, 'run.json'), 'utf8')));
};

describe('a run on one\'s own data', () => {
  cpSync('samples/pictures', path.join(top, 'pictures'), { recursive: true });
  writeFileSync(path.join(top, 'pictures', 'bars', 'broken.png'), 'no picture');

  it('keeps in its manifest what it was trained on, and can be looked at afterwards', async () => {
    const { stdout, stderr, status } = await train(`imageFolder('pictures', { size: 12, labels: 'folders', unreadable: 'skip', binarization: 'dynamic', validation: 10, corruption: lab.maskBox({ height: 4 }) })`);
    expect([status, stderr.trim()]).toEqual([0, `1 of 91 images in ${path.join(top, 'pictures')} cannot be read and are left out (bars/broken.png).`]);
    const manifest = manifestOf(stdout);
    expect(manifest).toMatchObject({ state: { kind: 'completed' }, imageShape: [12, 12, 1], testCount: 10, data: {
      name: 'imageFolder pictures', fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) as string, trainCount: 71, validationCount: 10, testCount: 9, heldOut: 'validation', binarization: 'dynamic', corruption: ['maskBox(height 4, width 4)'], classes: 3,
    } });
    expect(manifestSchema.parse({ ...manifest, data: undefined }).data).toBeUndefined(); // as of earlier versions
    expect(await cli('reconstruct', 'last', '--out', path.join(top, 'r.png'))).toMatchObject({ status: 0, stderr: '' });
  });
  it('is trained on what a generator makes', async () => {
    const { stdout, stderr, status } = await train(`generator({ shape: [8, 8, 1], trainCount: 64, testCount: 16, async *train(given) { yield* dots(given); }, test: dots })`,
      `function* dots({ random }: lab.GeneratorContext) { for (;;) { const x = new Float32Array(64); x[Math.floor(64 * random.uniform())] = 1; yield x; } }`);
    expect([status, stderr]).toEqual([0, '']);
    expect(manifestOf(stdout)).toMatchObject({ stepsPerEpoch: 4, lastStep: 8, data: { name: 'generator', trainCount: 64, testCount: 16 } });
  });
  it.each([
    ['a broken picture', `imageFolder('pictures')`, /1 of 91 images in .*pictures cannot be read: bars\/broken\.png \(it is neither a PNG nor a JPEG\)/],
    ['a hole in a table', `csv('hole.csv')`, /hole\.csv, line 3, column b is empty/],
    ['a file that is not there', `npy('none.npy')`, /none\.npy cannot be read: ENOENT/],
    ['a split that is empty', `sprites({ trainCount: 20, validation: 20 })`, /The training split of sprites is empty/],
    ['a generator that ends', `generator({ shape: [2, 2, 1], trainCount: 64, testCount: 1, *train() { yield new Float32Array(80); }, *test() { yield new Float32Array(4); } })`, /train ended after 20 examples of epoch 1, where 64 are wanted/],
  ])('ends with the sentence and the code for data on %s', async (_, data, sentence) => {
    writeFileSync(path.join(top, 'hole.csv'), 'a,b\n0,1\n0,\n');
    const { status, stderr } = await train(data);
    expect([status, stderr]).toEqual([4, expect.stringMatching(sentence) as string]);
  });
});
