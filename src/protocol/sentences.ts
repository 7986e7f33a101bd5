/** Fewer letters than this beside what is filled in say nothing about a sentence. */
const LETTERS = 5;
const literal = (key: string): string => key.replace(/\{\d\}/g, '');
const escape = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/**
 * Translates what a host says: it speaks English, with values filled in already, and one host may serve windows of several languages. A sentence is
 * recognized by a key of `texts` ("{0} cannot be read: {1}" to a translation with the same places); what is filled in is translated too. Others stay as they are.
 */
export function sentenceTranslator(texts: Readonly<Record<string, string>>): (sentence: string) => string {
  const patterns = Object.keys(texts)
    .filter((key) => key !== literal(key) && literal(key).replace(/[^A-Za-z]/g, '').length >= LETTERS)
    .sort((a, b) => literal(b).length - literal(a).length) // the most telling first
    .map((key) => ({ key, pattern: new RegExp(`^${key.split(/\{\d\}/).map(escape).join('([\\s\\S]*?)')}$`), order: [...key.matchAll(/\{(\d)\}/g)].map(([, index]) => Number(index)) }));
  return function translate(sentence: string): string {
    const whole = texts[sentence];
    if (whole !== undefined) return whole;
    for (const { key, pattern, order } of patterns) {
      const match = pattern.exec(sentence);
      if (!match) continue;
      const values = new Map(order.map((index, at) => [index, translate(match[at + 1] ?? '')]));
      return (texts[key] ?? key).replace(/\{(\d)\}/g, (_, index: string) => values.get(Number(index)) ?? '');
    }
    return sentence;
  };
}
