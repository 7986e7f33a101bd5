import { parse } from '@babel/parser';
import { modelKinds } from './models';

/** A place in a text: zero-based line and column, and the offset of its end, all in UTF-16 units. */
export interface TextRange { readonly line: number; readonly column: number; readonly start: number; readonly end: number }
/** A model in a model file's text. */
export interface ModelInText {
  /** The export's name; `default` for `export default`. */
  readonly name: string;
  readonly range: TextRange;
  /** Where live hyperparameters stand as number literals, so that a value can be written back. */
  readonly literals: Readonly<Record<string, TextRange>>;
}
export interface FoundModels {
  readonly models: readonly ModelInText[];
  /** False where the text does not parse: what was found before should be kept. */
  readonly parsed: boolean;
}

const factories: readonly string[] = modelKinds;

interface Node { readonly type: string; readonly start?: number | null; readonly end?: number | null; readonly loc?: { start: { line: number; column: number } } | null }
const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
const child = (node: Node, key: string): unknown => (node as unknown as Record<string, unknown>)[key];
const nameOf = (value: unknown): string | undefined => {
  const name = isNode(value) && value.type === 'Identifier' ? child(value, 'name') : undefined;
  return typeof name === 'string' ? name : undefined;
};
const rangeOf = (node: Node): TextRange => ({ line: (node.loc?.start.line ?? 1) - 1, column: node.loc?.start.column ?? 0, start: node.start ?? 0, end: node.end ?? 0 });

function* calls(value: unknown): Generator<Node> {
  if (Array.isArray(value)) {
    for (const item of value as unknown[]) yield* calls(item);
  } else if (isNode(value)) {
    if (value.type === 'CallExpression') yield value;
    for (const [key, inner] of Object.entries(value)) if (key !== 'loc') yield* calls(inner);
  }
}

/** `vae(...)` and the like, also behind `as` and `satisfies`. */
function modelCall(value: unknown): Node | undefined {
  if (!isNode(value)) return undefined;
  if (value.type === 'TSAsExpression' || value.type === 'TSSatisfiesExpression') return modelCall(child(value, 'expression'));
  return value.type === 'CallExpression' && factories.includes(nameOf(child(value, 'callee')) ?? '') ? value : undefined;
}

/** A hyperparameter stands as a property of what a function of this library is called with, `elbo({ beta: 4 })`, or in a person's own objective as `{ gamma: { value: 10 } }`. */
function literalsIn(model: Node): ModelInText['literals'] {
  const found: Record<string, TextRange> = {};
  for (const call of calls(model)) {
    const [argument] = child(call, 'arguments') as unknown[];
    if (nameOf(child(call, 'callee')) === undefined) continue; // a method, such as of `layers`
    for (const [name, value] of propertiesOf(argument)) {
      if (name !== 'hyperparameters') keep(found, name, value);
      else for (const [own, options] of propertiesOf(value)) keep(found, own, propertiesOf(options).find(([option]) => option === 'value')?.[1]);
    }
  }
  return found;
}
function keep(found: Record<string, TextRange>, name: string, value: unknown): void {
  if (isNode(value) && value.type === 'NumericLiteral') found[name] = rangeOf(value);
}
function propertiesOf(value: unknown): [name: string, value: unknown][] {
  if (!isNode(value) || value.type !== 'ObjectExpression') return [];
  return (child(value, 'properties') as unknown[]).flatMap((property) => {
    const name = isNode(property) ? nameOf(child(property, 'key')) : undefined;
    return isNode(property) && name !== undefined ? [[name, child(property, 'value')]] : [];
  });
}

/** Finds the exported models of a file from its syntax alone; nothing is run. Never throws. */
export function findModels(text: string): FoundModels {
  let file;
  try {
    file = parse(text, { sourceType: 'module', errorRecovery: true, plugins: ['typescript'] });
  } catch {
    return { models: [], parsed: false };
  }
  const models: ModelInText[] = [];
  const add = (name: string, statement: Node, value: unknown): void => {
    const call = modelCall(value);
    if (call) models.push({ name, range: rangeOf(statement), literals: literalsIn(call) });
  };
  for (const statement of file.program.body) {
    if (statement.type === 'ExportDefaultDeclaration') add('default', statement, statement.declaration);
    if (statement.type !== 'ExportNamedDeclaration' || statement.declaration?.type !== 'VariableDeclaration') continue;
    for (const declarator of statement.declaration.declarations) add(nameOf(declarator.id) ?? '', declarator, declarator.init);
  }
  return { models, parsed: !file.errors?.length };
}
