import { sentenceTranslator } from '../protocol/sentences';

let texts: Readonly<Record<string, string>> = {};
let locale = 'en';
let translate = (sentence: string): string => sentence;

/** Texts and number formats of the editor's language. */
export function setTexts(next: Readonly<Record<string, string>>, language: string): void {
  texts = next;
  translate = sentenceTranslator(next);
  locale = Intl.NumberFormat.supportedLocalesOf([language])[0] ?? 'en';
}
/** English text, with {0}, {1}, ... filled in, in the editor's language. */
export const t = (text: string, ...values: (string | number)[]): string => (texts[text] ?? text).replace(/\{(\d+)\}/g, (_, index: string) => String(values[Number(index)] ?? ''));

/** Of the editor, as far as this browser knows it. */
export const language = (): string => locale;
export const whole = (value: number): string => Math.round(value).toLocaleString(locale);
/** What is rounded to 0 has no sign. */
export const decimal = (value: number, digits = 1): string => (Math.abs(value) < 0.5 * 10 ** -digits ? 0 : value).toLocaleString(locale, { minimumFractionDigits: digits, maximumFractionDigits: digits });
/** Small ones as model files have them, 2e-4. */
export const significant = (value: number, digits = 3): string =>
  (value !== 0 && Math.abs(value) < 1e-3 ? Number(value.toPrecision(digits)).toExponential() : value.toLocaleString(locale, { maximumSignificantDigits: digits }));
/** What the host says, in the editor's language. */
export const fromHost = (sentence: string): string => translate(sentence);

/** Seconds as a person says them. */
export function duration(seconds: number): string {
  if (seconds < 60) return t('{0} s', whole(Math.max(1, seconds)));
  if (seconds < 3600) return t('{0} min {1} s', Math.floor(seconds / 60), whole(Math.floor(seconds % 60)));
  return t('{0} h {1} min', whole(Math.floor(seconds / 3600)), Math.floor((seconds % 3600) / 60));
}
