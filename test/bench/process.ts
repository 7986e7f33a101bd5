import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface } from 'node:readline';
import * as z from 'zod';

const ready = z.object({ ready: z.literal(true), device: z.string(), weights: z.number() });
const timed = z.object({ times: z.array(z.number()).min(1), peakRssMb: z.number() });
const failed = z.object({ failed: z.string() });

/** A process that trains when told to, one JSON line an answer. It only computes between a question and its answer. */
export class Candidate {
  readonly #child: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  #errors = '';

  constructor(readonly name: string, command: string, args: readonly string[], env: NodeJS.ProcessEnv) {
    this.#child = spawn(command, args, { env });
    this.#child.on('error', (error) => { this.#errors += error.message; });
    this.#child.stdin.on('error', () => { /* its end is seen where its answer is awaited */ });
    this.#child.stderr.on('data', (chunk: Buffer) => { this.#errors += chunk.toString(); });
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]();
  }

  /** @throws Error with the process's own words when it failed or ended. */
  async #answer<T>(schema: z.ZodType<T>): Promise<T> {
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(this.#errors.trim().split('\n').at(-1) || `${this.name} ended.`);
    const answer: unknown = JSON.parse(value);
    const failure = failed.safeParse(answer);
    if (failure.success) throw new Error(failure.data.failed);
    return schema.parse(answer);
  }

  /** Waits until it is built and warm. `weights` are the numbers it trains. */
  ready(): Promise<z.infer<typeof ready>> { return this.#answer(ready); }

  /** Milliseconds of each of so many steps. */
  time(steps: number): Promise<z.infer<typeof timed>> {
    this.#child.stdin.write(`${steps}\n`);
    return this.#answer(timed);
  }

  end(): void { this.#child.kill(); }
}
