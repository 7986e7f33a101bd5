import { ResponseError } from 'vscode-jsonrpc';
import { errorText } from '../../../protocol/errorText';
import { createPortConnection } from '../../../protocol/postMessage';
import { serve, type Handlers } from '../../../protocol/rpc';
import { EngineError, EngineUnavailableError, OutOfMemoryError, UnsupportedModelError, type Program } from '../engine';
import { programRequests, type Failure } from './programApi';

const FAILED = -32000;

function failureOf(error: unknown): Failure | undefined {
  if (error instanceof OutOfMemoryError) return { kind: 'memory', batchSize: error.batchSize };
  if (error instanceof UnsupportedModelError) return { kind: 'unsupported', ...(error.madeAt === undefined ? {} : { madeAt: error.madeAt }) };
  if (error instanceof EngineUnavailableError) return { kind: 'unavailable' };
  return error instanceof EngineError ? { kind: 'engine' } : undefined;
}

/** Answers calls on the program that `build` makes, from the process that started this one; ends when that is gone. */
export function serveProgram(build: () => Promise<Program>): Promise<never> {
  const connection = createPortConnection({
    post: (message) => { process.send?.(message); },
    listen: (listener) => { process.on('message', listener); return () => { process.off('message', listener); }; },
  });
  let built: Promise<Program> | undefined;
  const on = async <T>(work: (program: Program) => Promise<T>): Promise<T> => {
    try {
      return await work(await (built ??= build()));
    } catch (error) {
      console.error(error);
      throw new ResponseError(FAILED, errorText(error), failureOf(error));
    }
  };
  const handlers: Handlers<typeof programRequests> = {
    build: () => on(({ fingerprint }) => Promise.resolve(fingerprint === undefined ? {} : { fingerprint })),
    step: ({ batch, noise, hyperparameters, perWeight }) => on((program) => program.step(batch, noise, hyperparameters, perWeight)),
    evaluate: ({ batch, noise, hyperparameters }) => on((program) => program.evaluate(batch, noise, hyperparameters)),
    terms: ({ batch, noise, samples, hyperparameters }) => on((program) => program.terms(batch, noise, samples, hyperparameters)),
    gradients: ({ batch, noise, hyperparameters }) => on(async (program) => ({ tensors: await program.gradients(batch, noise, hyperparameters) })),
    eagerGradients: ({ batch, noise, hyperparameters }) => on((program) => program.eagerGradients(batch, noise, hyperparameters)),
    findNonFinite: ({ batch, noise, hyperparameters, training }) => on(async (program) => ({ found: await program.findNonFinite(batch, noise, hyperparameters, training) })),
    encode: ({ batch }) => on((program) => program.encode(batch)),
    drawPrior: ({ noise, choices, count }) => on(async (program) => ({ z: await program.drawPrior(noise, choices, count) })),
    decode: ({ z, count, conditions }) => on(async (program) => ({ pictures: await program.decode(z, count, conditions) })),
    renew: () => on(async (program) => ({ changed: await program.renew?.() ?? false, fingerprint: program.fingerprint })),
    getState: () => on(async (program) => ({ tensors: await program.getState() })),
    setState: ({ tensors }) => on(async (program) => { await program.setState(tensors); return {}; }),
  };
  serve(connection, programRequests, handlers);
  connection.listen();
  return new Promise(() => { process.on('disconnect', () => process.exit(0)); });
}
