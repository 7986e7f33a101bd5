/** Said of a graphics adapter that is no card. */
export type Adapter = 'software';
/** Milliseconds of every step of one candidate, round by round, and its peak memory. */
export interface Timed { readonly engine: string; readonly adapter?: Adapter | undefined; readonly rounds: readonly (readonly number[])[]; readonly peakRssMb: number }
/** What all candidates of a row's peers trained: `card`, an NVIDIA card, beside PyTorch on the same one. */
export interface Setting { readonly model: string; readonly batch: number; readonly device: 'card' | 'processor' }
export interface Row extends Setting { readonly engine: string; readonly adapter?: Adapter; readonly msPerStep: number; readonly ratioToPytorchEager?: number; readonly ratioToPytorchTuned?: number; readonly peakRssMb: number }

export const EAGER = 'pytorch-eager';
/** Fused Adam and a loss of the logits; the same through torch.compile. The faster of the two is PyTorch, tuned. */
export const TUNED: readonly string[] = ['pytorch-fused', 'pytorch-compile'];

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.floor(middle)] ?? NaN) + (sorted[Math.ceil(middle) - 1] ?? NaN)) / 2;
}

/** Median of the rounds' medians. */
const typical = ({ rounds }: Timed): number => median(rounds.map(median));
/** Median over the rounds of one candidate's time by another's in the same round: what slows the machine for a while slows both. */
const ratio = (a: Timed, b: Timed): number => median(a.rounds.map((round, i) => median(round) / median(b.rounds[i] ?? [])));
const rounded = (value: number, digits: number): number => Number(value.toFixed(digits));

/** One row a candidate; ratios only where their peer was timed. */
export function makeRows(setting: Setting, timed: readonly Timed[]): Row[] {
  const eager = timed.find(({ engine }) => engine === EAGER);
  const tuned = timed.filter(({ engine }) => TUNED.includes(engine)).sort((a, b) => typical(a) - typical(b))[0];
  return timed.map((each) => ({
    ...setting, engine: each.engine, ...(each.adapter ? { adapter: each.adapter } : {}), msPerStep: rounded(typical(each), 3),
    ...(eager ? { ratioToPytorchEager: rounded(ratio(each, eager), 3) } : {}), ...(tuned ? { ratioToPytorchTuned: rounded(ratio(each, tuned), 3) } : {}),
    peakRssMb: Math.round(each.peakRssMb),
  }));
}

/** As a table for a terminal. */
export function formatRows(rows: readonly Row[]): string {
  const cells = [
    ['model', 'batch', 'engine', 'ms/step', '/ eager', '/ tuned', 'peak MB'],
    ...rows.map((row) => [row.model, String(row.batch), row.adapter ? `${row.engine}, ${row.adapter}` : row.engine, row.msPerStep.toFixed(2), row.ratioToPytorchEager?.toFixed(2) ?? '-', row.ratioToPytorchTuned?.toFixed(2) ?? '-', String(row.peakRssMb)]),
  ];
  const widths = (cells[0] ?? []).map((_, column) => Math.max(...cells.map((row) => row[column]?.length ?? 0)));
  return cells.map((row) => row.map((cell, i) => (i !== 1 && i < 3 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  ')).join('\n');
}
