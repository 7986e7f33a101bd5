import { readFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { errorText } from '../protocol/errorText';
import { decodeSafetensors } from '../runs/safetensors';
import { engineNames } from '../spec/engines';
import { drawnGradients, gateDraws, gradientError, isDecided } from './engines/gate';
import { withOracle } from './engines/index';
import { loadModel } from './loadModel';

/** What an oracle's process is asked, as `request.json` in the folder that it is given; the weights lie beside it, in `weights.safetensors`, and the engine's gradients of draw i in `gradients-i.safetensors`. */
export const oracleRequestSchema = z.object({
  /** The engine that is to be checked. */
  engine: z.enum(engineNames).exclude(['auto']), modelFile: z.string(), modelName: z.string(), source: z.string(), seed: z.number().int(),
  imageShape: z.tuple([z.number().int(), z.number().int(), z.number().int()]),
  data: z.object({ trainCount: z.number().int(), classes: z.number().int().optional() }),
});
export type OracleRequest = z.infer<typeof oracleRequestSchema>;

/** Its answer, a line of JSON: by how much each draw's gradients differ, up to the one that decides. */
export const oracleAnswerSchema = z.discriminatedUnion('outcome', [z.object({ outcome: z.literal('computed'), oracle: z.string(), errors: z.array(z.number()) }), z.object({ outcome: z.literal('failed'), message: z.string() })]);
export type OracleAnswer = z.infer<typeof oracleAnswerSchema>;

export const gradientsFile = (folder: string, draw: number): string => path.join(folder, `gradients-${draw}.safetensors`);

/** Computes gradients, and compares an engine's with them. */
export async function answerAsOracle(folder: string): Promise<OracleAnswer> {
  try {
    const { engine, modelFile, modelName, source, seed, imageShape, data } = oracleRequestSchema.parse(JSON.parse(await readFile(path.join(folder, 'request.json'), 'utf8')));
    const weights = new Map(decodeSafetensors(await readFile(path.join(folder, 'weights.safetensors'))).tensors.map((tensor) => [tensor.name, tensor]));
    const { model } = await loadModel(modelFile, modelName, source || undefined);
    return await withOracle(engine, model, seed, imageShape, data, async ({ name, program }) => {
      const own = await program.getState();
      await program.setState(own.map((tensor) => weights.get(tensor.name) ?? tensor)); // an optimizer's slots have no part in gradients
      const errors: number[] = [];
      for (const [i, draw] of gateDraws(model, imageShape, data).entries()) {
        if (isDecided(errors)) break;
        const given = decodeSafetensors(await readFile(gradientsFile(folder, i))).tensors;
        const error = gradientError(given, await drawnGradients(program, draw));
        if (!Number.isNaN(error)) errors.push(Math.min(error, Number.MAX_VALUE)); // JSON has no infinity
      }
      return { outcome: 'computed' as const, oracle: name, errors };
    });
  } catch (error) {
    return { outcome: 'failed', message: errorText(error) };
  }
}
