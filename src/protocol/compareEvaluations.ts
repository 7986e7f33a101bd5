import type { Evaluation, Metric, MetricName, Protocol, ProtocolTerm } from './evaluation';

/** A term in which two protocols differ. */
export interface Unlike { readonly term: ProtocolTerm; readonly a: string | number | undefined; readonly b: string | number | undefined }
export type Comparison = { readonly name: MetricName; readonly a: Metric; readonly b: Metric } & (
  | { readonly kind: 'alike'; /** b less a. */ readonly difference: number; /** Of the difference, as if the two errors were independent. */ readonly standardError?: number }
  | { readonly kind: 'unlike'; readonly differences: readonly Unlike[] });

/** Where two protocols differ, in the order in which they are written. */
export function differencesOf(a: Protocol, b: Protocol): Unlike[] {
  const terms = [...new Set([...Object.keys(a), ...Object.keys(b)])] as ProtocolTerm[];
  return terms.flatMap((term) => (a[term] === b[term] ? [] : [{ term, a: a[term], b: b[term] }]));
}

/** Two numbers of one name: their difference, or, where they were not taken alike, in what they differ. */
export function compareMetrics(a: Metric, b: Metric): Comparison {
  const differences = differencesOf(a.protocol, b.protocol);
  if (differences.length > 0) return { name: a.name, a, b, kind: 'unlike', differences };
  const errors = a.standardError === undefined || b.standardError === undefined ? {} : { standardError: Math.hypot(a.standardError, b.standardError) };
  return { name: a.name, a, b, kind: 'alike', difference: b.value - a.value, ...errors };
}

/** What the evaluations of two runs, oldest first, have in common: of each number the newest two that were taken alike, or, where there are none, why the newest two do not compare. */
export function compareEvaluations(a: readonly Evaluation[], b: readonly Evaluation[]): Comparison[] {
  const newest = (all: readonly Evaluation[]): Metric[] => [...all].reverse().flatMap(({ metrics }) => metrics);
  const [ofA, ofB] = [newest(a), newest(b)];
  const names = [...new Set(ofA.map(({ name }) => name))].filter((name) => ofB.some((metric) => metric.name === name));
  return names.flatMap((name) => {
    const pairs = ofA.filter((one) => one.name === name).flatMap((one) => ofB.filter((other) => other.name === name).map((other) => compareMetrics(one, other)));
    const chosen = pairs.find(({ kind }) => kind === 'alike') ?? pairs[0];
    return chosen ? [chosen] : [];
  });
}
