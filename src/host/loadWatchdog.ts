import { Worker } from 'node:worker_threads';

/** A model file that never returns blocks this thread for good: another one ends the process, leaving `failedManifest` as run.json. Returns a disposer. */
export function watchLoading(runJson: string, failedManifest: string, milliseconds: number): () => void {
  const worker = new Worker(
    `const { workerData: w } = require('node:worker_threads'); const fs = require('node:fs');
    setTimeout(() => {
      try { fs.writeFileSync(w.runJson + '.watchdog.tmp', w.manifest); fs.renameSync(w.runJson + '.watchdog.tmp', w.runJson); } finally { process.kill(process.pid, 'SIGKILL'); }
    }, w.milliseconds);`,
    { eval: true, workerData: { runJson, manifest: failedManifest, milliseconds } },
  );
  worker.unref();
  return () => { void worker.terminate(); };
}
