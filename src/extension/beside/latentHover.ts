import * as vscode from 'vscode';
import { part } from '../../protocol/images';
import { dimensionsByKl } from '../../latent/statistics';
import type { Glimpse } from './glimpse';
import { latentUseText } from './latentUse';
import { pngUriWithin } from './pictureUri';

/** Traversals of so many dimensions, in so many pictures each: the editor cuts a hover at 100,000 characters. */
const [TRAVERSED, FRAMES] = [8, 9];
const SHARE = 8000;
const FRAME_SIDE = 24;

/** Each dimension's KL, the most first, and what moving along the first ones does, from the middle of the space as far as views of it reach. */
export async function latentHover(text: vscode.MarkdownString, glimpse: Glimpse): Promise<void> {
  const { run } = glimpse;
  if (run.manifest.state.kind === 'preparing') {
    text.appendText(vscode.l10n.t('No step is computed yet.'));
    return;
  }
  if (!glimpse.hasKl) {
    text.appendText(vscode.l10n.t('A code of this model is a point, which has no KL divergence.'));
    return;
  }
  const use = await glimpse.measure();
  const order = dimensionsByKl(Float64Array.from(use.kl ?? use.variance));
  const size = use.active.length;
  const numbers = use.kl ?? use.variance;
  const shown = order.slice(0, TRAVERSED);
  const [low, high] = run.manifest.prior.range;
  const z = new Float32Array(shown.length * FRAMES * size);
  shown.forEach((dimension, row) => { for (let frame = 0; frame < FRAMES; frame++) z[(row * FRAMES + frame) * size + dimension] = low + (high - low) * frame / (FRAMES - 1); });
  const decoded = await (await run.host()).request('decode', { z, quiet: true });
  const rows = shown.map((dimension, row) => {
    const picture = `<img src="${pngUriWithin([part(decoded, row * FRAMES, (row + 1) * FRAMES)], FRAMES, SHARE)}" height="${FRAME_SIDE}" alt="${vscode.l10n.t('Traversal of z{0}', dimension)}">`;
    return `| z${dimension} | ${(numbers[dimension] ?? 0).toFixed(2)} | ${picture} |`;
  });
  const over = glimpse.encoded === undefined ? '' : ` \u00b7 ${vscode.l10n.t('over {0} held-out examples', glimpse.encoded)}`;
  text.appendMarkdown(`${latentUseText(use, vscode.l10n.t, glimpse.jointKl)}${over}\n\n${use.kl ? '' : `${vscode.l10n.t('The prior is of all dimensions together, so the KL divergence exists of all of them only, not of one.')}\n\n`}| | ${use.kl ? 'KL' : vscode.l10n.t('variance')}&nbsp;&nbsp; | ${vscode.l10n.t('from {0} to {1}', low, high)} |\n|:--|--:|:--|\n${rows.join('\n')}\n\n`);
  const others = order.slice(TRAVERSED).map((dimension) => `z${dimension} ${(numbers[dimension] ?? 0).toFixed(2)}`);
  if (others.length > 0) text.appendMarkdown(`${use.kl ? vscode.l10n.t('The others, KL in nats: {0}', others.join(', ')) : vscode.l10n.t('The others, variance of the posterior means: {0}', others.join(', '))}`);
}
