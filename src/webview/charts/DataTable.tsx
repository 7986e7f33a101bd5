import { significant, t, whole } from '../text';
import { thinned } from '../../protocol/thinned';
import type { Table } from './table';

const ROWS = 60;

/** Numbers to be read one by one; of many rows some. */
export function DataTable({ title, table: { head, rows, isPart = false } }: { readonly title: string; readonly table: Table }) {
  const shown = thinned(rows, ROWS);
  return (
    <div class="data-table" tabIndex={0} role="group" aria-label={t('{0}: data', title)}>
      <table>
        <caption>{isPart ? t('{0}: {1} rows of a long run. The CSV file has all.', title, whole(shown.length)) : shown.length < rows.length ? t('{0}: {1} of {2} rows. The CSV file has all.', title, whole(shown.length), whole(rows.length)) : t('{0}: {1} rows', title, whole(rows.length))}</caption>
        <thead><tr>{head.map((name) => <th key={name} scope="col">{name}</th>)}</tr></thead>
        <tbody>
          {shown.map((row, i) => <tr key={i}>{row.map((value, column) => (column === 0 ? <th key={column} scope="row">{value === undefined ? '' : whole(value)}</th> : <td key={column}>{value === undefined || !Number.isFinite(value) ? '' : significant(value, 6)}</td>))}</tr>)}
        </tbody>
      </table>
    </div>
  );
}
