import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

/** Which folders of src each folder may import, and which packages only it may. ARCHITECTURE.md explains them. */
const mayImport: Record<string, readonly string[]> = {
  spec: [],
  protocol: ['spec'],
  vae: ['spec'],
  latent: ['spec'],
  wire: ['protocol'],
  files: [],
  runs: ['files', 'protocol', 'spec'],
  components: ['files', 'protocol', 'spec'],
  client: ['components', 'protocol', 'runs', 'spec', 'wire'],
  host: ['components', 'files', 'latent', 'protocol', 'runs', 'spec', 'vae', 'wire'],
  extension: ['client', 'components', 'latent', 'protocol', 'runs', 'spec'],
  webview: ['latent', 'protocol', 'spec'],
  tsserver: [],
  cli: ['client', 'components', 'protocol', 'runs', 'spec'],
};
const onlyIn: [RegExp, RegExp][] = [
  [/^vscode$/, /^extension\//],
  [/^@tensorflow\//, /^(vae|host)\//],
  [/^@vscode\/webview-ui-toolkit/, /^webview\/kit\.tsx?$/],
  [/^node:/, /^(wire|files|runs|components|client|host|extension|cli|tsserver)\//],
];

const walk = (folder: string): string[] => readdirSync(folder).flatMap((name) => {
  const file = path.join(folder, name);
  return statSync(file).isDirectory() ? walk(file) : /\.tsx?$/.test(name) && !name.endsWith('.d.ts') ? [file] : [];
});
const importsOf = (file: string): string[] =>
  [...readFileSync(file, 'utf8').matchAll(/(?:^|\n)\s*(?:import|export)\b[^;'"`]*?from\s*['"]([^'"]+)['"]|\bimport\(\s*['"]([^'"]+)['"]\s*\)|(?:^|\n)import\s+['"]([^'"]+)['"]/g)]
    .map((match) => match[1] ?? match[2] ?? match[3] ?? '');
/** Every import of this file from there is of types, which a bundle leaves out. */
const isOnlyTypes = (file: string, name: string): boolean =>
  [...readFileSync(file, 'utf8').matchAll(/(?:^|\n)\s*(?:import|export)\b([^;'"`]*?)from\s*['"]([^'"]+)['"]/g)].every(([, what = '', from]) => from !== name || /^\s+type\b/.test(what));

const files = walk('src');

describe('the layout of src', () => {
  it('has only folders that the rules name', () => {
    expect(files.map((file) => file.split(path.sep)[1] ?? '').filter((folder) => !(folder in mayImport))).toEqual([]);
  });
  it('lets each folder import only what it may', () => {
    const wrong: string[] = [];
    for (const file of files) {
      const inside = path.relative('src', file).split(path.sep).join('/');
      const folder = inside.split('/')[0] ?? '';
      for (const name of importsOf(file)) {
        if (name.startsWith('.')) {
          const target = path.relative('src', path.resolve(path.dirname(file), name)).split(path.sep)[0] ?? '';
          if (target !== folder && !mayImport[folder]?.includes(target)) wrong.push(`${inside} imports ${name}`);
        } else {
          for (const [what, where] of onlyIn) if (what.test(name) && !where.test(inside)) wrong.push(`${inside} imports ${name}`);
        }
      }
    }
    expect(wrong).toEqual([]);
  });
  it('keeps the parser of model files out of pages, which would load a third more for it', () => {
    const seen = new Set<string>();
    const reach = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      for (const name of importsOf(file)) {
        expect(name, file).not.toBe('@babel/parser');
        const target = name.startsWith('.') && files.find((other) => ['.ts', '.tsx'].some((ending) => other === path.join(path.dirname(file), `${name}${ending}`)));
        if (target && !isOnlyTypes(file, name)) reach(target);
      }
    };
    for (const file of files.filter((candidate) => /^src.webview.*main\.tsx$/.test(candidate))) reach(file);
    expect(seen.size).toBeGreaterThan(50);
  });
  it('keeps every file under 400 lines', () => {
    expect(files.filter((file) => readFileSync(file, 'utf8').split('\n').length > 400)).toEqual([]);
  });
});
