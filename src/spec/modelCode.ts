import { child, isNode, literalsIn, modelCalls, nameOf, propertiesOf, type Node } from './findModels';
import type { HyperparameterSpecs } from './hyperparameters';
import { AROUND } from './temperature';

/** What stands in a text beside numbers: a model's options by name, those of `training` as `training.optimizer`, and the code around the models. */
interface Code { readonly options: Readonly<Record<string, string>>; readonly around: string }
const positions = new Set(['start', 'end', 'loc', 'range', 'extra', 'leadingComments', 'trailingComments', 'innerComments', 'errors', 'comments', 'tokens']);

/** A tree as text, without where it stands. `masked`: numbers that are compared as such, by their place. `hot`: properties whose values are. */
function canonical(tree: unknown, masked: ReadonlySet<number>, hot: ReadonlySet<string>): string {
  return JSON.stringify(tree, (key: string, value: unknown) => {
    if (positions.has(key)) return undefined;
    if (!isNode(value)) return value;
    if (value.type === 'NumericLiteral' && masked.has(value.start ?? -1)) return '#';
    if (value.type === 'ObjectProperty' && hot.has(nameOf(child(value, 'key')) ?? '')) return `# ${nameOf(child(value, 'key')) ?? ''}`;
    return value;
  }) ?? '';
}

const isLibrary = (statement: Node): boolean => {
  const source = statement.type === 'ImportDeclaration' ? child(statement, 'source') : undefined;
  return isNode(source) && child(source, 'value') === 'vae-lab';
};

function codeOf(text: string, model: string, compared: (literals: ReturnType<typeof literalsIn>) => Iterable<number>, hot: ReadonlySet<string>): Code | undefined {
  const found = modelCalls(text);
  const call = found?.models.find(({ name }) => name === model)?.call;
  if (!found?.parsed || !call) return undefined;
  const masked = new Set(compared(literalsIn(call)));
  const write = (tree: unknown): string => canonical(tree, masked, hot);
  const options: Record<string, string> = {};
  for (const [name, value] of propertiesOf((child(call, 'arguments') as unknown[])[0])) {
    const inner = name === 'training' ? propertiesOf(value) : [];
    if (inner.length === 0) options[name] = write(value);
    for (const [own, option] of inner) options[`training.${own}`] = write(option);
  }
  const models = new Set<unknown>(found.models.map(({ statement }) => statement));
  const isOther = (statement: Node): boolean => !isLibrary(statement) && !models.has(statement) && !declares(statement, models);
  return { options, around: write((child(found.program, 'body') as Node[]).filter(isOther)) };
}
function declares(statement: Node, models: ReadonlySet<unknown>): boolean {
  const declaration = child(statement, 'declaration');
  return isNode(declaration) && declaration.type === 'VariableDeclaration' && (child(declaration, 'declarations') as unknown[]).every((declarator) => models.has(declarator));
}

/** The options of a model that are built otherwise than before, beside numbers that stand in both and those that hold in a run at its next step. Nothing where one of the texts does not parse. */
export function editedCode(now: string, before: string, model: string, specs: HyperparameterSpecs): string[] {
  if (now === before) return [];
  const literals = (text: string): ReturnType<typeof literalsIn> => { const call = modelCalls(text)?.models.find(({ name }) => name === model)?.call; return call ? literalsIn(call) : {}; };
  const [inNow, inBefore] = [literals(now), literals(before)];
  const hot = new Set(Object.keys(specs).filter((name) => Object.hasOwn(inNow, name)));
  const numbers = (all: ReturnType<typeof literalsIn>): number[] => Object.entries(all).flatMap(([name, { start }]) => (Object.hasOwn(inNow, name) && Object.hasOwn(inBefore, name) ? [start] : []));
  const [a, b] = [codeOf(now, model, numbers, hot), codeOf(before, model, numbers, hot)];
  if (!a || !b) return [];
  const names = [...new Set([...Object.keys(a.options), ...Object.keys(b.options)])].filter((name) => a.options[name] !== b.options[name]);
  return [...names, ...(a.around === b.around ? [] : [AROUND])];
}
