import type { RunConnection } from '../client/hosts';
import { Exit, type Values } from './arguments';
import { plain } from './plain';

const WIDTH = 20;

/** The terminal's last line, written over; '' empties it. */
export type Bar = (text: string) => void;
/** Says nothing where the output is no terminal, or is JSON. */
export const barOf = ({ json }: Pick<Values, 'json'>): Bar => (text) => { if (!json && process.stdout.isTTY) process.stdout.write(`\r\x1b[K${plain(text)}`); };
/** A bar filled up to `fraction`, in [0, 1], and what is under way. */
export const filled = (fraction: number, what: string): string => `[${'='.repeat(Math.round(fraction * WIDTH)).padEnd(WIDTH)}] ${what}`;
/** Shows how far the learning of the run's prior is. */
export function showLearning(run: RunConnection, bar: Bar): void {
  run.api.on('learning', ({ learning }) => { bar(learning ? filled(learning.fraction, learning.what) : ''); });
}

/** Does `work`, which Ctrl-C cancels; the bar is empty after it failed. Returns the exit code; throws what `work` throws where it was not cancelled. */
export async function cancellable(bar: Bar, cancel: () => Promise<unknown>, work: () => Promise<void>): Promise<number> {
  let cancelled = false;
  process.on('SIGINT', () => {
    cancelled = true;
    void cancel().catch(() => undefined);
  });
  try {
    await work();
    return Exit.ok;
  } catch (error) {
    bar('');
    if (!cancelled) throw error;
    return Exit.interrupted;
  }
}
