/** VS Code's, as far as tests need it. */
export class EventEmitter {
  readonly #heard: ((value: unknown) => void)[] = [];
  readonly event = (listener: (value: unknown) => void): { dispose(): void } => { this.#heard.push(listener); return { dispose: () => undefined }; };
  fire(value: unknown): void { for (const listener of this.#heard) listener(value); }
  dispose(): void { this.#heard.length = 0; }
}
