import { describe, expect, it } from 'vitest';
import { editLenses, editsInWords } from '../../../src/extension/modelFiles/editLenses';
import { findModels, type ModelInText } from '../../../src/spec/findModels';
import { classicSpecs } from '../../../src/spec/hyperparameters';
import { editedCode } from '../../../src/spec/modelCode';
import { modelEdits } from '../../../src/spec/modelEdits';

const source = `import { adam, cosine, elbo, generator, mnist, vae } from 'vae-lab';
export const digits = vae({ data: generator({ trainCount: 100, seed: 3 }), latentDim: 20, objective: elbo({ beta: 1 }),
  encoder: ({ layers }) => [layers.dense({ units: 400 })],
  training: { epochs: 10, batchSize: 128, optimizer: adam({ learningRate: 1e-3 }), seed: 1 } });
`;
const modelOf = (text: string): ModelInText => {
  const [model] = findModels(text).models;
  if (!model) throw new Error('There is no model.');
  return model;
};
const run = { hyperparameters: { learningRate: 1e-3, beta: 1 } as Record<string, number>, hyperparameterSpecs: classicSpecs, epochs: 10 };
const edit = (from: string, to: string, of = run) => modelEdits(modelOf(source.replace(from, to)), modelOf(source), of);
const lenses = (edits: ReturnType<typeof edit>) => [...editLenses(edits) ?? [], editsInWords(edits)];

describe('what was edited of a model while it trains', () => {
  it('is nothing where nothing is', () => {
    expect(modelEdits(modelOf(source), modelOf(source), run)).toEqual([]);
    expect(editLenses([])).toBeUndefined();
  });
  it('holds from the next step, goes on in a branch, or needs a new run', () => {
    expect(lenses(edit('beta: 1', 'beta: 4'))).toEqual(['applyEdits', 'branchHere', 'restart', 'beta 1 \u2192 4']);
    expect(lenses(edit('epochs: 10', 'epochs: 20'))).toEqual(['applyEdits', 'branchHere', 'restart', 'epochs 10 \u2192 20']);
    expect(lenses(edit('latentDim: 20', 'latentDim: 10'))).toEqual(['restart', 'sample', 'explore', 'latentDim 20 \u2192 10']);
    expect(lenses(edit('seed: 1 }', 'seed: 2 }'))).toEqual(['restart', 'sample', 'explore', 'seed 1 \u2192 2']);
  });
  it('is also what stands there beside numbers: warm where it shapes no weight', () => {
    const code = (from: string, to: string): string[] => { const text = source.replace(from, to); return lenses(modelEdits(modelOf(text), modelOf(source), run, editedCode(text, source, 'digits', classicSpecs))); };
    const warm = (words: string): string[] => ['applyEdits', 'branchHere', 'restart', words];
    expect(code('elbo({ beta: 1 })', 'elbo({ beta: linear({ to: 4, epochs: 5 }) })')).toEqual(warm('objective'));
    expect(code('elbo({ beta: 1 })', 'elbo({ beta: 1, freeBits: 0.5 })')).toEqual(warm('objective'));
    expect(code('epochs: 10,', 'epochs: 10, clipNorm: 1,')).toEqual(warm('clipNorm'));
    expect(code('learningRate: 1e-3', 'learningRate: cosine({ from: 1e-3 })')).toEqual(warm('optimizer'));
    expect(code('export const', 'const weight = 3;\nexport const')).toEqual(warm('code'));
    expect(code('units: 400 }', "units: 400, activation: 'tanh' }")).toEqual(['restart', 'sample', 'explore', 'encoder']);
    expect(code('beta: 1', 'beta: 4')).toEqual(warm('beta 1 \u2192 4')); // a number that both have is told once
    expect(code('objective: elbo({ beta: 1 })', 'objective: elbo({\n    // four\n    beta: 1,\n  })')).toEqual(['']);
    expect(editedCode(source.replace('latentDim: 20', 'latentDim: 20 +'), source, 'digits', classicSpecs)).toEqual([]); // half a text says nothing
  });
  it('of a schedule\'s own numbers is warm', () => {
    const scheduled = source.replace('beta: 1', 'beta: linear({ to: 4, epochs: 5 })');
    expect(modelEdits(modelOf(scheduled.replace('to: 4', 'to: 8')), modelOf(scheduled), run)).toEqual([{ name: 'to', from: 4, to: 8, temperature: 'warm' }]);
  });
  it('is told by the coldest of several, and not all of them', () => {
    const text = source.replace('beta: 1', 'beta: 2').replace('1e-3', '2e-3').replace('latentDim: 20', 'latentDim: 8');
    expect(lenses(modelEdits(modelOf(text), modelOf(source), run))).toEqual(['restart', 'sample', 'explore', 'latentDim 20 \u2192 8, beta 1 \u2192 2, + 1']);
  });
  it('is nothing any more when the run has it, and was not where the run alone changed', () => {
    expect(edit('beta: 1', 'beta: 4', { ...run, hyperparameters: { ...run.hyperparameters, beta: 4 } })).toEqual([]);
    expect(edit('beta: 1', 'beta: 1', { ...run, hyperparameters: { ...run.hyperparameters, beta: 4 } })).toEqual([]);
  });
  it('takes the place of a schedule', () => {
    const scheduled = source.replace('learningRate: 1e-3', 'learningRate: cosine({ from: 1e-3, to: 1e-5 })');
    expect(modelEdits(modelOf(source.replace('1e-3', '5e-4')), modelOf(scheduled), run)).toEqual([{ name: 'learningRate', from: 1e-3, to: 5e-4, temperature: 'hot' }]);
  });
  it('knows a seed of the data from that of the training', () => {
    expect(edit('seed: 3', 'seed: 4')).toEqual([{ name: 'seed', from: 3, to: 4, temperature: 'cold' }]);
  });
});
