// Records what a real host tells a panel, as the tests of this folder play it: npm run record:panel
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { startRun } from '../../src/client/hosts';
import { hostEvents, type HostEvent } from '../../src/protocol/hostApi';
import { isLive } from '../../src/protocol/run';
import { Moments } from '../../src/runs/moments';
import { pack } from './wireText';

const MODEL = `import { adam, elbo, sprites, vae } from 'vae-lab';
export const shapes = vae({
  data: sprites({ trainCount: 640, testCount: 256 }), latentDim: 4,
  encoder: ({ layers }) => [layers.flatten(), layers.dense({ units: 64, activation: 'relu' })],
  decoder: ({ layers }) => [layers.dense({ units: 64, activation: 'relu' })],
  objective: elbo({ beta: 1 }), training: { epochs: 10, batchSize: 64, optimizer: adam({ learningRate: 3e-3 }), seed: 7 },
});
`;
const folder = mkdtempSync(path.join(os.tmpdir(), 'vae-lab-record-'));
const modelFile = path.join(folder, 'shapes.vae.ts');
writeFileSync(modelFile, MODEL);
Object.assign(process.env, { VAE_LAB_STATE: path.join(folder, 'state') });
const root = path.resolve(import.meta.dirname, '..', '..');
const { api, dir, close } = await startRun({ node: process.execPath, hostScript: path.join(root, 'dist', 'host.js'), modelFile, runsFolder: path.join(folder, 'runs'), engine: 'wasm' });
try {
  const events: { event: HostEvent; payload: unknown }[] = [];
  const ended = new Promise<void>((resolve) => { api.on('state', ({ state }) => { if (!isLive(state)) resolve(); }); });
  let changed = false;
  for (const event of Object.keys(hostEvents) as HostEvent[]) {
    api.on(event, (payload) => {
      events.push({ event, payload });
      const point = 'points' in payload ? payload.points.at(-1) : undefined;
      if (!changed && (point?.step ?? 0) >= 30) {
        changed = true;
        void api.request('setHyperparameter', { name: 'beta', value: 4 });
      }
    });
  }
  const first = await api.request('snapshot', {});
  await ended;
  const last = await api.request('snapshot', {});
  const kept = new Moments(dir);
  const indices = Array.from({ length: 200 }, (_, i) => i);
  const answers = {
    sample: await api.request('sample', { count: 64, seed: 1 }), encode: await api.request('encode', { indices }),
    interpolate: await api.request('interpolate', { from: 0, to: 1, steps: 11 }), decode: await api.request('decode', { z: new Float32Array(4) }),
    moments: await Promise.all((last.moments ?? []).map(({ step }) => kept.read(step))),
  };
  // No path of this machine, and no more pictures than the last.
  const images = events.filter(({ event }) => event === 'images');
  const played = events.filter((entry) => entry.event !== 'images' || entry === images.at(-1));
  const text = pack({ first: { ...first, images: undefined }, events: played, last, answers }).replaceAll(modelFile, '/models/shapes.vae.ts').replaceAll(process.version, 'v22.0.0');
  const target = path.join(root, 'test', 'webview', 'fixtures', 'recorded.json.gz');
  writeFileSync(target, gzipSync(text, { level: 9 }));
  console.log(`Wrote ${events.length} events to ${path.relative(root, target)}`);
  await api.request('shutdown', {}).catch(() => undefined);
} finally {
  close();
  rmSync(folder, { recursive: true, force: true });
}
