import { RunDirectory } from '../../src/runs/runDirectory';

/** Checkpoints are kept every so many steps in the runs that are compared; which others are there depends on the time they took. */
export const KEEP_EVERY = 97;

/** What a run says of itself that does not depend on when it ran: how long it took is left out. */
export async function outcome(dir: string) {
  const directory = new RunDirectory(dir);
  const { manifest: { state, lastStep, hyperparameters }, metrics, marks } = await directory.readSnapshot();
  const { checkpoint, damaged } = await directory.checkpoints.newest();
  const { seconds: _seconds, ...trainer } = JSON.parse(checkpoint?.trainer ?? '{}') as { seconds?: number };
  return {
    state, lastStep, hyperparameters, damaged, step: checkpoint?.step, trainer, best: checkpoint?.best, kept: (await directory.checkpoints.steps()).filter((step) => step % KEEP_EVERY === 0),
    tensors: (checkpoint?.tensors ?? []).map(({ name, shape, data }) => ({ name, shape, bytes: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64') })),
    metrics: metrics.map((point) => ({ ...point, seconds: 0 })), marks: marks.map((mark) => ({ ...mark, seconds: 0 })),
  };
}
export type Outcome = Awaited<ReturnType<typeof outcome>>;

/** In which respects two runs differ; none where they are the same, bit for bit. */
export function differences(a: Outcome, b: Outcome): string[] {
  const rows: [string, unknown, unknown][] = (Object.keys(a) as (keyof Outcome)[]).map((key) => [key, a[key], b[key]]);
  return rows.filter(([, left, right]) => JSON.stringify(left) !== JSON.stringify(right)).map(([key]) => key);
}
