import type { Gate } from '../protocol/run';
import { factsOf } from './datasets/index';
import type { Origin } from './engines/index';
import { beginCheck, checkRenewed } from './gradientCheck';
import { requestOf, type Made } from './making';
import type { OracleOptions } from './oracleProcess';

/** Whether what trains is right: comparisons of its gradients with another engine's. */
export class Gates {
  #trusted = true;
  readonly #waiting = new Set<() => void>();
  /** The person's code does something else in this process than in an oracle's. */
  changed = false;
  #ending = new AbortController();

  constructor(private readonly host: Omit<OracleOptions, 'signal'>) {}

  /** As far as anybody can tell: until that is known nothing of it is kept. */
  get trusted(): boolean { return this.#trusted; }
  set trusted(trusted: boolean) {
    this.#trusted = trusted;
    if (trusted) this.#release();
  }
  /** Resolves when it is trusted, or nobody will ever know. */
  settled(): Promise<void> { return this.#trusted || this.ended ? Promise.resolve() : new Promise((resolve) => { this.#waiting.add(resolve); }); }
  #release(): void {
    for (const resolve of this.#waiting) resolve();
    this.#waiting.clear();
  }

  get ended(): boolean { return this.#ending.signal.aborted; }
  end(): void {
    this.#ending.abort();
    this.#release();
  }
  /** Those that are begun from now on end by themselves; gives what ends them and has the ones before again. */
  renew(): () => void {
    const before = this.#ending;
    const ending = this.#ending = new AbortController();
    return () => { ending.abort(); this.#ending = before; };
  }
  /** What ends those of now, also when others have begun. */
  get ender(): () => void {
    const ending = this.#ending;
    return () => { ending.abort(); };
  }

  async begin(made: Made, origin: Origin): Promise<{ readonly gate?: Promise<Gate> }> {
    if (!made.gated) return {};
    if (this.changed) return { gate: this.recheck(made) };
    const { program, work: { model, dataset } } = made;
    return beginCheck({ ...this.host, program, model, imageShape: dataset.imageShape, signal: this.#ending.signal, request: requestOf(made, origin) });
  }

  /** Of a step that has changed. */
  recheck({ program, trainer, work: { model, dataset } }: Made): Promise<Gate> {
    return checkRenewed({ program, model, imageShape: dataset.imageShape, data: factsOf(dataset), signal: this.#ending.signal, exclusive: (work) => trainer.exclusive(work) });
  }
}
