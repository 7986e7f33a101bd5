import { describe, expect, it, vi } from 'vitest';
import type * as vscode from 'vscode';
import type { OpenRun } from '../../../../src/extension/training/openRun';
import { manifestOf } from '../../runs/manifestOf';

vi.mock('vscode', () => ({ l10n: { t: (text: string, ...values: unknown[]) => text.replace(/\{(\d)\}/g, (_, i: string) => String(values[Number(i)])) } }));
const { samplesHover } = await import('../../../../src/extension/beside/samplesHover');
const { Glimpse, Glimpses } = await import('../../../../src/extension/beside/glimpse');

/** What was put in as markup, and what as text. */
function hoverText() {
  const parts = { markup: '', text: '' };
  const hover = { appendMarkdown: (part: string) => { parts.markup += part; return hover; }, appendText: (part: string) => { parts.text += part; return hover; } };
  return { parts, hover: hover as unknown as vscode.MarkdownString };
}

describe('a hover over a model', () => {
  it('takes what others said as text, whatever stands in it', async () => {
    const manifest = manifestOf({ state: { kind: 'preparing', what: 'Reading <img src=x onerror=alert(1)>' } });
    const { hover, parts } = hoverText();
    await samplesHover(hover, new Glimpse({ id: 'a', manifest } as unknown as OpenRun), { file: '/m.vae.ts', name: '<b>x</b>' });
    expect(parts.text).toContain('<img src=x onerror=alert(1)>');
    expect(parts.text).toContain('<b>x</b>');
    expect(parts.markup.replace(/\(command:[^)]*\)/g, '')).not.toContain('<');
  });
});

describe('what is known of runs for their code', () => {
  it('goes with the runs', () => {
    const open = new Set<OpenRun>();
    const run = (id: string): OpenRun => { const made = { id } as unknown as OpenRun; open.add(made); return made; };
    const glimpses = new Glimpses((one) => open.has(one));
    const [a, b] = [run('a'), run('b')];
    const first = glimpses.of(a);
    expect(glimpses.of(a)).toBe(first);
    open.delete(a);
    glimpses.of(b); // another is made: those that are gone are forgotten
    open.add(a);
    expect(glimpses.of(a)).not.toBe(first);
  });
});
