/** Node's: model files are read where there is one. */
declare const process: { cpuUsage(): { readonly user: number; readonly system: number } };

/** Characters that the parser may read for each that there is, and beside. It needs little more than one, but gives up a guess of what `<` means by reading anew, and guesses within guesses take for ever. */
const READS_PER_CHARACTER = 50;
const READS_BESIDE = 20_000;
/** And the time: mistakes that are recovered from may each be compared with all before. */
const PATIENCE_MS = 500;
const LOOK_EVERY = 64;

/** Milliseconds of processor time, in which a machine that does other things, or sleeps, does not count as a text that takes long. */
function worked(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

/** A text that a parser can read for so long only. */
export class LimitedText extends String {
  readonly #text: string;
  readonly #until = Date.now() + PATIENCE_MS;
  readonly #workUntil = worked() + PATIENCE_MS;
  #left: number;

  constructor(text: string) {
    super(text);
    this.#text = text;
    this.#left = READS_BESIDE + READS_PER_CHARACTER * text.length;
  }

  /** @throws RangeError that it was read for too long */
  override charCodeAt(index: number): number {
    if (--this.#left < 0 || (this.#left % LOOK_EVERY === 0 && Date.now() > this.#until && worked() > this.#workUntil)) throw new RangeError('This text takes too long to read.'); // both: other threads work too
    return this.#text.charCodeAt(index);
  }
}
