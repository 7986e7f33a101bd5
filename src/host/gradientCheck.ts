import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { errorText } from '../protocol/errorText';
import { gateSchema, type Gate } from '../protocol/run';
import { writeAtomically } from '../runs/atomicFile';
import { stateFolder } from '../runs/registry';
import type { VaeModel } from '../vae/model';
import { drawnGradients, gateDraws, gradientError, judge, type GateVerdict } from './engines/gate';
import { EngineError, type ImageShape, type NamedTensor, type Program } from './engines/index';
import { askOracle, type OracleOptions } from './oracleProcess';
import type { OracleRequest } from './oracle';

/** An engine gave a model other gradients than its oracle: nothing that it trained counts. */
export class WrongGradientsError extends EngineError {
  constructor(engine: string, { oracle, error }: GateVerdict) {
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
  const known = await knownVerdict(program.fingerprint);
  if (known) return { gate: Promise.resolve(known) };
  const state = await program.getState();
  const gate = compare();
  const own = (async () => {
    const gradients: NamedTensor[][] = [];
    for (const draw of gateDraws(model, imageShape, request.data)) gradients.push(await drawnGradients(program, draw));
    await program.setState(state);
    return gradients;
  })();
  await own;
  return { gate };

  async function compare(): Promise<Gate> {
    try {
      const weights = state.filter(({ name }) => !name.startsWith('optimizer/'));
      const verdict = await askOracle(options, request, weights, async (oracle) => {
        const errors: number[] = [];
        for (const [i, gradients] of (await own).entries()) errors.push(gradientError(gradients, await oracle.gradients(i)));
        return judge(errors, oracle.name);
      });
      if (verdict.passed) await remember(program.fingerprint, verdict);
      return verdict;
    } catch (error) {
      return { unchecked: errorText(error) };
    }
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
