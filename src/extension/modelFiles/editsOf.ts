import type { Manifest } from '../../protocol/run';
import { isLive, sourceOf } from '../../protocol/run';
import { findModels, type ModelInText } from '../../spec/findModels';
import { editedCode } from '../../spec/modelCode';
import { modelEdits, type ModelEdit } from '../../spec/modelEdits';

const KEPT = 20;
/** The models of runs' texts, which do not change. */
const sources = new Map<string, readonly ModelInText[]>();
/** What two texts differ in, for lenses that are asked for again and again. */
let compared: { readonly now: string; readonly before: string; readonly name: string; readonly code: readonly string[] } | undefined;

function modelsOf(id: string, source: string): readonly ModelInText[] {
  const known = sources.get(id) ?? findModels(source).models;
  sources.delete(id);
  sources.set(id, known);
  const [oldest] = sources.keys();
  if (sources.size > KEPT && oldest !== undefined) sources.delete(oldest);
  return known;
}

function codeEdited(now: string, before: string, { modelName: name, hyperparameterSpecs }: Manifest): readonly string[] {
  if (compared?.now !== now || compared.before !== before || compared.name !== name) compared = { now, before, name, code: editedCode(now, before, name, hyperparameterSpecs) };
  return compared.code;
}

/** What was edited of a model since its run began, or took the file up last; nothing of a run that is not live. */
export function editsOf(model: ModelInText, text: string, run: Manifest | undefined): ModelEdit[] {
  if (!run || !isLive(run.state) || run.state.kind === 'preparing') return [];
  const source = sourceOf(run);
  const before = modelsOf(`${run.id} ${run.changes?.length ?? 0}`, source).find(({ name }) => name === run.modelName);
  return before ? modelEdits(model, before, run, codeEdited(text, source, run)) : [];
}
