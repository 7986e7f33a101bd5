import { usePart } from '../observable';
import type { ShownRun } from '../../protocol/shownRun';
import type { Store } from '../store';
import { t } from '../text';
import { Here } from './Here';
import { LookBack } from './LookBack';
import { MapSection } from './map/MapSection';
import type { LatentSession } from './session';
import { GroupsTool } from './tools/GroupsTool';
import { ManifoldTool } from './tools/ManifoldTool';
import { PathTool } from './tools/PathTool';
import { PlaceTool } from './tools/PlaceTool';
import { PosteriorTool } from './tools/PosteriorTool';
import { SavedTool } from './tools/SavedTool';
import { TraversalsTool } from './tools/TraversalsTool';
import { ToolTabs } from './ToolTabs';
import { useSession } from './useSession';

/** The latent space of a run: a map of the data, the place looked at, and what can be done from there. */
export function LatentTab({ store, run }: { readonly store: Store; readonly run: ShownRun }) {
  const session = useSession(store, run);
  if (!session) return <p class="waiting" role="status"><vscode-progress-ring aria-label={t('Waiting')} /> {t('The latent space opens when the model is built.')}</p>;
  const { id, modelName } = run.manifest;
  return (
    <div class="latent" key={id}>
      <LookBack store={store} run={run} session={session} />
      <div class="latent-top">
        <MapSection session={session} runId={id} />
        <Here session={session} runId={id} />
      </div>
      <ToolTabs session={session} />
      <Tools session={session} runId={id} name={modelName} step={run.images?.step ?? 0} />
    </div>
  );
}

interface ToolsProps { readonly session: LatentSession; readonly runId: string; readonly name: string; readonly step: number }
function Tools({ session, runId, name, step }: ToolsProps) {
  const { tool } = usePart(session.state, 'tool');
  return <div id="tool" role="tabpanel" aria-labelledby={`tool-${tool}`}>{toolOf(tool, { session, runId, name, step })}</div>;
}

function toolOf(tool: ReturnType<LatentSession['state']['get']>['tool'], props: ToolsProps) {
  switch (tool) {
    case 'place': return <PlaceTool session={props.session} />;
    case 'path': return <PathTool {...props} />;
    case 'groups': return <GroupsTool {...props} />;
    case 'traversals': return <TraversalsTool {...props} />;
    case 'manifold': return <ManifoldTool {...props} />;
    case 'posterior': return <PosteriorTool session={props.session} />;
    case 'saved': return <SavedTool {...props} />;
  }
}
