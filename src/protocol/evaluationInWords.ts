import type { Unlike } from './compareEvaluations';
import { metricKinds, protocolTerms, type Metric, type Protocol, type ProtocolTerm } from './evaluation';
import { partInWords } from './parts';

/** A fingerprint is told by its beginning. */
const FINGERPRINT = 12;
const shortly = (value: string | number | undefined): string => (value === undefined || value === '' ? '-' : typeof value === 'number' ? String(value) : /^[0-9a-f]{64}$/.test(value) ? value.slice(0, FINGERPRINT) : value);

/** "data mnist, split test, K 200": `say` translates. */
export const protocolInWords = (protocol: Protocol, say: (text: string) => string = (text) => text): string =>
  (Object.keys(protocol) as ProtocolTerm[]).map((term) => `${say(protocolTerms[term].what)} ${shortly(protocol[term])}`).join(', ');

/** Digits by which a number may be told: two of its error's, four of its own where it has none; a count is whole. */
export function digitsOf({ value, standardError }: Pick<Metric, 'value' | 'standardError'>): number {
  if (Number.isInteger(value) && standardError === undefined) return 0;
  const least = standardError !== undefined && standardError > 0 ? standardError / 10 : Math.abs(value) / 1e4;
  return Math.min(12, Math.max(1, Math.ceil(-Math.log10(least || 1))));
}
/** "99.31 \u00b1 0.12 nats". */
export function valueInWords(metric: Metric): string {
  const digits = digitsOf(metric);
  const { unit } = metricKinds[metric.name];
  return `${metric.value.toFixed(digits)}${metric.standardError === undefined ? '' : ` \u00b1 ${metric.standardError.toFixed(digits)}`}${unit === '' ? '' : ` ${unit}`}`;
}
/** "reconstruction 80.41, KL 25.50"; empty where there are no parts. */
export const partsOfMetric = ({ parts = {} }: Metric): string => Object.entries(parts).map(([name, value]) => `${partInWords(name)} ${value.toFixed(2)}`).join(', ');

/** "K 100 against 200, seed 1 against 2". */
export const differencesInWords = (differences: readonly Unlike[]): string => differences.map(({ term, a, b }) => `${protocolTerms[term].what} ${shortly(a)} against ${shortly(b)}`).join(', ');
