import { fork, type ChildProcess } from 'node:child_process';
import { ResponseError, type MessageConnection } from 'vscode-jsonrpc';
import type { HyperparameterValues } from '../../../spec/hyperparameters';
import { createPortConnection } from '../../../protocol/postMessage';
import { clientOf, ConnectionClosedError, type Api, type Params, type Result } from '../../../protocol/rpc';
import { EngineError, EngineLostError, EngineUnavailableError, OutOfMemoryError, UnsupportedModelError, type Batch, type EagerGradients, type Encoded, type NamedTensor, type NonFinite, type Origin, type Program, type StepParts, type StepResult, type Terms } from '../engine';
import { failureSchema, programRequests, type ProgramOptions } from './programApi';

type Requests = typeof programRequests;
/** A driver that does not answer for so long hangs. A graph's first run compiles its shaders, which takes seconds, and minutes in software. */
const ANSWER_MS = 60_000;
const FIRST_ANSWER_MS = 600_000;
/** What the processor computes, however long it takes. */
const onProcessor: ReadonlySet<string> = new Set(['eagerGradients', 'findNonFinite']);

/** A program in a process of its own, which a graphics driver may take down, or keep for ever: then every call ends with an EngineLostError. */
export class RemoteProgram implements Program {
  readonly #api: Api<Requests, Record<never, never>>;
  readonly #connection: MessageConnection;
  /** Calls that have been answered once, by name and number of examples: no graph of theirs is new. */
  readonly #warm = new Set<string>();
  #fingerprint: string | undefined;
  #lost: string | undefined;

  private constructor(private readonly child: ChildProcess) {
    const connection = this.#connection = createPortConnection({
      post: (message) => { if (child.connected) child.send(message, () => { /* its end is seen below */ }); },
      listen: (listener) => { child.on('message', listener); return () => { child.off('message', listener); }; },
    });
    this.#api = clientOf(connection, programRequests, {});
    connection.listen();
    child.once('exit', (code, killedBy) => {
      this.#lost ??= endedWith(killedBy ?? `code ${code ?? '?'}`);
      connection.dispose();
    });
    child.once('error', (error) => {
      this.#lost ??= endedWith(error.message);
      connection.dispose();
    });
  }

  /** Builds a model in a new process. @throws EngineError */
  static async build({ node, script }: Pick<Origin, 'node' | 'script'>, options: ProgramOptions): Promise<RemoteProgram> {
    const child = fork(script, [JSON.stringify(options)], { execPath: node, execArgv: [], serialization: 'advanced', stdio: ['ignore', 2, 2, 'ipc'] }); // its lines go to the run's log
    const program = new RemoteProgram(child);
    try {
      program.#fingerprint = (await program.#ask('build', {})).fingerprint;
      return program;
    } catch (error) {
      program.dispose();
      throw error instanceof EngineLostError ? new EngineUnavailableError(error.message) : error; // nothing was trained
    }
  }

  get fingerprint(): string | undefined { return this.#fingerprint; }

  async #ask<M extends keyof Requests & string>(method: M, params: Params<Requests, M>, key: string = method): Promise<Result<Requests, M>> {
    if (this.#lost !== undefined) throw new EngineLostError(this.#lost);
    const limit = Number(process.env['VAE_LAB_DEVICE_MS'] ?? (this.#warm.has(key) ? ANSWER_MS : FIRST_ANSWER_MS));
    const timer = setTimeout(() => {
      this.#lost ??= hangs(limit / 1000);
      this.child.kill('SIGKILL');
    }, limit);
    try {
      const answer = await this.#api.request(method, params);
      if (!onProcessor.has(method) && method !== 'renew') this.#warm.add(key); // no first time is special there, and any renewal may be the one that compiles
      return answer;
    } catch (error) {
      if (error instanceof ConnectionClosedError) throw new EngineLostError(this.#lost ?? endedWith('?'));
      throw revived(error);
    } finally {
      clearTimeout(timer);
    }
  }

  async step(batch: Batch, noise: Float32Array, hyperparameters: HyperparameterValues, perWeight = false): Promise<StepResult> { return this.#ask('step', { batch, noise, hyperparameters, perWeight }, `step ${batch.count}`); }
  async evaluate(batch: Batch, noise: Float32Array, hyperparameters: HyperparameterValues): Promise<StepParts> { return this.#ask('evaluate', { batch, noise, hyperparameters }, `evaluate ${batch.count}`); }
  async terms(batch: Batch, noise: Float32Array, samples: number, hyperparameters: HyperparameterValues): Promise<Terms> {
    const { reconstruction, logWeight, kl } = await this.#ask('terms', { batch, noise, samples, hyperparameters }, `terms ${batch.count} ${samples}`);
    return { reconstruction, ...(logWeight ? { logWeight } : {}), ...(kl ? { kl } : {}) };
  }
  async gradients(batch: Batch, noise: Float32Array, hyperparameters: HyperparameterValues): Promise<NamedTensor[]> { return [...(await this.#ask('gradients', { batch, noise, hyperparameters }, `gradients ${batch.count}`)).tensors]; }
  async eagerGradients(batch: Batch, noise: Float32Array, hyperparameters: HyperparameterValues): Promise<EagerGradients> { return this.#ask('eagerGradients', { batch, noise, hyperparameters }); }
  async findNonFinite(batch: Batch, noise: Float32Array, hyperparameters: HyperparameterValues, training: boolean): Promise<NonFinite | undefined> { return (await this.#ask('findNonFinite', { batch, noise, hyperparameters, training })).found; }
  async encode(batch: Batch): Promise<Encoded> {
    const { indices, ...encoded } = await this.#ask('encode', { batch }, `encode ${batch.count}`);
    return { ...encoded, ...(indices ? { indices } : {}) };
  }
  async drawPrior(noise: Float32Array, choices: Float32Array, count: number): Promise<Float32Array> { return (await this.#ask('drawPrior', { noise, choices, count }, `drawPrior ${count}`)).z; }
  async decode(z: Float32Array, count: number, conditions?: Float32Array): Promise<Float32Array> { return (await this.#ask('decode', { z, count, ...(conditions ? { conditions } : {}) }, `decode ${count}`)).pictures; }
  async renew(): Promise<boolean> {
    const { changed, fingerprint } = await this.#ask('renew', {});
    this.#fingerprint = fingerprint;
    if (changed) this.#warm.clear();
    return changed;
  }
  async getState(): Promise<NamedTensor[]> { return [...(await this.#ask('getState', {})).tensors]; }
  async setState(state: readonly NamedTensor[]): Promise<void> { await this.#ask('setState', { tensors: state }); }

  dispose(): void {
    this.#lost ??= endedWith('SIGKILL');
    this.#connection.dispose();
    this.child.kill('SIGKILL');
  }
}

function endedWith(how: string): string { return `The process that computed on WebGPU ended (${how}): its graphics driver failed.`; }
function hangs(seconds: number): string { return `The graphics driver did not answer for ${seconds} s.`; }

/** The engine's error that crossed the border, as what it was. */
function revived(error: unknown): unknown {
  if (!(error instanceof ResponseError)) return error;
  const failure = failureSchema.safeParse(error.data).data;
  switch (failure?.kind) {
    case 'memory': return new OutOfMemoryError(failure.batchSize ?? 1);
    case 'unsupported': return new UnsupportedModelError(error.message, failure.madeAt);
    case 'unavailable': return new EngineUnavailableError(error.message);
    case 'engine': return new EngineError(error.message);
    case undefined: return error;
  }
}
