import type { RunRow } from '../../protocol/runsApi';

export const columns = ['name', 'state', 'changed', 'last', 'best', 'engine', 'duration', 'created', 'size'] as const;
export type Column = (typeof columns)[number];
export interface Sort { readonly column: Column; readonly ascending: boolean }

export const nameOf = ({ label, model }: RunRow): string => label ?? model;
/** Names of models that stand in more than one file. */
export function sharedNames(rows: readonly RunRow[]): ReadonlySet<string> {
  const files = new Map<string, string>();
  return new Set(rows.flatMap(({ model, file }) => {
    const known = files.get(model);
    files.set(model, known ?? file);
    return known === undefined || known === file ? [] : [model];
  }));
}
export const changedText = ({ changed }: RunRow): string => changed.map(({ name, value }) => `${name} ${value}`).join(', ');

/** What a column is sorted by; what a run does not have comes last, either way. */
const keys: { readonly [C in Column]: (row: RunRow) => string | number | undefined } = {
  name: (row) => nameOf(row).toLocaleLowerCase(), state: ({ state }) => state.kind, changed: (row) => changedText(row) || undefined, last: ({ lastLoss }) => lastLoss, best: ({ bestLoss }) => bestLoss,
  engine: ({ engine }) => engine, duration: ({ seconds }) => seconds, created: ({ createdAt }) => createdAt, size: ({ bytes }) => bytes,
};
const compared = (a: string | number, b: string | number): number => (typeof a === 'number' && typeof b === 'number' ? a - b : String(a).localeCompare(String(b)));

/** Pinned ones first, each part in its order; the newer one where two are equal. */
export function sorted(rows: readonly RunRow[], { column, ascending }: Sort): RunRow[] {
  const key = keys[column];
  return [...rows].sort((left, right) => {
    if (left.pinned !== right.pinned) return left.pinned ? -1 : 1;
    const [a, b] = [key(left), key(right)];
    const order = a === undefined || b === undefined ? Number(a === undefined) - Number(b === undefined) : (ascending ? 1 : -1) * compared(a, b);
    return order === 0 ? right.createdAt.localeCompare(left.createdAt) : order;
  });
}

/** Rows that hold every word of `text`, in whatever column. */
export function filtered(rows: readonly RunRow[], text: string, stateWord: (row: RunRow) => string): readonly RunRow[] {
  const words = text.toLocaleLowerCase().split(/\s+/).filter((word) => word !== '');
  if (words.length === 0) return rows;
  return rows.filter((row) => {
    const all = [row.id, nameOf(row), row.model, row.file, stateWord(row), changedText(row), row.engine, row.device].join(' ').toLocaleLowerCase();
    return words.every((word) => all.includes(word));
  });
}
