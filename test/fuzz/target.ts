/** A reader of what comes from outside. */
export interface Target {
  /** Inputs that it takes; others are made of them. Files of `seeds/<name>/` are added. */
  readonly seeds: () => readonly Uint8Array[] | Promise<readonly Uint8Array[]>;
  /** Reads; what it throws but the errors it is allowed to is a finding. May leave work to be awaited. */
  readonly read: (input: Uint8Array) => unknown;
  /** Errors in which it may refuse an input. */
  readonly refuses: readonly (abstract new (...args: never[]) => Error)[];
  /** Its share of the inputs; default 1. */
  readonly share?: number;
}
export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
export const textOf = (bytes: Uint8Array): string => new TextDecoder().decode(bytes);
