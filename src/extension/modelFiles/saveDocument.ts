import type * as vscode from 'vscode';

/** So long a save of VS Code's own may take, with what formats the text before it. */
const OWN_SAVE_MS = 3000;
type Saved<D> = (listener: (document: D) => void) => Pick<vscode.Disposable, 'dispose'>;
type Document = Pick<vscode.TextDocument, 'isDirty' | 'save'>;

const isDirty = (document: Document): boolean => document.isDirty;

/** Resolves when VS Code has saved the document, at the latest after `milliseconds`. */
const ownSave = <D extends Document>(document: D, onSaved: Saved<D>, milliseconds: number): Promise<void> => new Promise((resolve) => {
  const end = (): void => {
    clearTimeout(limit);
    subscription.dispose();
    resolve();
  };
  const limit = setTimeout(end, milliseconds);
  const subscription = onSaved((saved) => { if (saved === document) end(); });
});

/**
 * Saves what was typed, for a host that reads the file; false where it could not be. Asked while VS Code gets ready to save the document by itself
 * it answers false at once, and so it does where it has just done so: its own save is waited for, and then it is asked once more.
 */
export async function saveDocument<D extends Document>(document: D, onSaved: Saved<D>, limitMs = OWN_SAVE_MS): Promise<boolean> {
  if (!isDirty(document) || await document.save() || !isDirty(document)) return true;
  await ownSave(document, onSaved, limitMs);
  return !isDirty(document) || await document.save() || !isDirty(document);
}
