import { spawn } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { HostApi } from '../protocol/hostApi';
import { one, type ImageStrip } from '../protocol/images';
import { exporterAnswerSchema, type ExporterAnswer, type ExportFormat } from '../protocol/exports';
import { writeAtomically } from '../runs/atomicFile';
import { eventFileName, tensorboardEvents } from '../runs/export/tensorboard';
import { gridPng, stripPng } from '../runs/pictures';
import { RunDirectory } from '../runs/runDirectory';
import { encodeSafetensors } from '../runs/safetensors';
import { nodeEnvironment } from './findNode';

export interface ExportOptions {
  /** Of the run. */
  readonly dir: string;
  /** A file for safetensors, else a folder, which is made. */
  readonly out: string;
  readonly node: string;
  readonly hostScript: string;
  /** Pictures of each kind. Default 64. */
  readonly count?: number | undefined;
  /** Examples that the ONNX files take at once. Default 1. */
  readonly batch?: number | undefined;
  /** A host that serves the run, for those formats that need one. */
  readonly host: () => Promise<HostApi>;
}
/** What was written, and what a person should know of it, in a sentence. */
export interface Exported { readonly files: readonly string[]; readonly notice?: string }
export class ExportError extends Error {}

const COUNT = 64;
const NONE = 'This run has no checkpoint to show. Train it for an epoch, or stop it, and one is written.';

const formats: { readonly [F in ExportFormat]: (options: ExportOptions) => Promise<Exported> } = { onnx: exportOnnx, safetensors: exportWeights, tensorboard: exportEvents, png: exportPictures };
/** Writes a run for other programs. @throws ExportError in a sentence, or what the file system says */
export const exportRun = (format: ExportFormat, options: ExportOptions): Promise<Exported> => formats[format](options);

async function exportOnnx({ dir, out, node, hostScript, batch = 1 }: ExportOptions): Promise<Exported> {
  const answer = await new Promise<ExporterAnswer>((resolve, reject) => {
    const child = spawn(node, [hostScript, JSON.stringify({ role: 'exporter', dir, folder: out, batch })], { env: nodeEnvironment(node), windowsHide: true, stdio: ['ignore', 'pipe', 'ignore'] });
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => { said += chunk.toString(); });
    child.once('error', (error) => { reject(new ExportError(`Node could not be started at ${node}: ${error.message}`)); });
    child.once('close', (code) => {
      const line = said.split('\n').filter((text) => text.startsWith('{"outcome"')).at(-1);
      const parsed = line === undefined ? undefined : exporterAnswerSchema.safeParse(JSON.parse(line)).data;
      if (parsed) resolve(parsed); else reject(new ExportError(batch > 1 ? `The export of ${batch} examples at once ended unexpectedly, most likely for want of memory. Export it with --batch 1.` : `The export ended unexpectedly (exit code ${String(code)}).`));
    });
  });
  if (answer.outcome === 'failed') throw new ExportError(answer.message);
  return { files: answer.files, notice: `onnxruntime gives the model's own pixels with them, to within ${answer.difference.pixels.toExponential(1)}.` };
}

async function exportWeights({ dir, out }: ExportOptions): Promise<Exported> {
  const directory = new RunDirectory(dir);
  const [{ checkpoint }, { id, modelName }] = await Promise.all([directory.checkpoints.newest(), directory.readManifest()]);
  if (!checkpoint) throw new ExportError(NONE);
  const weights = checkpoint.tensors.filter(({ name }) => !name.startsWith('optimizer/'));
  await mkdir(path.dirname(path.resolve(out)), { recursive: true });
  await writeAtomically(out, encodeSafetensors(weights, { run: id, model: modelName, step: String(checkpoint.step) }));
  return { files: [out] };
}

async function exportEvents({ dir, out }: ExportOptions): Promise<Exported> {
  const snapshot = await new RunDirectory(dir).readSnapshot();
  if (snapshot.metrics.length === 0) throw new ExportError('This run has no metrics to export yet.');
  const files: string[] = [];
  for (const [kind, bytes] of tensorboardEvents(snapshot)) {
    await mkdir(path.join(out, kind), { recursive: true });
    files.push(path.join(out, kind, eventFileName(snapshot.manifest.createdAt)));
    await writeFile(files.at(-1) ?? '', bytes);
  }
  return { files };
}

async function exportPictures({ dir, out, count = COUNT, host }: ExportOptions): Promise<Exported> {
  const { testCount, samplesSeed = 1 } = await new RunDirectory(dir).readManifest();
  const api = await host();
  const indices = Array.from({ length: Math.min(count, testCount || count) }, (_, i) => i); // 0: an old run does not tell
  const samples = await api.request('sample', { count, seed: samplesSeed });
  const { originals, reconstructions } = await api.request('reconstruct', { indices });
  const files: string[] = [];
  for (const [kind, strip] of Object.entries({ samples, originals, reconstructions })) files.push(...await writeEach(path.join(out, kind), strip));
  const columns = Math.ceil(Math.sqrt(count));
  for (const [name, png] of [['samples.png', gridPng([samples], columns)], ['reconstructions.png', gridPng([originals, reconstructions], indices.length)]] as const) {
    files.push(path.join(out, name));
    await writeFile(path.join(out, name), png);
  }
  return { files };
}

/** One PNG a picture, named by its number. */
async function writeEach(folder: string, strip: ImageStrip): Promise<string[]> {
  await mkdir(folder, { recursive: true });
  const files = Array.from({ length: strip.count }, (_, i) => path.join(folder, `${String(i).padStart(4, '0')}.png`));
  for (const [i, file] of files.entries()) await writeFile(file, stripPng(one(strip, i)));
  return files;
}
