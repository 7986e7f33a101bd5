/** Fewer letters than this beside what is filled in say nothing about a sentence. */
const LETTERS = 5;
const literal = (key: string): string => key.replace(/\{\d\}/g, '');
/** Sentences in sentences in sentences: no person reads deeper. */
const DEEPEST = 8;
/** Nor more sentences in a row. */
const MOST = 12;
const END_OF_SENTENCE = /(?<=[.!?]\)?) (?=["(\p{Lu}])/u;

/** What stands in a pattern's places in a text, each as short as it can be; the pattern is given as the literals around them. A regular expression would try all ways to divide a long text. */
function fillings(literals: readonly string[], text: string): string[] | undefined {
  const [first = '', ...others] = literals;
  const last = others.pop() ?? '';
  const end = text.length - last.length;
  if (!text.startsWith(first) || !text.endsWith(last) || end < first.length) return undefined;
  const found: string[] = [];
  let from = first.length;
  for (const next of others) {
    const at = text.indexOf(next, from);
    if (at < 0 || at + next.length > end) return undefined;
    found.push(text.slice(from, at));
    from = at + next.length;
  }
  return [...found, text.slice(from, end)];
}

/**
 * Translates what a host says: it speaks English, with values filled in already, and one host may serve windows of several languages. A sentence is
 * recognized by a key of `texts` ("{0} cannot be read: {1}" to a translation with the same places); what is filled in is translated too. Others stay as they are.
 */
export function sentenceTranslator(texts: Readonly<Record<string, string>>): (sentence: string) => string {
  const patterns = Object.keys(texts)
    .filter((key) => key !== literal(key) && literal(key).replace(/[^A-Za-z]/g, '').length >= LETTERS)
    .sort((a, b) => literal(b).length - literal(a).length) // the most telling first
    .map((key) => ({ key, literals: key.split(/\{\d\}/), order: [...key.matchAll(/\{(\d)\}/g)].map(([, index]) => Number(index)) }));
  function known(sentence: string, depth: number): string | undefined {
    const whole = Object.hasOwn(texts, sentence) ? texts[sentence] : undefined;
    if (whole !== undefined || depth === DEEPEST) return whole;
    for (const { key, literals, order } of patterns) {
      const filled = fillings(literals, sentence);
      if (!filled) continue;
      const values = new Map(order.map((index, at) => [index, translate(filled[at] ?? '', depth + 1)]));
      return (texts[key] ?? key).replace(/\{(\d)\}/g, (_, index: string) => values.get(Number(index)) ?? '');
    }
    return undefined;
  }
  /** Several sentences one after another, such as reasons: as many as are known together, then the others. */
  function translate(text: string, depth: number): string {
    const sentences = text.split(END_OF_SENTENCE);
    if (sentences.length > MOST) return known(text, depth) ?? text;
    const said: string[] = [];
    for (let from = 0; from < sentences.length;) {
      let count = sentences.length - from;
      let translated: string | undefined;
      while (count > 0 && translated === undefined) translated = known(sentences.slice(from, from + count--).join(' '), depth);
      said.push(translated ?? sentences[from] ?? '');
      from += translated === undefined ? 1 : count + 1;
    }
    return said.join(' ');
  }
  return (sentence) => translate(sentence, 0);
}
