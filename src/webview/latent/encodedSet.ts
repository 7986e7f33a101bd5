import type { EncodedPiece } from '../../protocol/latentApi';
import type { Split } from '../../protocol/latentItems';
import type { HostResult } from '../../protocol/hostApi';
import type { PanelClient } from '../store';

export type DataInfo = HostResult<'describeData'>;
/** Examples as the model sees them: the first `count` of a split. */
export interface Encoded {
  readonly split: Split;
  /** Of its first and its last piece: a live run goes on between them. */
  readonly steps: readonly [number, number];
  readonly size: number;
  readonly count: number;
  /** [count, size] each. */
  readonly means: Float32Array;
  readonly logVariances: Float32Array;
  /** [count] each, nats. */
  readonly reconstruction: Float32Array;
  readonly kl: Float32Array;
  readonly labels?: Float32Array;
  /** [count, factors] */
  readonly factors?: Float32Array;
}

/** What a training step waits for at most. */
const LIVE_PIECE = 256;
const PIECE = 1024;
/** More numbers than these are not held, 64 MB of means and variances. */
const MAX_NUMBERS = 2 ** 23;
/** As many examples as one of the splits may have to show. */
const MAX_COUNT = 70_000;

/** How many examples of a split can be shown. */
export const mostOf = (info: DataInfo, split: Split, latentDim: number): number => Math.max(1, Math.min(split === 'train' ? info.trainCount : info.testCount, MAX_COUNT, Math.floor(MAX_NUMBERS / latentDim)));

/** Asks for the data piece by piece; `onPart` gets what there is after the first piece, and whenever it has doubled. @throws what a call throws; nothing more is asked for once the signal says so */
export async function pullEncoded(client: PanelClient, { split, count, size, live, signal, onPart, onProgress }: {
  split: Split; count: number; size: number; live: boolean; signal: AbortSignal; onPart(part: Encoded): void; onProgress(done: number): void;
}): Promise<Encoded | undefined> {
  const pieces: EncodedPiece[] = [];
  let done = 0;
  let shown = 0;
  while (done < count) {
    const piece = await client.request('encodePiece', { split, from: done, count: Math.min(live ? LIVE_PIECE : PIECE, count - done) });
    if (signal.aborted) return undefined;
    if (piece.count === 0) break;
    pieces.push(piece);
    done += piece.count;
    onProgress(done);
    if (done < count && done >= 2 * shown) {
      shown = done;
      onPart(joined(pieces, split, size));
    }
  }
  return joined(pieces, split, size);
}

function joined(pieces: readonly EncodedPiece[], split: Split, size: number): Encoded {
  const [first, last] = [pieces[0], pieces.at(-1)];
  const all = (part: (piece: EncodedPiece) => Float32Array | undefined): Float32Array => {
    const parts = pieces.flatMap((piece) => part(piece) ?? []);
    const whole = new Float32Array(parts.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const values of parts) {
      whole.set(values, at);
      at += values.length;
    }
    return whole;
  };
  return {
    split, size, steps: [first?.step ?? 0, last?.step ?? 0], count: pieces.reduce((sum, piece) => sum + piece.count, 0),
    means: all((piece) => piece.means), logVariances: all((piece) => piece.logVariances), reconstruction: all((piece) => piece.reconstruction), kl: all((piece) => piece.kl),
    ...(first?.labels ? { labels: all((piece) => piece.labels) } : {}), ...(first?.factors ? { factors: all((piece) => piece.factors) } : {}),
  };
}
