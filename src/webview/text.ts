import { sentenceTranslator } from '../protocol/sentences';

let texts: Readonly<Record<string, string>> = {};
let locale = 'en';
let translate = (sentence: string): string => sentence;
/** By what they show: a number formatted with options of its own would have one made each time, which takes fifty times as long as formatting. */
const formats = new Map<string, Intl.NumberFormat>();

/** Texts and number formats of the editor's language. */
export function setTexts(next: Readonly<Record<string, string>>, language: string): void {
  texts = next;
  translate = sentenceTranslator(next);
  locale = Intl.NumberFormat.supportedLocalesOf([language])[0] ?? 'en';
  formats.clear();
}
/** English text, with {0}, {1}, ... filled in, in the editor's language. */
export const t = (text: string, ...values: (string | number)[]): string => (texts[text] ?? text).replace(/\{(\d+)\}/g, (_, index: string) => String(values[Number(index)] ?? ''));

/** Of the editor, as far as this browser knows it. */
export const language = (): string => locale;
const optionsOf = {
  decimals: (digits: number) => ({ minimumFractionDigits: digits, maximumFractionDigits: digits }), atMost: (digits: number) => ({ maximumFractionDigits: digits }), significant: (digits: number) => ({ maximumSignificantDigits: digits }),
};
function formatted(value: number, kind: keyof typeof optionsOf, digits: number): string {
  const key = `${kind} ${digits}`;
  let format = formats.get(key);
  if (!format) formats.set(key, format = new Intl.NumberFormat(locale, optionsOf[kind](digits)));
  return format.format(value);
}

/** Numbers of any size, with no more than three decimals. */
export const plainly = (value: number): string => formatted(value, 'atMost', 3);
export const whole = (value: number): string => formatted(Math.round(value), 'decimals', 0);
/** What is rounded to 0 has no sign. */
export const decimal = (value: number, digits = 1): string => formatted(Math.abs(value) < 0.5 * 10 ** -digits ? 0 : value, 'decimals', digits);
/** Small ones as model files have them, 2e-4. */
export const significant = (value: number, digits = 3): string =>
  (value !== 0 && Math.abs(value) < 1e-3 ? Number(value.toPrecision(digits)).toExponential() : formatted(value, 'significant', digits));
/** What the host says, in the editor's language. */
export const fromHost = (sentence: string): string => translate(sentence);

/** Seconds as a person says them. */
export function duration(seconds: number): string {
  if (seconds < 60) return t('{0} s', whole(Math.max(1, seconds)));
  if (seconds < 3600) return t('{0} min {1} s', Math.floor(seconds / 60), whole(Math.floor(seconds % 60)));
  return t('{0} h {1} min', whole(Math.floor(seconds / 3600)), Math.floor((seconds % 3600) / 60));
}
