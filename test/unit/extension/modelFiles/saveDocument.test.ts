import { describe, expect, it } from 'vitest';
import { saveDocument } from '../../../../src/extension/modelFiles/saveDocument';

/** A document whose `save` answers so, and leaves it so. */
const document = (isDirty: boolean, answer: boolean, left: boolean) => {
  const made = { isDirty, save: () => { made.isDirty = left; return Promise.resolve(answer); } };
  return made;
};

describe('a document', () => {
  it('is saved where it says so, or nothing was typed', async () => {
    expect(await saveDocument(document(true, true, false))).toBe(true);
    expect(await saveDocument(document(false, false, false))).toBe(true);
  });
  it('is saved where VS Code saved it by itself meanwhile', async () => { expect(await saveDocument(document(true, false, false))).toBe(true); });
  it('is not where it stays as it was', async () => { expect(await saveDocument(document(true, false, true))).toBe(false); });
});
