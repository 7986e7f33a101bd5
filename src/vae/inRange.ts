/** A number given to a function of the library. @throws TypeError naming function, option, range and what was got */
export function inRange(where: string, name: string, value: number, low: number, high: number, lowAllowed: boolean): number {
  const fits = Number.isFinite(value) && (lowAllowed ? value >= low : value > low) && value <= high;
  if (!fits) throw new TypeError(`${where}(): ${name} must be a number ${lowAllowed ? 'of at least' : 'above'} ${low} and at most ${high}; got ${value}.`);
  return value;
}
