import { describe, expect, it } from 'vitest';
import { freeName, importEdit, latentSnippet, snippetPlace } from '../../../src/spec/snippet';

const file = `import { vae, sprites } from 'vae-lab';

export const shapes = vae({
  data: sprites(),
}); // the first

const other = 1;
`;
const put = (text: string, edit: { offset: number; text: string } | undefined): string => (edit ? text.slice(0, edit.offset) + edit.text + text.slice(edit.offset) : text);

describe('a snippet', () => {
  it('writes numbers so that the same 32-bit floats come back, in few digits', () => {
    const z = [0.1, -1.5, 1 / 3, 1e-9, 123456.789].map(Math.fround);
    const text = latentSnippet({ kind: 'point', z }, 'point1', 'Here */ and there');
    expect(text).toBe('/** Here * / and there */\nexport const point1 = latentPoint([0.1, -1.5, 0.33333334, 1e-9, 123456.79]);\n');
    expect((/\[(.*)\]/.exec(text)?.[1] ?? '').split(',').map((number) => Math.fround(Number(number)))).toEqual(z);
  });
  it('of a path has a line a place', () => {
    expect(latentSnippet({ kind: 'path', through: [[0, 1], [2, 3]], steps: 7, along: 'greatCircle' }, 'p', 'x')).toContain("latentPath({\n  through: [\n    [0, 1],\n    [2, 3],\n  ],\n  steps: 7, along: 'greatCircle',\n});");
  });
  it('has a name that is free', () => {
    expect([freeName('path1 path2x', 'path'), freeName('const path1 = path2', 'path')]).toEqual(['path2', 'path3']);
  });
  it('stands at the cursor, or after the statement that the cursor is in, with what follows on its line', () => {
    const after = file.indexOf('// the first') + '// the first'.length;
    expect(snippetPlace(file, file.indexOf('data:'))).toBe(after);
    expect(snippetPlace(file, file.indexOf('\nconst other'))).toBe(file.indexOf('\nconst other'));
    expect(snippetPlace(file, 0)).toBe(file.indexOf('\n')); // a cursor that was never moved
    expect(snippetPlace('export const = {', 3)).toBeGreaterThanOrEqual(3);
  });
  it('imports what it needs, once', () => {
    const once = put(file, importEdit(file, 'latentPath'));
    expect(once).toContain("import { vae, sprites, latentPath } from 'vae-lab';");
    expect(importEdit(once, 'latentPath')).toBeUndefined();
    expect(put("import type { VaeModel } from 'vae-lab';\n", importEdit("import type { VaeModel } from 'vae-lab';\n", 'latentPath'))).toBe("import { latentPath } from 'vae-lab';\nimport type { VaeModel } from 'vae-lab';\n");
  });
});
