import { createReadStream } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import path from 'node:path';
import Papa from 'papaparse';
import * as z from 'zod';
import { errorText } from '../../protocol/errorText';
import type { CsvDescription } from '../../vae/data/index';
import type { ImageShape } from '../engines/engine';
import { sizeOf } from '../engines/sizeOf';
import { DataError } from './dataError';
import type { Dataset } from './dataset';
import { requireSameShape } from './exampleShape';
import { firstOf } from './firstOf';
import { classesOf } from './labels';
import { absolute, paced, type LoadOptions } from './loadOptions';
import { rowsOf } from './rowWriter';
import type { Store } from './store';
import { StoredDataset } from './storedDataset';

const tableSchema = z.object({ columns: z.number().int(), labels: z.array(z.string()).optional() });
const isNumber = (text: string): boolean => text.trim() !== '' && Number.isFinite(Number(text));

/** Makes rows of 32-bit floats of the lines of a table. */
class Table {
  readonly labels: string[] = [];
  #line = 0;
  #names: readonly string[] | undefined;
  #labelColumn: number | undefined;
  #width = 0;

  constructor(private readonly file: string, private readonly description: CsvDescription) {}
  get columns(): number { return this.#width - (this.#labelColumn === undefined ? 0 : 1); }
  get begun(): boolean { return this.#width > 0; }

  /** The numbers of the next line in [0, 1]; nothing for the names of the columns, and for an empty line at the end. @throws DataError naming line and column */
  row(given: readonly string[], isLast: boolean): Float32Array | undefined {
    const cells = this.#line === 0 ? given.map((cell, i) => (i === 0 ? cell.replace(/^\ufeff/, '') : cell)) : given; // spreadsheets begin with a mark of the encoding
    this.#line++;
    if (cells.length === 1 && cells[0]?.trim() === '' && (this.columns !== 1 || isLast)) {
      if (isLast) return undefined;
      throw new DataError(`${this.file}, line ${this.#line} is empty.`);
    }
    if (!this.begun && this.#begin(cells)) return undefined;
    if (cells.length !== this.#width) throw new DataError(`${this.file}, line ${this.#line} has ${cells.length} values where ${this.#width} should be.`);
    const [low, high] = this.description.range;
    const values = new Float32Array(this.columns);
    let at = 0;
    cells.forEach((cell, column) => {
      const name = this.#names?.[column] ?? String(column);
      if (cell.trim() === '') throw new DataError(`${this.file}, line ${this.#line}, column ${name} is empty.`);
      if (column === this.#labelColumn) { this.labels.push(cell.trim()); return; }
      const number = Number(cell);
      if (Number.isNaN(number)) throw new DataError(`${this.file}, line ${this.#line}, column ${name}: "${cell}" is not a number.`);
      if (number < low || number > high) throw new DataError(`${this.file}, line ${this.#line}, column ${name}: ${number} is not between ${low} and ${high}. Correct it, or name other bounds as "range".`);
      values[at++] = (number - low) / (high - low);
    });
    return values;
  }

  /** Takes the first line's width and, where it has them, names. */
  #begin(cells: readonly string[]): boolean {
    const { header = !cells.every((cell) => isNumber(cell)), labels } = this.description;
    this.#width = cells.length;
    if (header) this.#names = cells.map((cell) => cell.trim());
    const names = this.#names;
    if (typeof labels === 'string') {
      const column = names?.indexOf(labels) ?? -1;
      if (column < 0) throw new DataError(names ? `${this.file} has no column "${labels}". Its columns: ${firstOf(names, 10)}.` : `${this.file} does not name its columns in line 1: give the number of the column of the labels, counted from 0.`);
      this.#labelColumn = column;
    } else if (labels !== undefined) {
      if (labels >= cells.length) throw new DataError(`${this.file} has ${cells.length} columns, counted from 0, and none of the number ${labels}.`);
      this.#labelColumn = labels;
    }
    return header;
  }
}

/** The one of the usual delimiters that is most often in the first line. */
async function delimiterOf(file: string): Promise<string> {
  const handle = await open(file);
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(1 << 16), 0, 1 << 16, 0);
    const [line = ''] = buffer.toString('utf8', 0, bytesRead).split(/\r?\n/, 1);
    return [',', ';', '\t'].map((delimiter) => ({ delimiter, count: line.split(delimiter).length })).reduce((a, b) => (b.count > a.count ? b : a)).delimiter;
  } finally {
    await handle.close();
  }
}

/** The lines of a file, each split into cells. Papa Parse keeps quotes and the lines in them. */
function lines(file: string, delimiter: string, onLine: (cells: string[]) => void, onChunk: () => Promise<void>): Promise<void> {
  return new Promise((resolve, reject) => {
    const stream = createReadStream(file, { encoding: 'utf8', highWaterMark: 1 << 20 });
    const fail = (error: unknown): void => { stream.destroy(); reject(error instanceof DataError || (error instanceof Error && error.name === 'AbortError') ? error : new DataError(`${file} cannot be read: ${errorText(error)}`)); };
    stream.on('error', fail);
    Papa.parse<string[]>(stream, {
      delimiter,
      chunk: ({ data }, parser) => {
        try {
          data.forEach(onLine);
        } catch (error) {
          fail(error);
          parser.abort(); // which tells of the end
          return;
        }
        parser.pause();
        onChunk().then(() => { parser.resume(); }, (error: unknown) => { fail(error); parser.abort(); });
      },
      complete: () => { resolve(); },
      error: fail,
    });
  });
}

async function readTable(file: string, description: CsvDescription, load: LoadOptions): Promise<{ store: Store; columns: number; labels: readonly string[] | undefined }> {
  const { delimiter, labels, header, range } = description;
  const { size, mtimeMs } = await stat(file).catch((error: unknown) => { throw new DataError(`${file} cannot be read: ${errorText(error)}`); });
  const onProgress = paced(load);
  const { store, info } = await rowsOf({
    load, name: path.basename(file), key: ['csv', file, size, mtimeMs, delimiter, labels, header, range], info: tableSchema,
    scale: () => ({ kind: 'f4', range: undefined }), size: ({ columns }) => columns,
    make: async (append) => {
      const table = new Table(file, description);
      let waiting: Float32Array[] = [];
      let last: string[] | undefined;
      let bytes = 0;
      const take = (cells: string[], isLast: boolean): void => {
        const row = table.row(cells, isLast);
        if (row) waiting.push(row);
      };
      const flush = async (): Promise<void> => {
        for (const row of waiting) { bytes += row.byteLength; await append(new Uint8Array(row.buffer)); }
        waiting = [];
        await onProgress(`Reading ${path.basename(file)}`);
      };
      await lines(file, delimiter ?? await delimiterOf(file), (cells) => {
        if (last) take(last, false);
        last = cells;
      }, flush);
      if (last) take(last, true);
      await flush();
      if (bytes === 0) throw new DataError(`${file} holds no example.`);
      return { columns: table.columns, ...(labels === undefined ? {} : { labels: table.labels }) };
    },
  });
  return { store, columns: info.columns, labels: info.labels };
}

/** @throws DataError naming file, line and column */
export async function loadCsv(description: CsvDescription, options: LoadOptions): Promise<Dataset> {
  const { path: given, shape, test } = description;
  const file = absolute(given, options);
  const train = await readTable(file, description, options);
  const held = typeof test === 'string' ? await readTable(absolute(test, options), description, options) : undefined;
  const shapeOf = (columns: number): ImageShape => [1, columns, 1];
  if (held) requireSameShape(shapeOf(train.columns), shapeOf(held.columns), String(test));
  if (shape && sizeOf(shape) !== train.columns) throw new DataError(`${file} has ${train.columns} columns of values, where the shape [${shape.join(', ')}] has ${sizeOf(shape)} values.`);
  const classes = train.labels && classesOf(train.labels, held?.labels);
  return new StoredDataset({ name: `csv ${path.basename(file)}`, imageShape: shape ?? shapeOf(train.columns), preparation: description, train: train.store, test: held?.store ?? (test as number), labels: classes });
}
