import { describe, expect, it } from 'vitest';
import { compareEvaluations, compareMetrics } from '../../../src/protocol/compareEvaluations';
import { evaluationSchema, type Evaluation, type Metric, type Protocol } from '../../../src/protocol/evaluation';
import { differencesInWords, protocolInWords, valueInWords } from '../../../src/protocol/evaluationInWords';

const protocol: Protocol = { data: 'mnist', fingerprint: 'ab'.repeat(32), split: 'test', examples: 10000, binarization: 'none', measure: 'Bernoulli', k: 200, seed: 1 };
const nll = (value: number, standardError: number, change: Protocol = {}): Metric => ({ name: 'nll', value, standardError, protocol: { ...protocol, ...change } });
const evaluation = (...metrics: Metric[]): Evaluation => evaluationSchema.parse({ schemaVersion: 1, id: 'x', run: 'r', model: 'm', step: 5, at: '2020', engine: 'compiled', device: 'CPU', seconds: 1, metrics });

describe('two evaluations', () => {
  it('compare where they were taken alike, with the error of the difference', () => {
    expect(compareMetrics(nll(99.3, 0.3), nll(98.8, 0.4))).toMatchObject({ kind: 'alike', difference: expect.closeTo(-0.5, 9) as number, standardError: expect.closeTo(0.5, 9) as number });
  });
  it.each<[Protocol, string]>([
    [{ k: 100 }, 'K 200 against 100'], [{ split: 'validation' }, 'split test against validation'], [{ seed: 2, examples: 500 }, 'examples 10000 against 500, seed 1 against 2'],
    [{ fingerprint: 'cd'.repeat(32) }, 'fingerprint abababababab against cdcdcdcdcdcd'], [{ measure: 'density' }, 'measure Bernoulli against density'], [{ corruption: 'maskPixels' }, 'corruption - against maskPixels'],
    [{ binarization: 'dynamic' }, 'binarization none against dynamic'], [{ measure: '' }, 'measure Bernoulli against -'],
  ])('are refused where they were not, naming the difference: %j', (change, words) => {
    const compared = compareMetrics(nll(1, 1), nll(1, 1, change));
    expect(compared.kind).toBe('unlike');
    expect(compared.kind === 'unlike' && differencesInWords(compared.differences)).toBe(words);
  });
  it('take the newest two that are alike; else they say why the newest two are not', () => {
    const active: Metric = { name: 'activeUnits', value: 20, protocol: { data: 'mnist' } };
    const found = compareEvaluations([evaluation(nll(1, 0.1), active), evaluation(nll(2, 0.1, { k: 5 }))], [evaluation(nll(4, 0.1)), evaluation(nll(3, 0.1, { k: 9 }))]);
    expect(found.map(({ name, kind, a, b }) => [name, kind, a.value, b.value])).toEqual([['nll', 'alike', 1, 4]]); // active units only one has
    expect(compareEvaluations([evaluation(nll(2, 0.1, { k: 5 }))], [evaluation(nll(4, 0.1)), evaluation(nll(3, 0.1, { k: 9 }))])).toMatchObject([{ kind: 'unlike', differences: [{ term: 'k', a: 5, b: 9 }] }]);
  });
  it('are told with their protocol', () => {
    expect(protocolInWords(protocol)).toBe('data mnist, fingerprint abababababab, split test, examples 10000, binarization none, measure Bernoulli, K 200, seed 1');
    expect([valueInWords(nll(99.31234, 0.1234)), valueInWords({ name: 'activeUnits', value: 20, protocol: {} }), valueInWords({ name: 'mmd', value: 0.000123, standardError: 0.000021, protocol: {} })]).toEqual(['99.31 \u00b1 0.12 nats', '20', '0.000123 \u00b1 0.000021']);
  });
});
