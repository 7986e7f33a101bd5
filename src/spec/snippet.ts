import { parse } from '@babel/parser';
import { latentFunctions, type LatentItem } from './latentItem';

/** The fewest digits that give the same 32-bit float. */
function short(value: number): string {
  for (let digits = 1; digits < 9; digits++) {
    const text = value.toPrecision(digits);
    if (Math.fround(Number(text)) === Math.fround(value)) return String(Number(text));
  }
  return String(Number(value.toPrecision(9)));
}
const list = (values: readonly number[]): string => `[${values.map(short).join(', ')}]`;

function argument(item: LatentItem): string {
  switch (item.kind) {
    case 'point': return list(item.z);
    case 'path': return `{\n  through: [\n${item.through.map((z) => `    ${list(z)},\n`).join('')}  ],\n  steps: ${item.steps}, along: '${item.along}',\n}`;
    case 'direction': return `{\n  from: ${list(item.from)},\n  direction: ${list(item.direction)},\n  strengths: ${list(item.strengths)},\n}`;
    case 'group': return `{ split: '${item.split}', indices: ${list(item.indices)} }`;
  }
}

/** Code that makes the item again under `name`; `comment` stands above it. */
export const latentSnippet = (item: LatentItem, name: string, comment: string): string => `/** ${comment.replaceAll('*/', '* /')} */\nexport const ${name} = ${latentFunctions[item.kind]}(${argument(item)});\n`;

/** `path1`, `path2`, ...: the first that the text does not hold. */
export function freeName(text: string, kind: LatentItem['kind']): string {
  for (let n = 1; ; n++) if (!new RegExp(`\\b${kind}${n}\\b`).test(text)) return `${kind}${n}`;
}

/** A statement at the top of a file. */
interface Statement { readonly type: string; readonly start?: number | null; readonly end?: number | null }
function statementsOf(text: string) {
  try {
    return parse(text, { sourceType: 'module', errorRecovery: true, plugins: ['typescript'] }).program.body;
  } catch {
    return []; // in the middle of an edit: then the text is taken as it is
  }
}

/** Where a snippet can stand near an offset: there, or after the statement that the offset is in; never above the imports. */
export function snippetPlace(text: string, offset: number): number {
  const statements = statementsOf(text);
  const around = statements.find(({ start, end }: Statement) => (start ?? 0) < offset && offset < (end ?? 0));
  const imports = statements.filter(({ type, start }: Statement) => type === 'ImportDeclaration' && (start ?? 0) >= offset).at(-1);
  const after = imports ?? around;
  if (!after) return offset;
  const end = after.end ?? offset;
  return end + (/^[ \t]*(\/\/[^\n]*)?/.exec(text.slice(end))?.[0].length ?? 0);
}

/** The text to put in, and where, so that the file imports `name` from 'vae-lab'; undefined where it does. */
export function importEdit(text: string, name: string): { readonly offset: number; readonly text: string } | undefined {
  let place: { offset: number; text: string } | undefined;
  for (const statement of statementsOf(text)) {
    if (statement.type !== 'ImportDeclaration' || statement.source.value !== 'vae-lab' || statement.importKind === 'type') continue;
    for (const specifier of statement.specifiers) {
      if (specifier.type !== 'ImportSpecifier') continue;
      if (specifier.local.name === name) return undefined;
      place = { offset: specifier.end ?? 0, text: `, ${name}` };
    }
  }
  return place ?? { offset: 0, text: `import { ${name} } from 'vae-lab';\n` };
}
