import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { Manifest, RunError } from '../protocol/run';

/** What may never return, and what is said then: where JavaScript goes on and on, and where a library is called that does not come back. */
const phases = {
  load: {
    limitMs: 30_000, loop: 'The model file did not finish loading within {0} s. Look for a loop that never ends.',
    native: 'The model file did not finish loading within {0} s: a native library that it calls does not return.',
  },
  build: {
    limitMs: 120_000, loop: 'The model was not built within {0} s. Look for a loop that never ends in its encoder or decoder.',
    native: 'The model was not built within {0} s: a native library does not return, the engine\'s or a graphics driver\'s. Restart the machine, or train with another engine.',
  },
} as const;
export type Phase = keyof typeof phases;
const SLOW_BUILD_LIMIT_MS = 30 * 60_000;

/**
 * Runs beside the main thread, which may be in a loop without an end: there only a debugger can ask it where it is. A main thread that waits says only that it is alive, one that is in
 * native code not even that, and Node before 20.11 cannot be asked. URLs of frames come with the scripts, in a path's form for a model file.
 */
const WATCH = `
const { workerData: w, parentPort } = require('node:worker_threads');
const fs = require('node:fs');
let alive;
const end = (line) => {
  const error = w.manifest.state.error;
  if (alive === false && error.code === 'modelFile') w.manifest.state.error = { code: 'engine', message: w.native };
  if (line !== undefined && error.location) error.location = { ...error.location, line };
  try { fs.writeFileSync(w.runJson + '.watchdog.tmp', JSON.stringify(w.manifest)); fs.renameSync(w.runJson + '.watchdog.tmp', w.runJson); } finally { process.kill(process.pid, 'SIGKILL'); }
};
const over = () => {
  setTimeout(end, w.answerMs);
  try {
    const scripts = new Set();
    const session = new (require('node:inspector').Session)();
    session.connectToMainThread();
    alive = false;
    session.post('Runtime.evaluate', { expression: '0' }, () => { alive = true; });
    session.on('Debugger.scriptParsed', ({ params }) => { if (w.urls.includes(params.url)) scripts.add(params.scriptId); });
    session.on('Debugger.paused', ({ params }) => {
      const frame = params.callFrames.find(({ location }) => scripts.has(location.scriptId));
      end(frame && frame.location.lineNumber + 1);
    });
    session.post('Debugger.enable', () => session.post('Debugger.pause'));
  } catch {}
};
let timer = setTimeout(over, w.milliseconds);
parentPort.on('message', ({ milliseconds, error }) => { w.manifest.state.error = error; clearTimeout(timer); timer = setTimeout(over, milliseconds); });`;
/** For the main thread to say where it is. */
const ANSWER_MS = 2000;

interface Watched { readonly manifest: Manifest; readonly dir: string; readonly modelFile: string; readonly phase: Phase }

/** The person's code may never return: then the process ends, and the run has failed with this sentence, at the line where it was. `driver` says that from here on a graphics driver is at work. */
export async function watched<T>({ manifest, dir, modelFile, phase }: Watched, work: (driver: () => void) => Promise<T>): Promise<T> {
  const { limitMs, loop, native } = phases[phase];
  const milliseconds = Number(process.env['VAE_LAB_LOAD_MS'] ?? limitMs);
  const withLimit = (sentence: string): string => sentence.replace('{0}', String(milliseconds / 1000));
  const error: RunError = { code: 'modelFile', message: withLimit(loop), location: { file: modelFile, line: 1 } };
  const failed: Manifest = { ...manifest, state: { kind: 'failed', error } };
  const worker = new Worker(WATCH, { eval: true, workerData: { runJson: path.join(dir, 'run.json'), manifest: failed, native: withLimit(native), milliseconds, answerMs: ANSWER_MS, urls: [modelFile, pathToFileURL(modelFile).href] } });
  worker.unref();
  return work(() => {
    const longer = Number(process.env['VAE_LAB_DRIVER_MS'] ?? SLOW_BUILD_LIMIT_MS);
    const slow: RunError = { code: 'engine', message: `The model was not built within ${longer / 60_000} minutes: the graphics driver does not answer. Restart the machine, or train with another engine.` };
    worker.postMessage({ milliseconds: longer, error: slow });
  }).finally(() => { void worker.terminate(); });
}
