import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { divergenceFixes, type DivergenceFix } from '../../../src/spec/divergenceFixes';
import { findModels } from '../../../src/spec/findModels';

const applied = (text: string, { edits }: DivergenceFix): string => [...edits].sort((a, b) => b.start - a.start).reduce((now, edit) => now.slice(0, edit.start) + edit.text + now.slice(edit.end), text);
/** What each fix makes of a text, by its kind and value. */
const fixed = (text: string, name = 'm', rate = 1e-3): Record<string, string> => Object.fromEntries(divergenceFixes(text, name, rate).map((fix) => [`${fix.kind} ${fix.value}`, applied(text, fix)]));

describe('ways out of a loss that diverges', () => {
  it('change numbers where they stand', () => {
    const text = (rate: string, norm: string, limit: string): string => `export const m = vae({ logVarianceLimit: ${limit}, training: { optimizer: sgd({ learningRate: ${rate} }), clipNorm: ${norm} } });`;
    expect(fixed(text('1e-2', '5', '20'))).toEqual({ 'lowerLearningRate 0.001': text('0.001', '5', '20'), 'clipGradients 0.5': text('1e-2', '0.5', '20'), 'boundLogVariance 10': text('1e-2', '5', '10') });
  });
  it('add what is not there, in the way in which the rest is written', () => {
    expect(fixed(`import { vae } from 'vae-lab';
export const m = vae({
  latentDim: 2,
});`)).toEqual({
      'lowerLearningRate 0.0001': `import { vae, adam } from 'vae-lab';
export const m = vae({
  latentDim: 2,
  training: { optimizer: adam({ learningRate: 0.0001 }) },
});`,
      'clipGradients 1': `import { vae } from 'vae-lab';
export const m = vae({
  latentDim: 2,
  training: { clipNorm: 1 },
});`,
      'boundLogVariance 10': `import { vae } from 'vae-lab';
export const m = vae({
  latentDim: 2,
  logVarianceLimit: 10,
});`,
    });
  });
  it.each([
    ['adam()', 'adam({ learningRate: 0.0001 })'], ['adam({})', 'adam({ learningRate: 0.0001 })'], ['adamw({ weightDecay: 1 })', 'adamw({ weightDecay: 1, learningRate: 0.0001 })'],
  ])('give the optimizer %s a learning rate', (before, after) => {
    const text = (optimizer: string): string => `export const m = vae({ training: { epochs: 3, optimizer: ${optimizer} } });`;
    expect(fixed(text(before))).toMatchObject({ 'lowerLearningRate 0.0001': text(after), 'clipGradients 1': text(before).replace(' } });', ', clipNorm: 1 } });') });
  });
  it('are left out where something other than a number stands in their place', () => {
    expect(Object.keys(fixed('export const m = vae({ logVarianceLimit: limit, training: { clipNorm: norm, optimizer: adam({ learningRate: cosine({ from: 1, to: 0 }) }) } });'))).toEqual([]);
    expect(Object.keys(fixed('export const m = vae({ training, logVarianceLimit: 4 });'))).toEqual(['boundLogVariance 2']);
    expect(Object.keys(fixed('export const m = vae(config);'))).toEqual([]);
    expect(Object.keys(fixed('export const other = vae({});'))).toEqual([]);
    expect(Object.keys(fixed('export const m = vae({'))).toEqual([]);
    expect(Object.keys(fixed("import * as lab from 'vae-lab'; export const m = lab.vae({}); export default vae({});", 'default'))).toEqual(['clipGradients 1', 'boundLogVariance 10']); // no name to import
  });
  it('bound no variance where codes are points', () => {
    for (const kind of ['autoencoder', 'vqVae']) expect(Object.keys(fixed(`export const m = ${kind}({ training: { optimizer: sgd() } });`))).toEqual(['lowerLearningRate 0.0001', 'clipGradients 1']);
    expect(Object.keys(fixed('export const m = conditionalVae({ training: { optimizer: sgd() } });'))).toContain('boundLogVariance 10');
  });
  it('leave every sample a text of the same models', () => {
    for (const file of readdirSync('samples').filter((name) => name.endsWith('.vae.ts'))) {
      const text = readFileSync(path.join('samples', file), 'utf8');
      for (const { name } of findModels(text).models) {
        const fixes = divergenceFixes(text, name, 1e-3);
        expect(fixes.length, file).toBeGreaterThan(file === 'side-by-side.vae.ts' ? -1 : 1); // its models share a config, which has a name
        for (const fix of fixes) expect(findModels(applied(text, fix)), file).toMatchObject({ parsed: true, models: findModels(text).models.map((model) => ({ name: model.name })) });
      }
    }
  });
});
