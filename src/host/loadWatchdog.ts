import path from 'node:path';
import { Worker } from 'node:worker_threads';
import type { Manifest, RunError } from '../protocol/run';

/** A model file that never returns blocks this thread for good: another one ends the process, leaving `failedManifest` as run.json. `allow` starts the wait anew with another length. */
export function watchLoading(runJson: string, failedManifest: string, milliseconds: number): { allow(milliseconds: number): void; end(): void } {
  const worker = new Worker(
    `const { workerData: w, parentPort } = require('node:worker_threads'); const fs = require('node:fs');
    const over = () => {
      try { fs.writeFileSync(w.runJson + '.watchdog.tmp', w.manifest); fs.renameSync(w.runJson + '.watchdog.tmp', w.runJson); } finally { process.kill(process.pid, 'SIGKILL'); }
    };
    let timer = setTimeout(over, w.milliseconds);
    parentPort.on('message', (milliseconds) => { clearTimeout(timer); timer = setTimeout(over, milliseconds); });`,
    { eval: true, workerData: { runJson, manifest: failedManifest, milliseconds } },
  );
  worker.unref();
  return { allow: (longer) => { worker.postMessage(longer); }, end: () => { void worker.terminate(); } };
}

/** The person's code may never return: then the process ends, and the run has failed with this sentence. `allow` gives it longer. */
export async function watched<T>({ manifest, dir, modelFile, sentence, limitMs }: { readonly manifest: Manifest; readonly dir: string; readonly modelFile: string; readonly sentence: string; readonly limitMs: number }, work: (allow: (milliseconds: number) => void) => Promise<T>): Promise<T> {
  const limit = Number(process.env['VAE_LAB_LOAD_MS'] ?? limitMs);
  const error: RunError = { code: 'modelFile', message: sentence.replace('{0}', String(limit / 1000)), location: { file: modelFile, line: 1 } };
  const watch = watchLoading(path.join(dir, 'run.json'), JSON.stringify({ ...manifest, state: { kind: 'failed', error } }), limit);
  return work(watch.allow).finally(watch.end);
}
