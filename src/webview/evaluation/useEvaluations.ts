import { useEffect, useState } from 'preact/hooks';
import { errorText } from '../../protocol/errorText';
import type { Evaluation, EvaluationOptions, Pairs } from '../../protocol/evaluation';
import type { Store } from '../store';

export interface Evaluations {
  /** Absent until they are known. */
  readonly all: readonly Evaluation[] | undefined;
  readonly pairs: Pairs | undefined;
  /** Of the one under way, whoever asked for it. */
  readonly progress: { readonly what: string; readonly fraction: number } | undefined;
  readonly error: string | undefined;
  start(options: Pick<EvaluationOptions, 'split' | 'k'>): void;
  cancel(): void;
}

/** The evaluations that a run keeps, and a way to a new one. */
export function useEvaluations(store: Store, runId: string, ready: boolean): Evaluations {
  const [kept, setKept] = useState<{ readonly all: readonly Evaluation[]; readonly pairs?: Pairs | undefined }>();
  const [progress, setProgress] = useState<Evaluations['progress']>();
  const [error, setError] = useState<string>();
  useEffect(() => {
    if (!ready) return undefined;
    let current = true;
    setKept(undefined);
    setProgress(undefined);
    setError(undefined);
    store.client.request('evaluations', {}).then(
      ({ evaluations, pairs }) => { if (current) setKept({ all: evaluations, pairs }); },
      (reason: unknown) => { if (current) setError(errorText(reason)); },
    );
    const forget = store.client.on('evaluating', (told) => { setProgress(told); });
    return () => { current = false; forget(); };
  }, [store, runId, ready]);
  const start: Evaluations['start'] = (options) => {
    setError(undefined);
    setProgress({ what: 'Computing the evidence lower bound', fraction: 0 });
    store.client.request('evaluate', options)
      .then(({ evaluation, pairs }) => { setKept((before) => ({ all: [...before?.all ?? [], evaluation], pairs })); }, (reason: unknown) => { setError(errorText(reason)); })
      .finally(() => { setProgress(undefined); });
  };
  return { all: kept?.all, pairs: kept?.pairs, progress, error, start, cancel: () => { store.ask('cancelEvaluation', {}); } };
}
