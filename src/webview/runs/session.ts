import * as z from 'zod';
import { errorText } from '../../protocol/errorText';
import { FINE_POINTS, type Look } from '../../protocol/fineTracks';
import { MAX_COMPARED, runsEvents, runsRequests, type DiskUse, type RunRow } from '../../protocol/runsApi';
import type { Api, Params } from '../../protocol/rpc';
import type { SavedFile } from '../../protocol/savedFile';
import { trackKinds, unpackTracks } from '../../protocol/tracks';
import { curveViewSchema, freshView, withChange, type CurveView } from '../charts/curveView';
import type { FigureOwner } from '../charts/FigureMenu';
import { Value } from '../observable';
import { columns, type Sort } from './columns';
import { isSameRange, type Beside, type CloserRuns } from './overlay';

export type RunsClient = Api<typeof runsRequests, typeof runsEvents>;
export interface RunsState {
  readonly rows: readonly RunRow[];
  readonly filter: string;
  readonly sort: Sort;
  readonly selected: ReadonlySet<string>;
  readonly renaming?: string | undefined;
  /** Deleted by the last deletion, which can be undone. */
  readonly deleted: readonly string[];
  readonly compared: readonly Beside[];
  /** What of them is zoomed into, where one is long. */
  readonly closer?: CloserRuns | undefined;
  /** How their curves are drawn. */
  readonly view: CurveView;
  readonly disk?: DiskUse | undefined;
  readonly error?: string | undefined;
}

/** Points of a run's losses, of each kind: several for each pixel that a chart is wide. */
const MOST = FINE_POINTS / 2;
const idsOf = (runs: readonly Beside[]): string[] => runs.map(({ id }) => id);
/** Whether more points can be seen of what is zoomed into. */
const isLong = (runs: readonly Beside[]): boolean => runs.some(({ tracks }) => trackKinds.some((kind) => tracks[kind].part !== undefined));

/** What is found again when the page was hidden. */
const keptSchema = z.object({ filter: z.string(), sort: z.object({ column: z.enum(columns), ascending: z.boolean() }), selected: z.array(z.string()), view: curveViewSchema }).partial();

/** What the page of runs shows, and what it asks for. */
export class RunsSession implements FigureOwner {
  readonly state: Value<RunsState>;
  readonly figuresName = 'runs';
  #comparing = 0;
  #settling: Promise<void> | undefined;

