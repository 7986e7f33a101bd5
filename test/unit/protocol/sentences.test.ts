import { describe, expect, it } from 'vitest';
import { sentenceTranslator } from '../../../src/protocol/sentences';

const translate = sentenceTranslator({
  'cut short': 'verkürzt',
  '{0}: {1}': 'NEVER {0} {1}',
  '{0} is {1}: its header tells of {2} bytes.': '{0} ist {1}: {2} Bytes laut Kopf.',
  '{0} cannot be read: {1}': 'Unlesbar ({1}): {0}',
  'The file is gone.': 'Die Datei ist weg.',
  '{0} is {1}': '{0} ist {1}',
});

describe('sentenceTranslator', () => {
  it('finds a whole sentence, one with values in another order, and what is filled in', () => {
    expect(translate('The file is gone.')).toBe('Die Datei ist weg.');
    expect(translate('a (b).idx is cut short: its header tells of 16 bytes.')).toBe('a (b).idx ist verkürzt: 16 Bytes laut Kopf.');
    expect(translate('a.idx cannot be read: The file is gone.')).toBe('Unlesbar (Die Datei ist weg.): a.idx');
    expect(translate('a.idx cannot be read: two\nlines')).toBe('Unlesbar (two\nlines): a.idx');
  });
  it('finds sentences one after another, as a notice of several reasons has them', () => {
    expect(translate('My own words. The file is gone. The file is gone.')).toBe('My own words. Die Datei ist weg. Die Datei ist weg.');
    expect(translate('My own words. And others.')).toBe('My own words. And others.');
  });
  it('leaves what it does not know, and does not take a few letters for a sentence', () => {
    for (const sentence of ['my mistake', 'shapes.vae.ts: my mistake', 'it is so', '']) expect(translate(sentence)).toBe(sentence);
  });
});
