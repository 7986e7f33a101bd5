import { Worker } from 'node:worker_threads';

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
