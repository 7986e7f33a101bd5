import type { evaluationRequests } from '../../protocol/evaluation';
import type { Handlers } from '../../protocol/rpc';
import type { RunEvaluations } from '../../runs/evaluations';
import type { Evaluations } from './evaluations';

/** Answers about evaluations; `evaluations` throws where there is no model yet. */
export function evaluationHandlers(evaluations: () => Evaluations, kept: RunEvaluations): Handlers<typeof evaluationRequests> {
  return {
    evaluate: async (options) => evaluations().evaluate(options),
    cancelEvaluation: () => { evaluations().cancel(); return Promise.resolve({}); },
    evaluations: () => kept.read(),
  };
}
