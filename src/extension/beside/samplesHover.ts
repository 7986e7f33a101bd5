import * as vscode from 'vscode';
import { samplesInWords } from '../../protocol/samplesInWords';
import { commandIds, type CommandName } from '../contributions';
import { hostSentence } from '../hostSentence';
import { stateText } from '../modelFiles/lensTitles';
import type { ModelReference } from '../modelFiles/modelFiles';
import type { Glimpse } from './glimpse';
import { pngUriWithin } from './pictureUri';

const COUNT = 64;
const COLUMNS = 8;
const EXAMPLES = 4;
const SIDE = 144; // all of it fits into a hover without scrolling
/** Characters of each picture: the editor cuts a hover at 100,000. */
const [GRID_SHARE, EXAMPLES_SHARE] = [70_000, 20_000];

const picture = (uri: string, width: number, alt: string): string => `<img src="${uri}" width="${width}" alt="${alt.replaceAll('"', '')}">`;
const link = (title: string, command: CommandName, model: ModelReference): string => `[${title}](command:${commandIds[command]}?${encodeURIComponent(JSON.stringify([model]))})`;

/** 64 samples, four held-out examples above their reconstructions, and what can be done about them. */
export async function samplesHover(text: vscode.MarkdownString, glimpse: Glimpse, model: ModelReference): Promise<void> {
  const { run, seed } = glimpse;
  const links = [link(vscode.l10n.t('Sample again'), 'sampleAgain', model), link(vscode.l10n.t('Open panel'), 'openPanel', model), ...(seed === glimpse.fixedSeed ? [] : [link(vscode.l10n.t('Use as fixed z'), 'fixSamples', model)])];
  text.appendMarkdown('**').appendText(model.name).appendMarkdown('** \u00b7 ').appendText(stateText(run.manifest, vscode.l10n.t, hostSentence)).appendMarkdown(` \u00b7 ${links.join(' \u00b7 ')}\n\n`);
  if (run.manifest.state.kind === 'preparing') return;
  const host = await run.host();
  const count = Math.min(EXAMPLES, run.manifest.testCount || EXAMPLES); // 0: an old run does not tell
  const [samples, { originals, reconstructions }] = await Promise.all([host.request('sample', { count: COUNT, seed }), host.request('reconstruct', { indices: Array.from({ length: count }, (_, i) => i) })]);
  const grid = picture(pngUriWithin([samples], COLUMNS, GRID_SHARE), SIDE, samplesInWords(COUNT, run.manifest.prior, vscode.l10n.t));
  const examples = picture(pngUriWithin([originals, reconstructions], count, EXAMPLES_SHARE), SIDE, vscode.l10n.t('{0} held-out examples above their reconstructions', count));
  text.appendMarkdown(`| ${vscode.l10n.t('Samples, seed {0}', seed)}&nbsp;&nbsp; | ${vscode.l10n.t('Reconstructions')} |\n|:--|:--|\n| ${grid} | ${examples} |`);
}
