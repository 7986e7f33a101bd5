import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { dataKinds } from '../../src/vae/data/index';

const scripts = (JSON.parse(readFileSync('package.json', 'utf8')) as { scripts: Record<string, string> }).scripts;

describe.each(['README.md', 'CONTRIBUTING.md', 'ARCHITECTURE.md'])('%s', (file) => {
  const text = readFileSync(file, 'utf8');
  it('names only scripts that exist', () => {
    const named = [...text.matchAll(/npm run ([\w:]+)/g)].map((match) => match[1] ?? '');
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
    if (/npm start/.test(text)) expect(scripts).toHaveProperty('start');
  });
  it('names only files that exist', () => {
    const named = [...text.matchAll(/`((?:src|test|samples|scripts|media)\/[\w./-]+\.\w+)`|\]\(((?!http)[^)]+)\)/g)].map((match) => match[1] ?? match[2] ?? '');
    expect(named.filter((name) => !existsSync(name))).toEqual([]);
  });
});

describe('docs/data.md', () => {
  it('has a section for every data set, and no other with such a name', () => {
    const sections = [...readFileSync('docs/data.md', 'utf8').matchAll(/^## `(\w+)`$/gm)].map((match) => match[1] ?? '');
    expect(sections).toEqual(dataKinds);
  });
  it('names every shared option and every corruption', () => {
    const text = readFileSync('docs/data.md', 'utf8');
    for (const name of ['binarization', 'validation', 'corruption', 'seed', 'gaussianNoise(', 'saltAndPepper(', 'maskPixels(', 'maskBox(']) expect(text).toContain(`\`${name}`);
  });
});

describe('README.md', () => {
  const text = readFileSync('README.md', 'utf8');
  it('names every command and every setting', () => {
    const { contributes } = JSON.parse(readFileSync('package.json', 'utf8')) as { contributes: { commands: { title: string }[]; configuration: { properties: Record<string, unknown> } } };
    const titles = JSON.parse(readFileSync('package.nls.json', 'utf8')) as Record<string, string>;
    const wanted = [...contributes.commands.map(({ title }) => `VAE Lab: ${titles[title.replaceAll('%', '')] ?? title}`), ...Object.keys(contributes.configuration.properties)];
    expect(wanted.length).toBeGreaterThan(10);
    expect(wanted.filter((name) => !text.includes(`\`${name}\``))).toEqual([]);
  });
});
