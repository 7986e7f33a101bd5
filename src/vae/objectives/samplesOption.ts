/** Draws from the posterior an example. @throws TypeError */
export function samplesOption(where: string, samples: number): number {
  if (!Number.isInteger(samples) || samples < 1 || samples > 1000) throw new TypeError(`${where}(): samples must be a whole number from 1 to 1000; got ${samples}.`);
  return samples;
}
