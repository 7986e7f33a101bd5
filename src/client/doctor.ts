import { spawn } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import os from 'node:os';
import type * as z from 'zod';
import { adapters, isSoftware } from '../components/adapters';
import { cudaLibraries } from '../components/cudaLibraries';
import { cardLacks, cudaOfDriver, nvidiaGpus, type NvidiaGpu } from '../components/nvidia';
import { SetUpError } from '../components/setUpError';
import { tensorflowSource } from '../components/tensorflowSource';
import { chosenByAuto, descriptionSchema, probeSchema, speedOf, type Description, type DoctorReport, type Probe, type ProbedEngine, type ProbedModel } from '../protocol/doctor';
import { keepSpeed } from '../runs/measuredSpeed';
import { namedEngines, type NamedEngine } from '../spec/engines';
import { nodeEnvironment } from './findNode';

/** First kernels on a card that is new to TensorFlow are compiled for minutes. */
const LIMIT_MS = 20 * 60_000;

export interface ExamineOptions {
  readonly node: { readonly path: string; readonly version: string };
  readonly hostScript: string;
  /** Of VAE Lab. */
  readonly version: string;
  /** What engines are tried on; absent: the reference VAE. */
  readonly model?: { readonly modelFile: string; readonly modelName?: string | undefined; readonly dataFolder?: string | undefined; readonly dataMirrors?: readonly string[] | undefined } | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told before an engine is tried. */
  readonly onProgress?: ((engine: NamedEngine, fraction: number) => void) | undefined;
  /** Told what is known so far. */
  readonly onReport?: ((report: DoctorReport) => void) | undefined;
}

function answerIn<T>(said: string, schema: z.ZodType<T>): T | undefined {
  const line = /^\{"outcome".*\}$/gm.exec(said)?.[0];
  try {
    return line === undefined ? undefined : schema.parse(JSON.parse(line));
  } catch { return undefined; }
}

/** Asks a host's process, which what it tries may take down; `ended` makes an answer of how it ended without one. @throws AbortError */
function ask<T>(question: object, schema: z.ZodType<T>, { node, hostScript, signal }: ExamineOptions, ended: (how: string) => T): Promise<T> {
  return new Promise((resolve, reject) => {
    const child = spawn(node.path, [hostScript, JSON.stringify(question)], { env: nodeEnvironment(node.path), windowsHide: true, stdio: ['ignore', 'pipe', 'pipe'], timeout: LIMIT_MS, signal });
    let [said, complained] = ['', ''];
    child.stdout.on('data', (chunk: Buffer) => { said += chunk.toString(); });
    child.stderr.on('data', (chunk: Buffer) => { complained = (complained + chunk.toString()).slice(-4000); });
    child.once('error', (error) => { if (signal?.aborted) reject(error); else resolve(ended(error.message)); });
    child.once('close', (code, killedBy) => {
      if (signal?.aborted) return;
      const how = killedBy ?? `code ${code ?? '?'}`;
      const last = complained.trim().split('\n').at(-1) ?? '';
      resolve(answerIn(said, schema) ?? ended(last === '' ? how : `${how}: ${last}`));
    });
  });
}
function describe(options: ExamineOptions, model: NonNullable<ExamineOptions['model']>): Promise<Description> {
  return ask({ role: 'describe', ...model }, descriptionSchema, options, (how) => ({ outcome: 'failed', message: `Its process ended (${how}).` }));
}
function probe(engine: NamedEngine, model: ProbedModel | undefined, options: ExamineOptions): Promise<Probe> {
  return ask({ role: 'probe', engine, model }, probeSchema, options, (how) => ({
    outcome: 'failed', message: engine === 'tensorflow' ? `Its process ended (${how}). Set it up again, or train with another engine.` : `Its process ended (${how}). Train with another engine, and tell the developers of VAE Lab.`,
  }));
}

function canBeSetUpFor(gpus: readonly NvidiaGpu[]): boolean {
  try {
    return gpus.length > 0 && cardLacks(tensorflowSource('pypi', 'gpu'), gpus) === undefined;
  } catch (error) {
    if (error instanceof SetUpError) return false; // there is none for this system
    throw error;
  }
}

/** Looks at the machine and tries every engine, one after the other, each in a process of its own. @throws AbortError */
export async function examine(options: ExamineOptions): Promise<DoctorReport> {
  const { model: asked, signal, version, node } = options;
  const [gpus, found, cuda, libraries, description] = await Promise.all([nvidiaGpus(), adapters(), cudaOfDriver(), cudaLibraries(), asked && describe(options, asked)]);
  const model = description?.outcome === 'described' ? description.model : undefined;
  const forGpu = canBeSetUpFor(gpus);
  const engines: ProbedEngine[] = [];
  const report = (): DoctorReport => {
    const auto = chosenByAuto(engines);
    return {
      version, node, gpus, forGpu, adapters: found.map((adapter) => (isSoftware(adapter) ? { ...adapter, software: true } : adapter)), cuda: { libraries, ...(cuda === undefined ? {} : { version: cuda }) }, engines: [...engines],
      ...(model ? { model } : {}), ...(description?.outcome === 'failed' ? { modelNotice: description.message } : {}), ...(auto === undefined || engines.length < namedEngines.length ? {} : { auto }),
      machine: { platform: process.platform, arch: process.arch, cores: os.availableParallelism(), cpu: os.cpus()[0]?.model.trim() ?? '', memoryGb: os.totalmem() / 2 ** 30 },
    };
  };
  for (const [index, engine] of namedEngines.entries()) {
    signal?.throwIfAborted();
    options.onReport?.(report());
    options.onProgress?.(engine, index / namedEngines.length);
    engines.push({ engine, probe: await probe(engine, model, options) });
  }
  if (model) await keepSpeed({ source: await readFile(model.file, 'utf8'), modelName: model.name }, speedOf(engines)).catch(() => { /* `auto` then does not know it */ });
  return report();
}
