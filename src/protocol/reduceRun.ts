import type { HostEvent, HostEvents, Snapshot } from './hostApi';
import { stillScheduled } from './run';

type Reducers = { [E in HostEvent]: (run: Snapshot, payload: HostEvents[E]) => Snapshot };
const reducers: Reducers = {
  state: (run, { state, lastStep, lastLoss }) => ({ ...run, manifest: { ...run.manifest, state, lastStep, ...(lastLoss === undefined ? {} : { lastLoss }) } }),
  manifest: (run, manifest) => ({ ...run, manifest }),
  restarted: (_, manifest) => ({ manifest, metrics: [], marks: [] }),
  metrics: (run, { points, speed }) => {
    const last = points.at(-1);
    const scheduled = points.filter((point) => point.scheduled !== undefined).at(-1);
    const tested = points.filter((point) => point.split === 'test').at(-1);
    return {
      ...run,
      metrics: run.metrics.concat(points),
      manifest: {
        ...run.manifest, ...(last ? { lastStep: last.step } : {}), ...(tested ? { lastLoss: tested.loss } : {}),
        ...(scheduled ? { hyperparameters: { ...run.manifest.hyperparameters, ...stillScheduled(scheduled, run.marks) } } : {}),
      },
      ...(speed ? { speed } : {}),
    };
  },
  mark: (run, mark) => ({ ...run, marks: [...run.marks, mark] }),
  images: (run, images) => ({ ...run, images }),
  moment: (run, moment) => ({ ...run, moments: [...(run.moments ?? []).filter(({ step }) => step < moment.step), moment] }),
  checkpoints: (run, { steps }) => ({ ...run, checkpoints: steps }),
  evaluating: (run) => run,
  learning: ({ learning: _, ...run }, { learning }) => ({ ...run, ...(learning ? { learning } : {}) }),
};

/** A run's snapshot after an event of its host; nothing given is changed. */
export function reduceRun<E extends HostEvent>(run: Snapshot, event: E, payload: HostEvents[E]): Snapshot {
  return reducers[event](run, payload);
}
