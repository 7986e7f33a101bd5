import { Worker } from 'node:worker_threads';

const LOOK_EVERY_MS = 250;

/** Ends this process when its parent is gone, and deletes `folder` before, also where the person's code never returns: a thread of its own looks. */
export function endWithParent(parent: number, folder?: string): void {
  new Worker(
    `const { workerData: w } = require('node:worker_threads'); const fs = require('node:fs');
    const lives = () => { try { process.kill(w.parent, 0); return true; } catch { return false; } };
    setInterval(() => {
      if (process.ppid === w.parent && lives()) return;
      try { if (w.folder) fs.rmSync(w.folder, { recursive: true, force: true }); } finally { process.kill(process.pid, 'SIGKILL'); }
    }, w.every);`,
    { eval: true, workerData: { parent, folder, every: LOOK_EVERY_MS } },
  ).unref();
}
