import { writeFileSync } from 'node:fs';
import { Worker } from 'node:worker_threads';

const HELD_BYTES = 2 ** 20;
const HUNG_MS = 20_000;

/** Ends this process where one input is read for ever, leaving it in `file`; one that makes an error nobody catches is left there too. `reading` tells of each input before it is read. */
export function watchInputs(file: string): { reading(input: Uint8Array): void; end(): Promise<unknown> } {
  const shared = new SharedArrayBuffer(8 + HELD_BYTES);
  const [count, held] = [new Int32Array(shared, 0, 2), new Uint8Array(shared, 8)];
  const worker = new Worker(`
    const { workerData: { shared, file, hungMs } } = require('node:worker_threads');
    const count = new Int32Array(shared, 0, 2), held = new Uint8Array(shared, 8);
    let last = -1;
    setInterval(() => {
      const now = Atomics.load(count, 0);
      if (now !== last) { last = now; return; }
      if (now === 0) return;
      require('node:fs').writeFileSync(file, held.slice(0, count[1]));
      require('node:fs').writeSync(2, 'An input hangs; it is in ' + file + '\\n');
      process.kill(process.pid, 'SIGKILL');
    }, hungMs);`, { eval: true, workerData: { shared, file, hungMs: HUNG_MS } });
  worker.unref();
  const keep = (): void => { writeFileSync(file, held.slice(0, count[1])); };
  process.on('uncaughtExceptionMonitor', keep);
  return {
    reading: (input) => {
      held.set(input.subarray(0, HELD_BYTES));
      count[1] = Math.min(input.length, HELD_BYTES);
      Atomics.add(count, 0, 1);
    },
    end: () => {
      process.off('uncaughtExceptionMonitor', keep);
      return worker.terminate();
    },
  };
}
