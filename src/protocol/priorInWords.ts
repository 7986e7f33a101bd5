import type { LearnedPrior } from './run';

/** "2.86 bits a code (6.00 were all codes alike, 5.41 each by itself)" in figures. */
export function bitsOf({ nats, independentNats, codes }: Pick<LearnedPrior, 'nats' | 'independentNats' | 'codes'>): { readonly learned: string; readonly uniform: string; readonly independent: string } {
  const bits = (value: number): string => (value / Math.LN2).toFixed(2);
  return { learned: bits(nats), uniform: Math.log2(codes).toFixed(2), independent: bits(independentNats) };
}

/** For a terminal. */
export function priorInWords(learned: LearnedPrior): string {
  const { learned: bits, uniform, independent } = bitsOf(learned);
  return `The prior over the codes takes ${bits} bits a code on ${learned.examples} held-out examples (${independent} where each code is coded by itself, ${uniform} were all codes alike).`;
}
