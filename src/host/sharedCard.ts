import type { Manifest } from '../protocol/run';
import { listRuns } from '../runs/registry';

/** The card in what a device is called, such as "GPU, NVIDIA H200, TensorFlow 2.21.0"; WebGPU, which takes one of them, names none. */
const cardIn = (device: string): string | undefined => /^GPU, (.+), TensorFlow/.exec(device)?.[1] ?? /^WebGPU/.exec(device)?.[0];

/** That another run has the card on which this one trains, in a sentence: its memory may be what is missing. */
export async function sharedCard({ id, device }: Pick<Manifest, 'id' | 'device'>): Promise<string | undefined> {
  const card = cardIn(device);
  if (card === undefined) return undefined;
  const other = (await listRuns().catch(() => [])).find(({ live, manifest }) => live && manifest.id !== id && cardIn(manifest.device) === card)?.manifest;
  return other ? `The run ${other.id} of ${other.modelName} is on the same card: they share its memory and its time.` : undefined;
}
