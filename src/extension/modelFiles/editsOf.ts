import type { Manifest } from '../../protocol/run';
import { isLive } from '../../protocol/run';
import { findModels, type ModelInText } from '../../spec/findModels';
import { modelEdits, type ModelEdit } from '../../spec/modelEdits';

const KEPT = 20;
/** The models of runs' texts, which do not change. */
const sources = new Map<string, readonly ModelInText[]>();

function sourceOf({ id, source, modelName }: Manifest): ModelInText | undefined {
  const known = sources.get(id) ?? findModels(source).models;
  sources.delete(id);
  sources.set(id, known);
  const [oldest] = sources.keys();
  if (sources.size > KEPT && oldest !== undefined) sources.delete(oldest);
  return known.find(({ name }) => name === modelName);
}

/** What was edited of a model since its run began; nothing of a run that is not live. */
export function editsOf(model: ModelInText, run: Manifest | undefined): ModelEdit[] {
  if (!run || !isLive(run.state) || run.state.kind === 'preparing') return [];
  const before = sourceOf(run);
  return before ? modelEdits(model, before, run) : [];
}
