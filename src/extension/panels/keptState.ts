import type * as vscode from 'vscode';
import type { PanelSubject } from '../../protocol/panelApi';

const PREFIX = 'panel:';
/** Models whose panels are remembered; those kept first are forgotten. */
const MODELS = 20;
/** More than this, as JSON, is not kept: the editor holds it in memory in every window. */
const MAX_LENGTH = 2 ** 20;

/** What panels showed, by model, over their closing and the window's: a panel says what it wants to find again, and validates what it finds. */
export class KeptState {
  constructor(private readonly memento: vscode.Memento) {}

  of(subject: PanelSubject): Record<string, unknown> {
    const kept: unknown = this.memento.get(keyOf(subject));
    return typeof kept === 'object' && kept !== null ? { ...kept } : {};
  }

  /** A panel's model is in another file now, which is the same moved. */
  async move(from: PanelSubject, to: PanelSubject): Promise<void> {
    const kept: unknown = this.memento.get(keyOf(from));
    if (kept === undefined) return;
    await this.memento.update(keyOf(to), kept);
    await this.memento.update(keyOf(from), undefined);
  }

  async keep(subject: PanelSubject, part: string, state: unknown): Promise<void> {
    const kept = { ...this.of(subject), [part]: state };
    if (JSON.stringify(kept).length > MAX_LENGTH) return;
    const key = keyOf(subject);
    for (const old of this.memento.keys().filter((name) => name.startsWith(PREFIX) && name !== key).slice(0, -(MODELS - 1))) await this.memento.update(old, undefined);
    await this.memento.update(key, kept);
  }
}
const keyOf = ({ file, name }: PanelSubject): string => `${PREFIX}${file}#${name}`;
