import { readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import * as z from 'zod';

const texts = (file: string): Record<string, string> => z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(file, 'utf8')));
const walk = (folder: string): string[] => readdirSync(folder).flatMap((name) => {
  const file = path.join(folder, name);
  return statSync(file).isDirectory() ? walk(file) : /\.tsx?$/.test(name) ? [file] : [];
});

/** A literal as a key: what is filled in stands as {0}, {1}, ... */
function keyOf(node: ts.Expression | undefined): string | undefined {
  if (!node) return undefined;
  if (ts.isStringLiteral(node) || ts.isNoSubstitutionTemplateLiteral(node)) return node.text;
  if (ts.isTemplateExpression(node)) return node.head.text + node.templateSpans.map(({ literal }, i) => `{${i}}${literal.text}`).join('');
  return undefined;
}

/** Functions whose result is such a text. */
const sayings = ['cardLacks', 'checkHyperparameter', 'compilerNeeded', 'damageNotice', 'discarded', 'eagerNotice', 'endedWith', 'fallbackNotice', 'hangs', 'loadFailure', 'noAdapter', 'noAvx', 'noGlibc', 'noGpu', 'oldGlibc', 'onnxFailure', 'otherPicturesNotice', 'resumedFrom', 'sharedCard', 'smokeFailure', 'unknownName', 'unreadableNotice', 'viewedNotice', 'whyNotChanged', 'whyNotShown', 'withOrigin'];

/** Every text of a file that a person may read: looked up with t() in editor and panel; said by the host in English as an error, a refusal, or what it is doing. */
function keysIn(file: string): string[] {
  const found: string[] = [];
  const keep = (node: ts.Expression | undefined): void => {
    if (node && ts.isArrayLiteralExpression(node)) node.elements.forEach(keep);
    if (node && ts.isConditionalExpression(node)) {
      keep(node.whenTrue);
      keep(node.whenFalse);
      return;
    }
    const key = keyOf(node);
    if (key !== undefined && key !== '') found.push(key);
    if (node && ts.isTemplateExpression(node)) for (const { expression } of node.templateSpans) if (ts.isConditionalExpression(expression)) keep(expression);
  };
  const speaks = /^src\/(host|client|components|vae|spec|runs|protocol)\//.test(file);
  const visit = (node: ts.Node): void => {
    if (ts.isCallExpression(node)) {
      const name = node.expression.getText(source);
      if (/^(t|(vscode\.)?l10n\.t)$/.test(name)) keep(node.arguments[0]);
      if (name === 'check' || /\b(checks|this)\.that$/.test(name)) node.arguments.slice(1).forEach(keep);
      if (speaks && name === 'broken') keep(node.arguments[0]);
      if (/onProgress/.test(name)) keep(node.arguments[0]);
      if (speaks && name === 'super') keep(node.arguments[0]);
    }
    if (speaks && ts.isNewExpression(node) && node.expression.getText(source).endsWith('Error')) keep(node.arguments?.[0]);
    if (speaks && ts.isPropertyAssignment(node) && ['what', 'message', 'slowStart', 'notice', 'why', 'needs', 'stepNotice', 'unchecked', 'loop', 'native'].includes(node.name.getText(source))) keep(node.initializer);
    if (speaks && ts.isReturnStatement(node) && sayings.includes(ts.findAncestor(node, ts.isFunctionDeclaration)?.name?.text ?? '')) keep(node.expression);
    ts.forEachChild(node, visit);
  };
  const source = ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true);
  visit(source);
  return found;
}
const used = [...new Set(walk('src').flatMap(keysIn))].sort();
const places = (text: string): string[] => (text.match(/\{\d\}/g) ?? []).sort();

describe('translations', () => {
  for (const language of readdirSync('l10n').map((file) => /^bundle\.l10n\.(.+)\.json$/.exec(file)?.[1] ?? file)) {
    const bundle = texts(`l10n/bundle.l10n.${language}.json`);
    it(`${language}: have every text, and none that is not used`, () => {
      expect(used.length).toBeGreaterThan(100);
      expect({ missing: used.filter((key) => !(key in bundle)), unused: Object.keys(bundle).filter((key) => !used.includes(key)) }).toEqual({ missing: [], unused: [] });
    });
    it(`${language}: fill in what the English fills in`, () => {
      expect(Object.entries(bundle).filter(([key, text]) => places(key).join() !== places(text).join())).toEqual([]);
    });
    it(`${language}: have the manifest's texts`, () => {
      expect(Object.keys(texts(`package.nls.${language}.json`)).sort()).toEqual(Object.keys(texts('package.nls.json')).sort());
    });
  }
  it('are named by the manifest, each one', () => {
    const named = [...readFileSync('package.json', 'utf8').matchAll(/"%([^%"]+)%"/g)].map(([, name]) => name);
    expect([...new Set(named)].sort()).toEqual(Object.keys(texts('package.nls.json')).sort());
  });
});
