import type { Metric, Protocol } from '../../protocol/evaluation';
import { codeOf } from '../../spec/models';
import { ACTIVE_ABOVE, activeUnits, codesOf } from './codes';
import { importanceWeightedNll, negativeElbo, negativeElboOfCodes } from './bounds';
import { compareWithData, type ComparedWithData } from './comparedWithData';
import { measureOf } from './measure';
import { CODE_BINS, mutualInformationGap } from './mutualInformationGap';
import { objectiveLoss } from './objectiveLoss';
import type { Subject } from './subject';

/** Of what is done, how much of the time it takes, roughly. */
interface Phase { readonly what: string; readonly share: number; readonly run: (subject: Subject) => Promise<void> }
export interface Numbers { readonly metrics: Metric[]; readonly pairs: ComparedWithData['pairs'] }

/** All numbers of a model, each with what it depends on; those of a posterior where codes are Gaussians. `onProgress` is told what is being computed, and how much of all is done. */
export async function evaluate(subject: Omit<Subject, 'onProgress'>, onProgress: (what: string, fraction: number) => void): Promise<Numbers> {
  const { dataset, model, hyperparameters, count, options: { split, k, seed } } = subject;
  const { fingerprint, binarization, corruption } = await dataset.summary();
  const data: Protocol = { data: dataset.name, fingerprint, split, examples: count, binarization, ...(corruption.length === 0 ? {} : { corruption: corruption.join(', ') }) };
  const measured: Protocol = { ...data, measure: measureOf(model.likelihood) };
  const { learningRate: _, ...live } = hyperparameters;
  const metrics: Metric[] = [];
  let pairs: ComparedWithData['pairs'];
  const bounds: Phase[] = [
    { what: 'Computing the evidence lower bound', share: 2, run: async (given) => { metrics.push({ name: 'negativeElbo', ...await negativeElbo(given), protocol: { ...measured, draws: 1, seed } }); } },
    { what: 'Computing the importance-weighted likelihood', share: k, run: async (given) => { metrics.push({ name: 'nll', ...await importanceWeightedNll(given), protocol: { ...measured, k, seed } }); } },
  ];
  const ofCodes: Phase = { what: 'Computing the evidence lower bound', share: 4, run: async (given) => { metrics.push({ name: 'negativeElbo', ...await negativeElboOfCodes(given), protocol: { ...measured, draws: 1, seed } }); } };
  const isPoint = codeOf[model.kind] === 'point';
  const phases: Phase[] = [
    ...(isPoint ? [] : bounds),
    ...(subject.prior.codePrior ? [ofCodes] : []),
    { what: 'Computing the objective', share: 2, run: async (given) => {
      metrics.push({ name: 'objective', ...await objectiveLoss(given), protocol: { ...measured, objective: model.objective.kind, hyperparameters: Object.entries(live).map(([name, value]) => `${name} ${value}`).join(' '), batch: model.training.batchSize, seed } });
    } },
    { what: 'Looking at the codes', share: 2, run: async (given) => {
      const codes = await codesOf(given);
      if (!isPoint) metrics.push({ name: 'activeUnits', value: activeUnits(codes, model.latentDim), protocol: { ...data, threshold: ACTIVE_ABOVE, units: model.latentDim } });
      const { factors } = dataset;
      if (!factors || model.grid) return;
      const values = factors.values(split, Array.from({ length: count }, (_, i) => i));
      metrics.push({ name: 'mig', ...mutualInformationGap(codes, model.latentDim, values, factors.names), protocol: { ...data, bins: CODE_BINS } });
    } },
    { what: 'Comparing samples with the data', share: 20, run: async (given) => {
      const compared = await compareWithData(given, data);
      metrics.push(...compared.metrics);
      ({ pairs } = compared);
    } },
  ];
  const all = phases.reduce((sum, { share }) => sum + share, 0);
  let before = 0;
  for (const { what, share, run } of phases) {
    const done = before;
    const told = (fraction: number): void => { onProgress(what, (done + share * fraction) / all); };
    told(0);
    await run({ ...subject, onProgress: told });
    before += share;
  }
  return { metrics, pairs };
}
