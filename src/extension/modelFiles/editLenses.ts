import { coldest, type ModelEdit } from '../../spec/modelEdits';

export type EditLens = 'applyEdits' | 'branchHere' | 'restart' | 'sample' | 'explore';
const SHOWN = 2;

/** What the first three lenses of a model offer whose numbers were edited while it trains; undefined where none was. */
export function editLenses(edits: readonly ModelEdit[]): readonly [EditLens, EditLens, EditLens] | undefined {
  switch (coldest(edits)) {
    case 'hot':
    case 'warm': return ['applyEdits', 'branchHere', 'restart'];
    case 'cold': return ['restart', 'sample', 'explore'];
    case undefined: return undefined;
  }
}

/** The last lens: what was edited. */
export function editsInWords(edits: readonly ModelEdit[]): string {
  const shown = edits.slice(0, SHOWN).map(({ name, from, to }) => (from === undefined || to === undefined ? name.replace('training.', '') : `${name.replace('training.', '')} ${from} \u2192 ${to}`));
  return [...shown, ...(edits.length > SHOWN ? [`+ ${edits.length - SHOWN}`] : [])].join(', ');
}
