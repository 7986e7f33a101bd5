import { useRef } from 'preact/hooks';
import { usePart } from '../observable';
import { t } from '../text';
import type { LatentSession } from './session';
import { tools, type Tool } from './state';

const steps: Readonly<Record<string, number>> = { ArrowLeft: -1, ArrowRight: 1 };

/** What is looked at below the map. Arrow keys go from one to the next, as in every list of tabs. */
export function ToolTabs({ session }: { readonly session: LatentSession }) {
  const { tool } = usePart(session.state, 'tool');
  const list = useRef<HTMLDivElement>(null);
  const names: { readonly [T in Tool]: string } = { place: t('Place'), path: t('Path'), groups: t('Groups'), traversals: t('Traversals'), manifold: t('Manifold'), posterior: t('Posterior'), saved: t('Saved') };
  const press = (event: KeyboardEvent): void => {
    const at = event.key === 'Home' ? 0 : event.key === 'End' ? tools.length - 1 : (tools.indexOf(tool) + (steps[event.key] ?? NaN) + tools.length) % tools.length;
    const next = tools[at];
    if (!next) return;
    event.preventDefault();
    session.state.change({ tool: next });
    list.current?.querySelectorAll<HTMLButtonElement>('[role=tab]')[at]?.focus();
  };
  return (
    <div ref={list} class="tool-tabs" role="tablist" aria-label={t('Tools')} onKeyDown={press}>
      {tools.map((candidate) => (
        <button key={candidate} type="button" role="tab" id={`tool-${candidate}`} aria-selected={candidate === tool} aria-controls="tool" tabindex={candidate === tool ? 0 : -1} onClick={() => { session.state.change({ tool: candidate }); }}>{names[candidate]}</button>
      ))}
    </div>
  );
}
