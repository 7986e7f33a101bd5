import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { errorText } from '../protocol/errorText';
import { gateSchema, type Gate } from '../protocol/run';
import { writeAtomically } from '../runs/atomicFile';
import { stateFolder } from '../runs/stateFolder';
import type { VaeModel } from '../vae/model';
import { drawnGradients, gateDraws, gradientError, isDecided, judge, type GateVerdict } from './engines/gate';
import { EngineError, type DataFacts, type ImageShape, type NamedTensor, type Program } from './engines/index';
import { askOracle, OracleError, type OracleOptions } from './oracleProcess';
import type { OracleRequest } from './oracle';

/** An engine gave a model other gradients than its oracle: nothing that it trained counts, or, where they were right until its step changed, nothing since. */
export class WrongGradientsError extends EngineError {
  constructor(engine: string, { oracle, error }: GateVerdict, readonly sinceChange: boolean) {
    super(`The engine "${engine}" gives other gradients for this model than "${oracle}" (relative difference ${error.toExponential(1)}), so it may not train it.`);
  }
}

export interface CheckOptions extends OracleOptions {
  readonly program: Program;
  readonly model: VaeModel;
  readonly imageShape: ImageShape;
  readonly request: OracleRequest;
}

/**
 * Begins to compare a program's gradients with those of an oracle, which computes them in a process of its own while the program trains; the program's own are computed here, before
 * that, and its state is left as it was. `gate` never rejects: what could not be compared is `unchecked`.
 */
export async function beginCheck({ program, model, imageShape, request, ...options }: CheckOptions): Promise<{ readonly gate: Promise<Gate> }> {
  const { fingerprint } = program; // its step may change before the verdict is there
  const known = await knownVerdict(fingerprint);
  if (known) return { gate: Promise.resolve(known) };
  const state = await program.getState();
  const gradients: NamedTensor[][] = [];
  for (const draw of gateDraws(model, imageShape, request.data)) gradients.push(await drawnGradients(program, draw));
  await program.setState(state);
  return { gate: compare() };

  async function compare(): Promise<Gate> {
    try {
      const weights = state.filter(({ name }) => !name.startsWith('optimizer/'));
      const { errors, oracle } = await askOracle(options, request, weights, gradients);
      const verdict = judge(errors, oracle);
      if (verdict.passed) await remember(fingerprint, verdict);
      return verdict;
    } catch (error) {
      return { unchecked: errorText(error) };
    }
  }
}

export interface RenewedCheckOptions extends Pick<CheckOptions, 'program' | 'model' | 'imageShape' | 'signal'> {
  readonly data: DataFacts;
  /** Runs work on the program between two steps. */
  readonly exclusive: <T>(work: () => Promise<T>) => Promise<T>;
}
/** A step that changes each time that somebody looks is not compared for ever. */
const LOOKS = 3;

/**
 * Compares the gradients of a program whose step changed while it trained, a draw between two steps, with those that the person's code gives in the same process: in another it would still be
 * what it was at first. Never rejects.
 */
export async function checkRenewed({ program, model, imageShape, data, signal, exclusive }: RenewedCheckOptions): Promise<Gate> {
  try {
    for (let look = 0; look < LOOKS; look++) {
      const { fingerprint } = program;
      const known = await knownVerdict(fingerprint);
      if (known) return known;
      const verdict = await compare();
      if (verdict.passed) await remember(fingerprint, verdict);
      if (verdict.passed || !await exclusive(async () => program.renew?.())) return verdict;
    }
    return { unchecked: 'The training step changes whenever it is looked at.' };
  } catch (error) {
    return { unchecked: errorText(error) };
  }

  async function compare(): Promise<GateVerdict> {
    const errors: number[] = [];
    let named = '';
    for (const draw of gateDraws(model, imageShape, data)) {
      if (isDecided(errors)) break;
      if (signal.aborted) throw new OracleError('The run ended before.');
      const error = await exclusive(async () => {
        const wanted = await program.eagerGradients(draw.batch, draw.noise, draw.hyperparameters);
        named = wanted.oracle;
        return gradientError(await drawnGradients(program, draw), wanted.tensors);
      });
      if (!Number.isNaN(error)) errors.push(error);
    }
    return judge(errors, named);
  }
}

const verdictFile = (fingerprint: string): string => path.join(stateFolder(), 'gates', `${fingerprint}.json`);

/** Of a program that computes the same, whose gradients were right. */
async function knownVerdict(fingerprint: string | undefined): Promise<Gate | undefined> {
  if (fingerprint === undefined) return undefined;
  const gate = await readFile(verdictFile(fingerprint), 'utf8').then((text) => gateSchema.parse(JSON.parse(text))).catch(() => undefined);
  return gate && 'passed' in gate && gate.passed ? gate : undefined;
}

async function remember(fingerprint: string | undefined, verdict: GateVerdict): Promise<void> {
  if (fingerprint === undefined) return;
  const file = verdictFile(fingerprint);
  // Only the next run is slower for it.
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 }).then(() => writeAtomically(file, JSON.stringify(verdict), 0o600)).catch((error: unknown) => { console.error(error); });
}
