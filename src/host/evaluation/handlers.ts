import type { evaluationRequests } from '../../protocol/evaluation';
import type { Handlers } from '../../protocol/rpc';
import type { usesRequests } from '../../protocol/usesApi';
import type { RunEvaluations } from '../../runs/evaluations';
import { usesHandlers } from '../uses/handlers';
import type { Evaluations } from './evaluations';

/** Answers about evaluations, and what else is computed of a model as it is; `evaluations` throws where there is no model yet. */
export function evaluationHandlers(evaluations: () => Evaluations, kept: RunEvaluations): Handlers<typeof evaluationRequests & typeof usesRequests> {
  return {
    evaluate: async (options) => evaluations().evaluate(options),
    cancelEvaluation: () => { evaluations().cancel(); return Promise.resolve({}); },
    evaluations: () => kept.read(),
    ...usesHandlers(() => evaluations().run),
  };
}
