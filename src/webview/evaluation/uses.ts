import type { Protocol } from '../../protocol/evaluation';
import { part, type ImageStrip } from '../../protocol/images';
import type { Manifest } from '../../protocol/run';
import type { Damage, Use } from '../../protocol/usesApi';
import type { PanelClient } from '../store';
import { decimal, t, whole } from '../text';

/** What came of trying a model, in words, in pictures, and on what it depends. */
export interface Answer { readonly words: string; readonly strips: readonly ImageStrip[]; readonly columns: number; readonly label: string; readonly protocol: Protocol }
/** What a use is told beside the model. */
export interface UseOptions {
  /** A class by its number; none: the worst of all classes. */
  readonly outlier?: number | undefined;
  /** Classes by their numbers. */
  readonly from: number;
  readonly to: number;
}

/** Examples that numbers are taken over, and pictures shown beside one another. */
const [EXAMPLES, SHOWN] = [1000, 8];
const [SIGMA, BOX] = [0.3, 12];

async function mended(client: PanelClient, damage: Damage): Promise<Answer> {
  const { originals, damaged, mended: back, before, after, protocol } = await client.request('mend', { damage, examples: EXAMPLES, shown: SHOWN });
  return { words: t('Mean squared error: {0} damaged, {1} mended', decimal(before, 4), decimal(after, 4)), strips: [originals, damaged, back], columns: originals.count, label: t('{0} examples, damaged, and mended', originals.count), protocol };
}

async function compressed(client: PanelClient): Promise<Answer> {
  const { file, first, count, lossless, squaredError, bits, protocol = {} } = await client.request('compress', { examples: EXAMPLES });
  const { pictures } = await client.request('decompress', { file });
  const sizes = t('{0} pictures in {1} bytes: {2} bits or {3} nats each, {4} bits of them for the code; {5} bits as they are, {6} by deflate.', whole(count), whole(file.length), whole(bits.file), whole(bits.file * Math.LN2), whole(bits.codes), whole(bits.raw), whole(bits.deflate));
  const restored = lossless ? t('They come back bit by bit.') : t('What comes back are the reconstructions, with a squared error of {0} a pixel.', decimal(squaredError, 4));
  return { words: `${sizes} ${restored}`, strips: [first, part(pictures, 0, first.count)], columns: first.count, label: t('{0} examples, and below each what comes back', first.count), protocol };
}

const ways: { readonly [U in Use]: (client: PanelClient, options: UseOptions, manifest: Manifest) => Promise<Answer> } = {
  async anomalies(client, { outlier }) {
    const { auc, pictures, protocol } = await client.request('anomalies', { examples: EXAMPLES, ...(outlier === undefined ? {} : { outlier }) });
    return {
      words: auc ? t('Area under the ROC curve: {0} \u00b1 {1}', decimal(auc.value, 3), decimal(auc.standardError, 3)) : t('The examples that the model explains worst, worst first'),
      strips: [pictures], columns: SHOWN, label: t('{0} examples of the highest scores', pictures.count), protocol,
    };
  },
  denoise: (client) => mended(client, { kind: 'gaussianNoise', sigma: SIGMA }),
  complete: (client, _, { imageShape: [height, width] }) => mended(client, { kind: 'maskBox', height: Math.min(BOX, height), width: Math.min(BOX, width) }),
  async attribute(client, { from, to }) {
    const { columns, pictures, protocol } = await client.request('attribute', { from, to });
    return {
      words: t('Examples of class {0}, moved from left to right by 0 to 1.25 of the difference between the mean codes of the classes {1} and {0}', from, to),
      strips: [pictures], columns, label: t('{0} examples of class {1} in {2} strengths', pictures.count / columns, from, columns), protocol,
    };
  },
  compress: compressed,
};

/** Tries a model on held-out examples. @throws what the host says */
export const tryUse = (client: PanelClient, use: Use, options: UseOptions, manifest: Manifest): Promise<Answer> => ways[use](client, options, manifest);
