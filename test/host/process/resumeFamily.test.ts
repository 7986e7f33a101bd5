import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { resumeRun } from '../../../src/client/resumeRun';
import { differences, outcome } from '../../soak/comparison';
import { startRun } from '../../../src/client/hosts';
import { hosts, kill, place, reached, step } from './running';

const self = hosts();
const data = 'sprites({ trainCount: 192, testCount: 64 })';
const training = 'training: { epochs: 8, batchSize: 32, optimizer: adam({ learningRate: 1e-3 }) }';
const dense = `latentDim: 3, encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 16, activation: 'relu' })], decoder: ({ layers }) => [layers.dense({ units: 16, activation: 'relu' })], ${training}`;
/** Restarts of dead codes in nearly every step: 64 codes, of which the vectors of a batch use a few. */
const MODELS = `import { adam, conditionalVae, factorVae, sprites, vae, vqVae } from 'vae-lab';
export const conditional = conditionalVae({ data: ${data}, ${dense} });
export const codes = vqVae({ data: ${data}, grid: [8, 8], codes: 64, codeDim: 4, decay: 0.9, prior: { filters: 4, layers: 1, steps: 5 },
  encoder: ({ layers }) => [layers.conv2d({ filters: 4, kernelSize: 4, strides: 4, activation: 'relu' })], decoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 16, activation: 'relu' })], ${training} });
export const factors = vae({ data: ${data}, objective: factorVae({ hidden: [16] }), ${dense} });
`;
/** What each keeps besides the weights of its networks and their optimizer. */
const own: Readonly<Record<string, RegExp>> = { conditional: /^condition\//, codes: /^objective\/(counts|sums)$/, factors: /^objective\// };

describe.each(['conditional', 'codes', 'factors'])('%s(), killed and resumed', (modelName) => {
  it('is the run that never stopped, bit for bit: weights, optimizers, what its objective keeps, generators and curves', async () => {
    const modelFile = path.join(self.top, 'family.vae.ts');
    await writeFile(modelFile, MODELS);
    const start = async (runs: string) => self.keep(await startRun({ ...place, modelFile, modelName, runsFolder: path.join(self.top, runs), engine: 'compiled', keepEvery: 7 }));
    const whole = await start('whole');
    await reached(whole, 'completed');
    const cut = await start('cut');
    await step(cut, 15);
    await kill(cut);
    const again = self.keep(await resumeRun({ ...place, dir: cut.dir, runId: cut.runId }));
    await reached(again, 'completed');
    const [a, b] = [await outcome(whole.dir), await outcome(cut.dir)];
    expect(a.tensors.some(({ name }) => own[modelName]?.test(name))).toBe(true);
    expect(a.lastStep).toBe(48);
    expect(differences(a, b)).toEqual([]);
    expect((await again.api.request('snapshot', {})).manifest.prior.learned?.nats).toBe((await whole.api.request('snapshot', {})).manifest.prior.learned?.nats);
  });
});
