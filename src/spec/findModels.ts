import { parse } from '@babel/parser';
import { LimitedText } from './limitedText';
import { modelKinds } from './models';

/** A place in a text: zero-based line and column, and the offset of its end, all in UTF-16 units. */
export interface TextRange { readonly line: number; readonly column: number; readonly start: number; readonly end: number }
export interface NumberInText extends TextRange { readonly value: number }
/** A model in a model file's text. */
export interface ModelInText {
  /** The export's name; `default` for `export default`. */
  readonly name: string;
  readonly range: TextRange;
  /** Where live hyperparameters stand as number literals, so that a value can be written back; and other numbers, those of `training` as `training.epochs`. */
  readonly literals: Readonly<Record<string, NumberInText>>;
  /** Where the names of its options stand: `objective`, `latentDim`, ... */
  readonly options: Readonly<Record<string, TextRange>>;
}
export interface FoundModels {
  readonly models: readonly ModelInText[];
  /** False where the text does not parse: what was found before should be kept. */
  readonly parsed: boolean;
}

const factories: readonly string[] = modelKinds;

export interface Node { readonly type: string; readonly start?: number | null; readonly end?: number | null; readonly loc?: { start: { line: number; column: number } } | null }
export const isNode = (value: unknown): value is Node => typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
export const child = (node: Node, key: string): unknown => (node as unknown as Record<string, unknown>)[key];
export const nameOf = (value: unknown): string | undefined => {
  const name = isNode(value) && value.type === 'Identifier' ? child(value, 'name') : undefined;
  return typeof name === 'string' ? name : undefined;
};
export const rangeOf = (node: Node): TextRange => ({ line: (node.loc?.start.line ?? 1) - 1, column: node.loc?.start.column ?? 0, start: node.start ?? 0, end: node.end ?? 0 });

/** Calls in a tree, in the order of the text. A text may nest deeper than a stack does. */
function calls(tree: unknown): Node[] {
  const found: Node[] = [];
  for (const left: unknown[] = [tree]; left.length > 0;) {
    const value = left.pop();
    if (Array.isArray(value)) {
      for (let i = value.length - 1; i >= 0; i--) left.push(value[i]);
    } else if (isNode(value)) {
      if (value.type === 'CallExpression') found.push(value);
      for (const [key, inner] of Object.entries(value).reverse()) if (key !== 'loc') left.push(inner);
    }
  }
  return found;
}

/** `vae(...)` and the like, also behind `as` and `satisfies`. */
function modelCall(value: unknown): Node | undefined {
  let inner = value;
  while (isNode(inner) && (inner.type === 'TSAsExpression' || inner.type === 'TSSatisfiesExpression')) inner = child(inner, 'expression');
  return isNode(inner) && inner.type === 'CallExpression' && factories.includes(nameOf(child(inner, 'callee')) ?? '') ? inner : undefined;
}

/** A hyperparameter stands as a property of what a function of this library is called with, `elbo({ beta: 4 })`, or in a person's own objective as `{ gamma: { value: 10 } }`. */
export function literalsIn(model: Node): ModelInText['literals'] {
  const found: Record<string, NumberInText> = {};
  for (const call of calls(model)) {
    const [argument] = child(call, 'arguments') as unknown[];
    if (nameOf(child(call, 'callee')) === undefined) continue; // a method, such as of `layers`
    for (const [name, value] of propertiesOf(argument)) {
      if (name === 'training') for (const [own, number] of propertiesOf(value)) keep(found, `training.${own}`, number);
      if (name !== 'hyperparameters') keep(found, name, value);
      else for (const [own, options] of propertiesOf(value)) keep(found, own, propertiesOf(options).find(([option]) => option === 'value')?.[1]);
    }
  }
  return found;
}
function keep(found: Record<string, NumberInText>, name: string, value: unknown): void {
  const number = isNode(value) && value.type === 'NumericLiteral' ? child(value, 'value') : undefined;
  if (isNode(value) && typeof number === 'number') found[name] = { ...rangeOf(value), value: number };
}
export function propertiesOf(value: unknown): [name: string, value: unknown][] {
  if (!isNode(value) || value.type !== 'ObjectExpression') return [];
  return (child(value, 'properties') as unknown[]).flatMap((property) => {
    const name = isNode(property) ? nameOf(child(property, 'key')) : undefined;
    return isNode(property) && name !== undefined ? [[name, child(property, 'value')]] : [];
  });
}

/** The model's own options, not those of what it is made of. */
function optionsIn(model: Node): ModelInText['options'] {
  const [argument] = child(model, 'arguments') as unknown[];
  if (!isNode(argument) || argument.type !== 'ObjectExpression') return {};
  return Object.fromEntries((child(argument, 'properties') as unknown[]).flatMap((property): [string, TextRange][] => {
    const key = isNode(property) ? child(property, 'key') : undefined;
    const name = nameOf(key);
    return name !== undefined && isNode(key) ? [[name, rangeOf(key)]] : [];
  }));
}

/** The exported models of a text: their calls of `vae` and the like, with the statements they stand in; undefined where it does not parse at all. */
export function modelCalls(text: string): { readonly program: Node; readonly models: readonly { readonly name: string; readonly statement: Node; readonly call: Node }[]; readonly parsed: boolean } | undefined {
  let file;
  try {
    file = parse(new LimitedText(text) as unknown as string, { sourceType: 'module', errorRecovery: true, plugins: ['typescript'] });
  } catch {
    return undefined;
  }
  const models: { readonly name: string; readonly statement: Node; readonly call: Node }[] = [];
  const add = (name: string, statement: Node, value: unknown): void => {
    const call = modelCall(value);
    if (call) models.push({ name, statement, call });
  };
  for (const statement of file.program.body) {
    if (statement.type === 'ExportDefaultDeclaration') add('default', statement, statement.declaration);
    if (statement.type !== 'ExportNamedDeclaration' || statement.declaration?.type !== 'VariableDeclaration') continue;
    for (const declarator of statement.declaration.declarations) add(nameOf(declarator.id) ?? '', declarator, declarator.init);
  }
  return { program: file.program, models, parsed: !file.errors?.length };
}

/** Finds the exported models of a file from its syntax alone; nothing is run. Never throws. */
export function findModels(text: string): FoundModels {
  const found = modelCalls(text);
  if (!found) return { models: [], parsed: false };
  return { models: found.models.map(({ name, statement, call }) => ({ name, range: rangeOf(statement), literals: literalsIn(call), options: optionsIn(call) })), parsed: found.parsed };
}
