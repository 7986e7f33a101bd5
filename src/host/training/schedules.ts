import { afterEpoch, scheduledValue, type PlateauState, type Schedule, type SchedulePosition } from '../../vae/schedules';

/** Of each hyperparameter that still follows a schedule, what the schedule remembers; plain JSON. */
export type SchedulesState = Readonly<Record<string, { readonly plateau?: PlateauState }>>;

/** The hyperparameters that follow a schedule, each until a person sets it. */
export class Schedules {
  readonly #running = new Map<string, { readonly schedule: Schedule; readonly plateau?: PlateauState }>();

  /** `state`: where another run of the same schedules stood. */
  constructor(schedules: Readonly<Record<string, Schedule>>, state?: SchedulesState) {
    for (const [name, schedule] of Object.entries(schedules)) if (!state || name in state) this.#running.set(name, { schedule, ...state?.[name] });
  }

  get state(): SchedulesState {
    return Object.fromEntries([...this.#running].map(([name, { plateau }]) => [name, plateau ? { plateau } : {}]));
  }
  get names(): string[] { return [...this.#running.keys()]; }
  /** The hyperparameter is a person's from now on. */
  end(name: string): void { this.#running.delete(name); }

  valuesAt(position: SchedulePosition): Record<string, number> {
    return Object.fromEntries([...this.#running].map(([name, { schedule, plateau }]) => [name, scheduledValue(schedule, position, plateau)]));
  }

  /** After an epoch, with the loss over the whole held-out set; `isAnother`: what the loss is made of became different in it. */
  afterEpoch(loss: number, isAnother: boolean): void {
    for (const [name, { schedule, plateau }] of this.#running) {
      if (schedule.kind === 'reduceOnPlateau') this.#running.set(name, { schedule, plateau: afterEpoch(schedule, plateau && isAnother ? { ...plateau, best: null } : plateau, loss) });
    }
  }
}
