import { existsSync, readFileSync } from 'node:fs';
import * as z from 'zod';
import type { Protocol, Reference } from './protocol';

export const lineSchema = z.object({ seed: z.number().int(), epoch: z.number().int(), metric: z.string(), ours: z.number(), standardError: z.number().optional(), /** Of which of the protocol's parts. */ part: z.number().int().optional() });
export type Line = z.infer<typeof lineSchema>;
/** `docs/reproduction.json`: what came out, by protocol. */
export const resultsSchema = z.record(z.string(), z.object({ date: z.string(), device: z.string(), lines: z.array(lineSchema) }));
export type Results = z.infer<typeof resultsSchema>;

export const RESULTS = 'docs/reproduction.json';
export const readResults = (): Results => (existsSync(RESULTS) ? resultsSchema.parse(JSON.parse(readFileSync(RESULTS, 'utf8'))) : {});

const keyOf = ({ seed, epoch, metric }: Line): string => JSON.stringify([seed, epoch, metric]);
/** New lines take the place of older ones of their seed, epoch and metric. */
export function merged(results: Results, name: string, device: string, date: string, lines: readonly Line[]): Results {
  const all = new Map([...results[name]?.lines ?? [], ...lines].map((line) => [keyOf(line), line]));
  return { ...results, [name]: { date, device, lines: [...all.values()].sort((a, b) => a.seed - b.seed || a.epoch - b.epoch) } };
}

/** What came out of a part under a seed when it was trained before; none where it was not trained to its end. */
export function before(results: Results, name: string, seed: number, part: number, epochs: number): Line[] {
  const lines = (results[name]?.lines ?? []).filter((line) => line.seed === seed && line.part === part);
  return lines.some(({ epoch }) => epoch === epochs) ? lines : [];
}

export const meanOf = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;
/** Whether a mean over seeds is where it should be; undefined where there is nothing to hold it against, or nothing came out. */
export function holds({ reference, within, between }: Reference, ours: readonly number[]): boolean | undefined {
  if (ours.length === 0) return undefined;
  const mean = meanOf(ours);
  if (between) return mean >= between[0] && mean <= between[1];
  return reference === undefined || within === undefined ? undefined : Math.abs(mean - reference) <= within + 1e-9;
}
/** Of the lines those of a reference. */
export const oursOf = (lines: readonly Line[], { metric, epoch }: Reference): Line[] => lines.filter((line) => line.metric === metric && line.epoch === epoch);
/** Whether each mean is above the next; undefined while one is missing. */
export function isInOrder({ order, epochs }: Protocol, lines: readonly Line[]): boolean | undefined {
  if (!order) return undefined;
  const means = order.map((metric) => meanOf(lines.filter((line) => line.metric === metric && line.epoch === epochs).map(({ ours }) => ours)));
  return means.some(Number.isNaN) ? undefined : means.every((mean, i) => i === 0 || (means[i - 1] ?? NaN) > mean);
}
