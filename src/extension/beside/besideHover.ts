import * as vscode from 'vscode';
import { commandIds } from '../contributions';
import { hostSentence } from '../hostSentence';
import type { ModelFiles, ModelReference } from '../modelFiles/modelFiles';
import { errorText } from '../../protocol/errorText';
import type { ModelInText, TextRange } from '../../spec/findModels';
import { besideSettings } from './besideSettings';
import type { Glimpse, Glimpses } from './glimpse';
import type { ShownRun } from './insideCode';
import { latentHover } from './latentHover';
import { partLabel } from './partLabel';
import { partsNow, weightText } from './partsText';
import { samplesHover } from './samplesHover';

type What = 'samples' | 'objective' | 'latent';

/** What the ends of lines show, larger and in words; also at the words that they are about, for who has no mouse. */
export class BesideHover implements vscode.HoverProvider {
  constructor(private readonly files: ModelFiles, private readonly shownRun: ShownRun, private readonly glimpses: Glimpses) {}

  async provideHover(document: vscode.TextDocument, position: vscode.Position): Promise<vscode.Hover | undefined> {
    for (const model of this.files.models(document)) {
      const what = aboutWhat(model, document, position);
      const run = what && this.shownRun(document.uri.fsPath, model.name);
      if (!run || !besideSettings(document.uri)[what]) continue;
      const text = new vscode.MarkdownString();
      text.supportHtml = true;
      text.isTrusted = { enabledCommands: [commandIds.sampleAgain, commandIds.fixSamples, commandIds.openPanel] };
      try {
        await fill[what](text, this.glimpses.of(run), { file: document.uri.fsPath, name: model.name });
      } catch (error) {
        text.appendText(hostSentence(errorText(error)));
      }
      return new vscode.Hover(text);
    }
    return undefined;
  }
}

function aboutWhat({ name, range, options }: ModelInText, document: vscode.TextDocument, position: vscode.Position): What | undefined {
  const isAt = (place: TextRange | undefined): boolean => place?.line === position.line
    && (position.character >= document.lineAt(position.line).text.length || (position.character >= place.column && position.character <= place.column + place.end - place.start));
  const named: TextRange = { ...range, end: range.start + name.length };
  return isAt(named) ? 'samples' : isAt(options['objective']) ? 'objective' : isAt(options['latentDim']) ? 'latent' : undefined;
}

const fill: { readonly [W in What]: (text: vscode.MarkdownString, glimpse: Glimpse, model: ModelReference) => Promise<void> } = {
  samples: samplesHover,
  latent: latentHover,
  objective: (text, { run: { manifest, point, snapshot } }) => {
    if (!point) text.appendText(vscode.l10n.t('No step is computed yet.'));
    else {
      text.appendMarkdown(`${vscode.l10n.t('Step {0}, {1}, nats per example', point.step.toLocaleString(vscode.env.language), point.split === 'test' ? vscode.l10n.t('held-out') : vscode.l10n.t('training'))}\n\n`);
      const weight = (value: number | undefined, name?: string): string => (value === undefined ? '?' : `${weightText(value)}${name === undefined ? '' : ` (${name})`}`);
      const rows = partsNow(point, manifest, snapshot.marks).map((part) => `| ${partLabel(part.name)} | ${part.value.toFixed(2)} | ${weight(part.weight, part.hyperparameter)} | ${part.weight === undefined ? '' : (part.value * part.weight).toFixed(2)} |`);
      text.appendMarkdown([`| ${vscode.l10n.t('Part')} | ${vscode.l10n.t('Value')} | ${vscode.l10n.t('Weight')} | ${vscode.l10n.t('In the loss')} |`, '|:--|--:|--:|--:|', ...rows, `| **${vscode.l10n.t('Loss')}** | | | **${point.loss.toFixed(2)}** |`].join('\n'));
    }
    return Promise.resolve();
  },
};
