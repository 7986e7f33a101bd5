import { readFileSync } from 'node:fs';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { evaluationSchema } from '../../../src/protocol/evaluation';
import { hosts, reached } from './running';
import { cli } from './terminal';

const model = (training: string): string => `import { vae, sprites } from 'vae-lab';
export const small = vae({ data: sprites({ trainCount: 128, testCount: 64 }), latentDim: 3,
  encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 8, activation: 'relu' })],
  decoder: ({ layers }) => [layers.dense({ units: 8, activation: 'relu' })], training: { batchSize: 32, ${training} } });
`;
const held = hosts({});
const trained = async (...args: string[]): Promise<{ run: string; dir: string }> => JSON.parse((await cli('train', held.modelFile, '--epochs', '2', '--json', ...args)).stdout.split('\n')[0] ?? '') as { run: string; dir: string };

describe('evaluating from the terminal', () => {
  it('prints each number with its protocol, keeps the record, writes the pairs, and compares like with like only', async () => {
    await writeFile(held.modelFile, model(''));
    const [a, b] = [await trained(), await trained('--seed', '2')];
    const none = await cli('compare', a.run, b.run);
    for (const { run } of [a, b]) expect([none.status, none.stderr]).toEqual([2, expect.stringContaining(`The run ${run} was not evaluated. Evaluate it: vae-lab evaluate ${run}`)]); // both, not the one whose files were read first
    const pairs = path.join(held.top, 'pairs.png');
    const first = await cli('evaluate', a.run, '--samples', '20', '--out', pairs, '--json');
    expect([first.status, first.stderr]).toEqual([0, '']);
    const evaluation = evaluationSchema.parse(JSON.parse(first.stdout));
    expect(evaluation).toMatchObject({ run: a.run, model: 'small', step: 8 });
    expect(evaluation.metrics.map(({ name }) => name)).toEqual(['negativeElbo', 'nll', 'objective', 'activeUnits', 'mig', 'mmd', 'mmdOfTraining', 'nearest', 'nearestOfHeldOut']);
    const { fingerprint } = (JSON.parse(readFileSync(path.join(a.dir, 'run.json'), 'utf8')) as { data: { fingerprint: string } }).data;
    for (const { protocol } of evaluation.metrics) expect(protocol).toMatchObject({ data: 'sprites', fingerprint, split: 'test', examples: 64, binarization: 'none' });
    const [elbo, nll, objective] = evaluation.metrics;
    expect([nll?.protocol, elbo?.parts]).toMatchObject([{ k: 20, seed: 1, measure: 'Bernoulli' }, { reconstruction: expect.any(Number) as number, kl: expect.any(Number) as number }]);
    expect(nll?.value).toBeLessThan(elbo?.value ?? NaN); // more samples, a tighter bound
    expect(Math.abs((objective?.value ?? NaN) - (elbo?.value ?? NaN))).toBeLessThan(5 * (elbo?.standardError ?? NaN)); // beta 1: the same but for its noise
    expect((await readdir(path.join(a.dir, 'evaluations'))).sort()).toEqual([`${evaluation.id}.json`, `${evaluation.id}.png`]);
    const png = readFileSync(pairs);
    expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([16 * 32, 2 * 32]);

    const again = await cli('evaluate', a.run, '--samples', '20', '--json');
    expect(evaluationSchema.parse(JSON.parse(again.stdout)).metrics).toEqual(evaluation.metrics); // to the last bit
    expect((await cli('evaluate', b.run, '--samples', '30')).stdout).toMatch(/^Negative log-likelihood, importance-weighted: [\d.]+ \u00b1 [\d.]+ nats\n {4}data sprites, fingerprint [0-9a-f]{12}, split test, examples 64, binarization none, measure Bernoulli, K 30, seed 1$/m);
    const unlike = await cli('compare', a.run, b.run);
    expect(unlike.status).toBe(0); // all but one compare
    expect(unlike.stdout).toContain('Negative log-likelihood, importance-weighted: not compared. The two were not taken alike: K 20 against 30.');
    expect(unlike.stdout).toMatch(/^Negative ELBO: [\d.]+ \u00b1 [\d.]+ nats and [\d.]+ \u00b1 [\d.]+ nats, a difference of [+-][\d.]+ \u00b1 [\d.]+$/m);
    await cli('evaluate', b.run, '--samples', '20', '--examples', '10', '--seed', '3');
    expect((await cli('compare', a.run, b.run, '--json')).stdout.split('\n').filter((line) => line.includes('"unlike"'))).toHaveLength(1); // the newest that are alike
    const wrong = await cli('evaluate', a.run, '--split', 'both');
    expect([wrong.status, wrong.stderr]).toEqual([2, expect.stringContaining('--split must be one of test, validation, train; got "both".')]);
    expect((await cli('evaluate', a.run, '--split', 'validation')).stderr).toContain('sprites has no validation examples.');
  }, 400_000); // a dozen processes
});

describe('evaluating a run that trains', () => {
  it('lets training wait, tells how far it is, is cancelled, and lets it go on', async () => {
    const run = await held.start(model('epochs: 100000'));
    await reached(run, 'running');
    const told: string[] = [];
    run.api.on('evaluating', ({ what }) => { told.push(what); });
    const { evaluation, pairs } = await run.api.request('evaluate', { k: 5 });
    expect(new Set(told).size).toBe(5);
    expect(pairs?.nearest.count).toBe(16);
    const kept = await run.api.request('evaluations', {});
    expect(kept).toEqual({ evaluations: [evaluation], pairs });
    const cancelled = run.api.request('evaluate', { k: 100_000 });
    const refused = run.api.request('evaluate', { k: 1 });
    await expect(refused).rejects.toThrow('An evaluation of this run is under way already.');
    await run.api.request('cancelEvaluation', {});
    await expect(cancelled).rejects.toThrow('The evaluation was cancelled.');
    await new Promise<void>((resolve) => { run.api.on('metrics', ({ points }) => { if (points.some(({ step }) => step > evaluation.step + 20)) resolve(); }); }); // trains on
    expect(JSON.parse(await readFile(path.join(run.dir, 'evaluations', `${evaluation.id}.json`), 'utf8'))).toEqual(evaluation);
  });
});
