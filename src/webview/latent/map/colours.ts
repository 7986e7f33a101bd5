import { decimal, t } from '../../text';
import type { DataInfo, Encoded } from '../encodedSet';

/** Told apart on dark and on light, also by most who see few colours. */
const classColours = ['#3b82f6', '#ef4444', '#22a559', '#f59e0b', '#a855f7', '#14b8a6', '#ec4899', '#84cc16', '#6366f1', '#c2724a', '#7c8a9c', '#06b6d4'];
/** From little to much; no end of it is lost on dark or on light. */
const ramp = ['#3b6fd4', '#21a0a8', '#5cbf5a', '#f0b41c'];
const OPACITY = { few: 225, many: 165 };
/** The ends of the ramp leave out the outermost hundredths. */
const OUTER = 0.02;

const parse = (hex: string): [number, number, number] => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)) as [number, number, number];
export const classColour = (index: number): string => classColours[((index % classColours.length) + classColours.length) % classColours.length] ?? '#888888';

/** What points are coloured by, and what it is called. */
export interface ColourChoice { readonly id: string; readonly name: string }
export function colourChoices(info: DataInfo, encoded: Encoded): ColourChoice[] {
  return [
    ...(encoded.labels ? [{ id: 'label', name: t('label') }] : []),
    ...(encoded.factors ? info.factorNames.map((name, i) => ({ id: `factor ${i}`, name })) : []),
    { id: 'loss', name: t('reconstruction loss') }, ...(info.codeIs === 'point' ? [] : [{ id: 'kl', name: t('KL divergence') }]), { id: 'one', name: t('one colour') },
  ];
}

export type Legend = { readonly kind: 'classes'; readonly classes: readonly { readonly label: number; readonly colour: string; readonly count: number }[] }
  | { readonly kind: 'ramp'; readonly low: string; readonly high: string; readonly colours: readonly string[]; readonly unit: string } | { readonly kind: 'one' };
export interface Colours { readonly bytes: Uint8Array; readonly legend: Legend }

/** A colour each point; what is chosen is `one` where the data does not know it. */
export function coloursOf(encoded: Encoded, info: DataInfo, choice: string): Colours {
  const opacity = encoded.count <= 5000 ? OPACITY.few : OPACITY.many;
  const bytes = new Uint8Array(encoded.count * 4);
  const paint = (of: (i: number) => readonly [number, number, number]): void => {
    for (let i = 0; i < encoded.count; i++) [bytes[4 * i], bytes[4 * i + 1], bytes[4 * i + 2], bytes[4 * i + 3]] = [of(i)[0], of(i)[1], of(i)[2], opacity];
  };
  const { labels } = encoded;
  if (choice === 'label' && labels) {
    const counts = new Map<number, number>();
    labels.forEach((label) => counts.set(label, (counts.get(label) ?? 0) + 1));
    const parsed = classColours.map(parse);
    paint((i) => parsed[(labels[i] ?? 0) % parsed.length] ?? [0, 0, 0]);
    return { bytes, legend: { kind: 'classes', classes: [...counts].sort(([a], [b]) => a - b).map(([label, count]) => ({ label, count, colour: classColour(label) })) } };
  }
  const values = valuesOf(encoded, info, choice);
  if (!values) {
    const one = parse(classColour(0));
    paint(() => one);
    return { bytes, legend: { kind: 'one' } };
  }
  const sorted = Float32Array.from(values).sort();
  const [low, high] = [sorted[Math.floor(OUTER * (sorted.length - 1))] ?? 0, sorted[Math.ceil((1 - OUTER) * (sorted.length - 1))] ?? 1];
  const steps = Array.from({ length: 256 }, (_, i) => between(i / 255));
  paint((i) => steps[Math.round(255 * Math.min(1, Math.max(0, ((values[i] ?? low) - low) / (high - low || 1))))] ?? [0, 0, 0]);
  return { bytes, legend: { kind: 'ramp', low: decimal(low), high: decimal(high), colours: ramp, unit: choice === 'kl' || choice === 'loss' ? t('nats') : '' } };
}

function valuesOf({ reconstruction, kl, factors, count }: Encoded, info: DataInfo, choice: string): Float32Array | undefined {
  const known = (values: Float32Array): Float32Array | undefined => (values.length === count ? values : undefined); // what was recorded has none
  if (choice === 'loss') return known(reconstruction);
  if (choice === 'kl') return info.codeIs === 'point' ? undefined : known(kl);
  const factor = /^factor (\d+)$/.exec(choice)?.[1];
  const width = info.factorNames.length;
  if (factor === undefined || !factors || Number(factor) >= width) return undefined;
  return Float32Array.from({ length: count }, (_, i) => factors[i * width + Number(factor)] ?? 0);
}

function between(share: number): [number, number, number] {
  const at = share * (ramp.length - 1);
  const step = Math.min(ramp.length - 2, Math.floor(at));
  const [a, b] = [parse(ramp[step] ?? '#000000'), parse(ramp[step + 1] ?? '#000000')];
  return [0, 1, 2].map((i) => Math.round((a[i as 0 | 1 | 2]) * (1 - at + step) + b[i as 0 | 1 | 2] * (at - step))) as [number, number, number];
}