  constructor(readonly client: RunsClient, rows: readonly RunRow[], kept?: unknown, keep: (state: z.infer<typeof keptSchema>) => void = () => undefined) {
    const { filter = '', sort = { column: 'created', ascending: false }, selected = [], view = freshView } = keptSchema.safeParse(kept).data ?? {};
    this.state = new Value<RunsState>({ rows, filter, sort, selected: new Set(selected.filter((id) => rows.some((row) => row.id === id))), deleted: [], compared: [], view });
    this.state.subscribe(({ view: { zoom: _zoom, ...rest }, ...now }) => { keep({ filter: now.filter, sort: now.sort, selected: [...now.selected], view: rest }); });
    client.on('rows', ({ rows: next }) => { this.#setRows(next); });
    void this.#compare();
  }

  set(change: Partial<RunsState>): void { this.state.set({ ...this.state.get(), ...change }); }

  /** Asks for something whose answer shows as an event; that it failed is shown. Resolves to whether it was done. */
  async ask<M extends keyof typeof runsRequests & string>(method: M, params: Params<typeof runsRequests, M>): Promise<boolean> {
    try {
      await this.client.request(method, params);
      this.set({ error: undefined });
      return true;
    } catch (error) {
      this.fail(error);
      return false;
    }
  }

  /** How the compared runs are looked at: of what is zoomed into of long ones more points are asked for. */
  changeView(change: Partial<CurveView>): void {
    this.set({ view: withChange(this.state.get().view, change) });
    this.#refine();
  }
  settled(): Promise<void> { return this.#settling ??= this.#settle().finally(() => { this.#settling = undefined; }); }
  /** The compared runs with all of their points. */
  async allCompared(): Promise<readonly Beside[]> {
    const { compared } = this.state.get();
    const all = await this.#read({ ids: idsOf(compared) });
    return compared.map((run) => all.find(({ id }) => id === run.id) ?? run);
  }
  saveFile(file: SavedFile): void { void this.ask('saveFile', file); }
  fail(error: unknown): void { this.set({ error: errorText(error) }); }

  select(id: string, isSelected: boolean): void {
    const selected = new Set(this.state.get().selected);
    if (isSelected) selected.add(id); else selected.delete(id);
    this.set({ selected });
    void this.#compare();
  }
  unselect(): void {
    this.set({ selected: new Set(), compared: [] });
  }

  async delete(ids: readonly string[]): Promise<void> {
    this.set({ deleted: [] });
    await this.ask('deleteRuns', { ids: [...ids] });
    const gone = ids.filter((id) => !this.state.get().rows.some((row) => row.id === id)); // one of them may have failed
    this.set({ deleted: gone });
    if (this.state.get().disk) await this.readDisk();
  }
  async undo(ids: readonly string[]): Promise<void> {
    if (await this.ask('restoreRuns', { ids: [...ids] })) this.set({ deleted: [] });
    if (this.state.get().disk) await this.readDisk();
  }

  async readDisk(): Promise<void> { await this.#disk(() => this.client.request('diskUse', {})); }
  async cleanUp(what: 'deleted' | 'prepared'): Promise<void> {
    if (what === 'deleted') this.set({ deleted: [] });
    await this.#disk(() => this.client.request('cleanUp', { what }));
  }
  async #disk(read: () => Promise<DiskUse>): Promise<void> {
    try {
      this.set({ disk: await read() });
    } catch (error) {
      this.fail(error);
    }
  }

  #setRows(rows: readonly RunRow[]): void {
    const known = new Set(rows.map(({ id }) => id));
    const { selected, rows: before } = this.state.get();
    const moved = new Set([...before, ...rows].flatMap(({ id, live }) => (live ? [id] : []))); // the last points of one that has ended came since
    const left = new Set([...selected].filter((id) => known.has(id)));
    this.set({ rows, ...(left.size === selected.size ? {} : { selected: left }) });
    if (left.size !== selected.size || [...left].some((id) => moved.has(id))) void this.#compare();
  }

  async #compare(): Promise<void> {
    const asked = ++this.#comparing;
    const ids = [...this.state.get().selected].slice(0, MAX_COMPARED);
    if (ids.length < 2) {
      this.set({ compared: [] });
      return;
    }
    try {
      const compared = await this.#read({ ids, most: MOST });
      if (asked !== this.#comparing) return;
      this.set({ compared });
      this.#refine();
    } catch (error) {
      this.fail(error);
    }
  }

  #refine(): void { this.settled().catch((error: unknown) => { this.fail(error); }); }
  async #settle(): Promise<void> {
    for (let range = this.#lacking(); range; range = this.#lacking()) {
      const of = this.state.get().compared;
      this.set({ closer: { range, of, runs: await this.#read({ ids: idsOf(of), range, most: MOST }) } });
    }
  }
  /** Of what more points are to be asked for. */
  #lacking(): Look['range'] {
    const { compared, closer, view: { axis, zoom } } = this.state.get();
    const range = zoom && { axis, ...zoom };
    return isLong(compared) && !(isSameRange(closer?.range, range) && closer?.of === compared) ? range : undefined;
  }
  async #read(asked: Params<typeof runsRequests, 'compareRuns'>): Promise<readonly Beside[]> {
    const { runs } = await this.client.request('compareRuns', asked);
    return runs.map((run) => ({ ...run, tracks: unpackTracks(run.tracks) }));
  }
}
