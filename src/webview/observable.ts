import { useEffect, useState } from 'preact/hooks';

/** A value that says when it changes. */
export class Value<T> {
  readonly #listeners = new Set<(value: T) => void>();
  #value: T;
  constructor(first: T) { this.#value = first; }

  get(): T { return this.#value; }
  set(value: T): void {
    if (Object.is(value, this.#value)) return;
    this.#value = value;
    for (const listener of this.#listeners) listener(value);
  }
  /** Returns a disposer. */
  subscribe(listener: (value: T) => void): () => void {
    this.#listeners.add(listener);
    return () => { this.#listeners.delete(listener); };
  }
}

/** The value, and the component drawn anew when it changes. */
export function useValue<T>(value: Value<T>): T {
  const [, draw] = useState<T>(value.get());
  useEffect(() => {
    draw(() => value.get()); // it may have changed since it was read
    return value.subscribe((next) => { draw(() => next); });
  }, [value]);
  return value.get();
}

/** Some parts of a value, and the component drawn anew when one of them changes. */
export function usePart<T, K extends keyof T>(value: Value<T>, ...keys: K[]): Pick<T, K> {
  const [, draw] = useState(0);
  useEffect(() => {
    let before = value.get();
    return value.subscribe((next) => {
      const last = before;
      before = next;
      if (keys.some((key) => !Object.is(last[key], next[key]))) draw((n) => n + 1);
    });
  }, [value, keys.join()]);
  return value.get();
}
