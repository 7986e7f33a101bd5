import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { findModels } from '../../../src/spec/findModels';
import { modelKinds } from '../../../src/spec/models';

const text = (source: string, range: { start: number; end: number } | undefined): string | undefined => range && source.slice(range.start, range.end);

describe('findModels', () => {
  it('finds the model of a sample, with its literals', () => {
    const source = readFileSync('samples/digits.vae.ts', 'utf8');
    const { models: [model, ...more], parsed } = findModels(source);
    expect([parsed, more, model?.name]).toEqual([true, [], 'digits']);
    expect(source.split('\n')[model?.range.line ?? -1]).toMatch(/^export const digits = vae\(/);
    expect(text(source, model?.literals['learningRate'])).toBe('1e-3');
    expect(text(source, model?.literals['beta'])).toBe('1');
  });
  it('finds them on a machine that does other things for seconds meanwhile', () => {
    let clock = Date.now();
    const now = vi.spyOn(Date, 'now').mockImplementation(() => (clock += 10_000));
    try { expect(findModels(readFileSync('samples/digits.vae.ts', 'utf8'))).toMatchObject({ parsed: true, models: [{ name: 'digits' }] }); } finally { now.mockRestore(); }
  });
  it('finds several, a default, and those behind satisfies; not what is not exported', () => {
    const { models } = findModels('export const a = vae({}), b = vae({}) satisfies object;\nconst c = vae({});\nexport default vae({});\nexport const d = other({});');
    expect(models.map(({ name, range }) => [name, range.line])).toEqual([['a', 0], ['b', 0], ['default', 2]]);
  });
  it('finds every model of the family, and its options that may change', () => {
    const found = findModels(`${modelKinds.map((kind) => `export const my_${kind} = ${kind}({ data: mnist() });`).join('\n')}\nexport const b = autoencoder({ sparse: 0.5 }), c = vqVae({ commitment: 0.25 });`).models;
    expect(found.map(({ name }) => name)).toEqual([...modelKinds.map((kind) => `my_${kind}`), 'b', 'c']);
    expect(found.flatMap(({ literals }) => Object.keys(literals))).toEqual(['sparse', 'commitment']);
  });
  it('gives no literal for a computed value', () => {
    expect(findModels('export const a = vae({ objective: elbo({ beta: 2 * x }) });').models[0]?.literals).toEqual({});
  });
  it('finds the hyperparameters of any part of the model, and of a person\'s own objective', () => {
    const source = 'export const a = vae({ likelihood: gaussian({ sigma: 0.3 }), objective: objective({ hyperparameters: { gamma: { value: 7, max: 9 } }, parts }), encoder: ({ layers }) => [layers.leakyReLU({ alpha: 5 })] });';
    const literals = findModels(source).models[0]?.literals ?? {};
    expect(Object.fromEntries(Object.entries(literals).map(([name, range]) => [name, text(source, range)]))).toEqual({ sigma: '0.3', gamma: '7' });
  });
  it('finds where the model\'s own options stand', () => {
    const source = 'export const a = vae({\n  latentDim: 4,\n  encoder({ layers }) { return [layers.dense({ units: 2, objective: 3 })]; },\n  objective: elbo({ latentDim: 1 }),\n});';
    const options = findModels(source).models[0]?.options ?? {};
    expect(Object.entries(options).map(([name, range]) => [name, range.line, text(source, range)])).toEqual([['latentDim', 1, 'latentDim'], ['encoder', 2, 'encoder'], ['objective', 3, 'objective']]);
  });
  it('says so when the text does not parse, and does not throw', () => {
    for (const source of ['export const a = vae({', 'const x = ;', '((((', '}']) expect(findModels(source).parsed).toBe(false);
  });
  it('are found however deep a text nests', () => {
    expect(findModels(`export const a = vae(x${'()'.repeat(6000)}, adam({ learningRate: 2 }))`)).toMatchObject({ parsed: true, models: [{ name: 'a', literals: { learningRate: {} } }] });
    for (const text of [`export const a = vae(x${'.a'.repeat(6000)});`, `export const a = vae({})${' as X'.repeat(6000)};`, `export const a = vae(${'1+'.repeat(6000)}1);`]) expect(() => findModels(text)).not.toThrow();
  });
});
