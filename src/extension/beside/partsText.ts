import { partInWords } from '../../protocol/parts';
import type { Manifest, Mark, MetricPoint } from '../../protocol/run';

/** A part of the loss: its value in nats, and how much it counts, where that is known. */
export interface PartNow { readonly name: string; readonly value: number; readonly weight?: number | undefined; /** The hyperparameter that the weight is. */ readonly hyperparameter?: string | undefined }

type Weighted = Pick<Manifest, 'partWeights' | 'hyperparameters'>;

/** A hyperparameter as it was at a point: what came after it does not count. */
function valueAt(name: string, { step, scheduled }: MetricPoint, { hyperparameters }: Weighted, marks: readonly Mark[]): number | undefined {
  return scheduled?.[name] ?? marks.find((mark) => mark.name === name && mark.step > step)?.from ?? hyperparameters[name];
}

/** The parts of a point, weighted as they were then. */
export function partsNow(point: MetricPoint, run: Weighted, marks: readonly Mark[]): PartNow[] {
  const { partWeights = {} } = run;
  return Object.entries(point.parts).map(([name, value]) => {
    const weight = partWeights[name];
    return typeof weight === 'string' ? { name, value, weight: valueAt(weight, point, run, marks), hyperparameter: weight } : { name, value, weight };
  });
}

/** Small weights as they are. */
export const weightText = (weight: number): string => String(Number(weight.toPrecision(3)));

/** `reconstruction 80.4 + 4 × KL 25.5 = 182.4 nats`, and what does not count after it; commas where a weight is not known. `label` names a part. */
export function partsText(point: MetricPoint, run: Weighted, marks: readonly Mark[], label: (name: string) => string = partInWords): string {
  const parts = partsNow(point, run, marks);
  const said = ({ name, value, weight }: PartNow): string => `${weight === undefined || weight === 1 ? '' : `${weightText(weight)} \u00d7 `}${label(name)} ${value.toFixed(1)}`;
  const plain = ({ name, value }: PartNow): string => `${label(name)} ${value.toFixed(1)}`;
  const isKnown = parts.every(({ weight }) => weight !== undefined);
  if (!isKnown) return `${parts.map(said).join(', ')} \u00b7 ${point.loss.toFixed(1)} nats`;
  const isShown = ({ weight, hyperparameter }: PartNow): boolean => weight === 0 && hyperparameter === undefined;
  const [counted, others] = [parts.filter((part) => !isShown(part)), parts.filter(isShown)];
  return `${counted.map(said).join(' + ')} = ${point.loss.toFixed(1)} nats${others.length === 0 ? '' : ` \u00b7 ${others.map(plain).join(', ')}`}`;
}
