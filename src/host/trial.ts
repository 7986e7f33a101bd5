import { spawn } from 'node:child_process';
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod';
import { errorText } from '../protocol/errorText';
import { scratchFolder } from '../runs/scratch';
import { UnsupportedModelError } from './engines/engine';
import { TfjsProgram } from './engines/tfjsProgram';
import { startBackend } from './engines/backends';
import { loadModel, ModelFileError } from './loadModel';

const LIMIT_MS = 30_000;
const requestSchema = z.object({
  modelFile: z.string(), modelName: z.string(), source: z.string(), imageShape: z.tuple([z.number().int(), z.number().int(), z.number().int()]),
  data: z.object({ trainCount: z.number().int(), classes: z.number().int().optional() }),
});
export type TrialRequest = z.infer<typeof requestSchema>;
const answerSchema = z.discriminatedUnion('outcome', [z.object({ outcome: z.literal('works') }), z.object({ outcome: z.literal('failed'), message: z.string() })]);
type TrialAnswer = z.infer<typeof answerSchema>;

/** Runs a model file's text and builds its networks, as `request.json` in the folder says. */
export async function answerAsTrial(folder: string): Promise<TrialAnswer> {
  try {
    const { modelFile, modelName, source, imageShape, data } = requestSchema.parse(JSON.parse(await readFile(path.join(folder, 'request.json'), 'utf8')));
    const { model } = await loadModel(modelFile, modelName, source);
    await startBackend('cpu');
    (await TfjsProgram.build('cpu', model, 1, imageShape, data)).dispose();
    return { outcome: 'works' };
  } catch (error) {
    if (error instanceof UnsupportedModelError) return { outcome: 'works' }; // the run's own engine may have what this one lacks
    return { outcome: 'failed', message: errorText(error) };
  }
}

function answerIn(said: string): TrialAnswer | undefined {
  try {
    return answerSchema.parse(JSON.parse(/^\{"outcome".*\}$/m.exec(said)?.[0] ?? ''));
  } catch {
    return undefined;
  }
}

/** Tries a changed model file in a process of its own: one that throws, never returns or ends its process leaves the run as it is. @throws ModelFileError */
export async function tryModel({ node, script }: { readonly node: string; readonly script: string }, request: TrialRequest): Promise<void> {
  const folder = scratchFolder();
  const limit = Number(process.env['VAE_LAB_LOAD_MS'] ?? LIMIT_MS);
  try {
    await writeFile(path.join(folder, 'request.json'), JSON.stringify(request));
    const answer = await new Promise<TrialAnswer | undefined>((resolve, reject) => {
      const child = spawn(node, [script, JSON.stringify({ role: 'trial', folder, host: process.pid })], { windowsHide: true, stdio: ['ignore', 'pipe', 'inherit'] });
      let said = '';
      let late = false;
      const timer = setTimeout(() => { late = true; child.kill('SIGKILL'); }, limit);
      child.stdout.on('data', (chunk: Buffer) => { said += chunk.toString(); });
      child.once('error', (error) => { clearTimeout(timer); reject(error); });
      child.once('close', () => {
        clearTimeout(timer);
        if (late) reject(new ModelFileError(`The changed model file did not finish loading within ${limit / 1000} s. Look for a loop that never ends.`));
        else resolve(answerIn(said));
      });
    });
    if (!answer) throw new ModelFileError('The changed model file ended the process that tried it.');
    if (answer.outcome === 'failed') throw new ModelFileError(answer.message);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
