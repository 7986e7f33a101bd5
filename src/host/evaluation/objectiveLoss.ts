import { samplesOf } from '../../vae/objectives/index';
import { Random } from '../training/random';
import { batchesOf, EvaluationStream, type Subject } from './subject';

/** The loss that the model is trained on, and its parts by the names that the objective gives them, in batches as large as those of training: some parts depend on them. Nats per example. */
export async function objectiveLoss(subject: Subject): Promise<{ value: number; parts: Record<string, number> }> {
  const { program, model: { latentDim, objective, training }, hyperparameters, exclusive, options, count } = subject;
  const random = new Random(options.seed, EvaluationStream.objective);
  let value = 0;
  const parts: Record<string, number> = {};
  for (const { batch } of batchesOf(subject, training.batchSize)) {
    const noise = random.normals(batch.count * samplesOf(objective) * latentDim);
    const evaluated = await exclusive(() => program.evaluate(batch, noise, hyperparameters));
    const share = batch.count / count;
    value += evaluated.loss * share;
    for (const [name, part] of Object.entries(evaluated.parts)) parts[name] = (parts[name] ?? 0) + part * share;
  }
  return { value, parts };
}
