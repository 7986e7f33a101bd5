import { child, isNode, literalsIn, modelCalls, nameOf, propertiesOf, type Node, type TextRange } from './findModels';
import { codeOf, modelKinds } from './models';

/** A part of a text to be replaced, by offsets in UTF-16 units. */
export interface TextEdit { readonly start: number; readonly end: number; readonly text: string }
/** A way out of a loss that diverges, as edits of the model's text that set a value. */
export interface DivergenceFix { readonly kind: 'lowerLearningRate' | 'clipGradients' | 'boundLogVariance'; readonly value: number; readonly edits: readonly TextEdit[] }

/** What is set where nothing was, and what a number that was is divided by. */
const CLIP_NORM = 1;
const LOG_VARIANCE_LIMIT = 10;
const TENTH = 10;
const HALF = 2;

const start = (node: Node): number => node.start ?? 0;
const end = (node: Node): number => node.end ?? 0;
const divided = (value: number, by: number): number => Number((value / by).toPrecision(12));
const insert = (at: number, text: string): TextEdit => ({ start: at, end: at, text });
const replace = (node: Node, text: string): TextEdit => ({ start: start(node), end: end(node), text });
const option = (object: unknown, name: string): unknown => propertiesOf(object).find(([found]) => found === name)?.[1];
const isObject = (value: unknown): value is Node => isNode(value) && value.type === 'ObjectExpression';
const numberOf = (value: unknown): number | undefined => {
  const number = isNode(value) && value.type === 'NumericLiteral' ? child(value, 'value') : undefined;
  return typeof number === 'number' ? number : undefined;
};

/** Puts an option behind the others of an object, in a line of its own where they stand so. */
function added(text: string, object: Node, written: string): TextEdit {
  const last = (child(object, 'properties') as Node[]).at(-1);
  if (!last) return replace(object, `{ ${written} }`);
  const indent = /\n([ \t]*)$/.exec(text.slice(start(object), start(last)))?.[1];
  return insert(end(last), indent === undefined ? `, ${written}` : `,\n${indent}${written}`);
}
/** Sets an option to a number: the fraction of the one that stands there, or `fresh`. Nothing where something else stands there. */
function lowered(text: string, object: Node, name: string, fresh: number, by: number): Omit<DivergenceFix, 'kind'> | undefined {
  const given = option(object, name);
  if (!isNode(given)) return { value: fresh, edits: [added(text, object, `${name}: ${fresh}`)] };
  const number = numberOf(given);
  return number === undefined ? undefined : { value: divided(number, by), edits: [replace(given, String(divided(number, by)))] };
}

/** Names `name` among what the file imports from 'vae-lab'. */
function imported(program: Node, name: string): TextEdit[] | undefined {
  for (const statement of child(program, 'body') as Node[]) {
    const source = statement.type === 'ImportDeclaration' ? child(statement, 'source') : undefined;
    if (!isNode(source) || child(source, 'value') !== 'vae-lab' || child(statement, 'importKind') === 'type') continue;
    const specifiers = child(statement, 'specifiers') as Node[];
    if (specifiers.some((specifier) => nameOf(child(specifier, 'local')) === name)) return [];
    const last = specifiers.at(-1);
    if (last?.type === 'ImportSpecifier') return [insert(end(last), `, ${name}`)];
  }
  return undefined;
}

/** `now`: what the run had, where the file leaves it to the default. */
function lowerLearningRate(text: string, program: Node, model: Node, literal: TextRange | undefined, now: number): Omit<DivergenceFix, 'kind'> | undefined {
  if (literal) {
    const value = divided(Number(text.slice(literal.start, literal.end)), TENTH);
    return { value, edits: [{ start: literal.start, end: literal.end, text: String(value) }] };
  }
  const value = divided(now, TENTH);
  const training = option(model, 'training');
  const optimizer = option(training, 'optimizer');
  if (isNode(optimizer)) {
    if (optimizer.type !== 'CallExpression') return undefined;
    const [options] = child(optimizer, 'arguments') as unknown[];
    if (options === undefined) return { value, edits: [insert(end(optimizer) - 1, `{ learningRate: ${value} }`)] };
    return isObject(options) && option(options, 'learningRate') === undefined ? { value, edits: [added(text, options, `learningRate: ${value}`)] } : undefined;
  }
  const names = imported(program, 'adam');
  const set = inTraining(text, model, (object) => ({ value, edits: [added(text, object, `optimizer: adam({ learningRate: ${value} })`)] }), `optimizer: adam({ learningRate: ${value} })`, value);
  return names && set && { value, edits: [...names, ...set.edits] };
}
/** Changes the model's `training`, or gives it one that holds `whole`. */
function inTraining(text: string, model: Node, change: (training: Node) => Omit<DivergenceFix, 'kind'> | undefined, whole: string, value: number): Omit<DivergenceFix, 'kind'> | undefined {
  const training = option(model, 'training');
  if (training === undefined) return { value, edits: [added(text, model, `training: { ${whole} }`)] };
  return isObject(training) ? change(training) : undefined;
}

/** Ways out where the loss of a model diverges; those for which its text has no place are left out. `learningRate`: that of the run. Never throws. */
export function divergenceFixes(text: string, modelName: string, learningRate: number): DivergenceFix[] {
  const found = modelCalls(text);
  const call = found?.models.find(({ name }) => name === modelName)?.call;
  const model = call && (child(call, 'arguments') as unknown[])[0];
  const kind = modelKinds.find((known) => known === nameOf(call && child(call, 'callee')));
  if (!found || !call || !kind || !isObject(model)) return [];
  const fixes = {
    lowerLearningRate: lowerLearningRate(text, found.program, model, literalsIn(call)['learningRate'], learningRate),
    clipGradients: inTraining(text, model, (training) => lowered(text, training, 'clipNorm', CLIP_NORM, TENTH), `clipNorm: ${CLIP_NORM}`, CLIP_NORM),
    boundLogVariance: codeOf[kind] === 'point' ? undefined : lowered(text, model, 'logVarianceLimit', LOG_VARIANCE_LIMIT, HALF),
  };
  return (Object.keys(fixes) as (keyof typeof fixes)[]).flatMap((kind) => { const fix = fixes[kind]; return fix ? [{ kind, ...fix }] : []; });
}
