import { describe, expect, it } from 'vitest';
import { saveDocument } from '../../../../src/extension/modelFiles/saveDocument';

/** A document whose `save` answers so, and leaves it so, each time it is asked. */
function document(isDirty: boolean, ...saves: readonly (readonly [answer: boolean, left: boolean])[]) {
  let asked = 0;
  return {
    isDirty, get asked() { return asked; },
    save() {
      const [answer = false, left = true] = saves[asked++] ?? [];
      this.isDirty = left;
      return Promise.resolve(answer);
    },
  };
}
type Document = ReturnType<typeof document>;
const never = () => ({ dispose: () => undefined });

describe('a document', () => {
  it('is saved where it says so, or nothing was typed', async () => {
    expect(await saveDocument(document(true, [true, false]), never)).toBe(true);
    const clean = document(false);
    expect(await saveDocument(clean, never)).toBe(true);
    expect(clean.asked).toBe(0);
  });
  it('is saved where VS Code saved it by itself meanwhile', async () => { expect(await saveDocument(document(true, [false, false]), never)).toBe(true); });
  it('is saved when VS Code, which was about to, has saved it', async () => {
    const busy = document(true, [false, true]);
    let disposed = false;
    let saving = Promise.resolve(false);
    const tell = await new Promise<(saved: Document) => void>((resolve) => {
      saving = saveDocument(busy, (listener) => { resolve(listener); return { dispose: () => { disposed = true; } }; }, 60_000);
    });
    tell(document(false)); // another
    expect(disposed).toBe(false);
    busy.isDirty = false;
    tell(busy);
    expect(await saving).toBe(true);
    expect([busy.asked, disposed]).toEqual([1, true]);
  });
  it('is asked once more where that came to nothing', async () => {
    const again = document(true, [false, true], [true, false]);
    expect(await saveDocument(again, never, 0)).toBe(true);
    expect(again.asked).toBe(2);
  });
  it('is not where it stays as it was', async () => { expect(await saveDocument(document(true), never, 0)).toBe(false); });
});
