import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import * as z from 'zod';
import { sentenceTranslator } from '../../../src/protocol/sentences';
import { findModels } from '../../../src/spec/findModels';
import { bytesOf, textOf, type Target } from '../target';

const bundle = (): Record<string, string> => z.record(z.string(), z.string()).parse(JSON.parse(readFileSync('l10n/bundle.l10n.zh-cn.json', 'utf8')));
let translate: ((sentence: string) => string) | undefined;

/** Texts that people and hosts write. */
export const texts = {
  modelText: {
    seeds: () => [
      ...readdirSync('samples').filter((name) => name.endsWith('.ts')).map((name) => new Uint8Array(readFileSync(path.join('samples', name)))),
      ...['export default vae({ objective: elbo({ beta: 1 }) } as const);', 'export const a = vae({ training: { optimizer: adam({ learningRate: 1e-3 }) } }) satisfies VaeModel, b = vae();', 'export const { a, b: [c] } = vae({});'].map(bytesOf),
    ],
    read: (input) => findModels(textOf(input)), refuses: [], share: 0.4,
  },
  sentences: {
    seeds: () => Object.keys(bundle()).filter((key) => key.includes('{')).map((key) => bytesOf(key.replace(/\{\d\}/g, 'a: b (c) "d" e.'))),
    read: (input) => (translate ??= sentenceTranslator(bundle()))(textOf(input)), refuses: [], share: 0.3,
  },
} satisfies Record<string, Target>;
