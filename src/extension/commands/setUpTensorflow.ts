import path from 'node:path';
import * as vscode from 'vscode';
import { inWords } from '../../components/disk';
import { inspectTensorflow, planSetUp, removeTensorflow, SetUpError, setUpTensorflow, type SetUpPlan, type Source, type Variant } from '../../components/tensorflow';
import { commandIds, settingIds } from '../contributions';
import { hostSentence } from '../hostSentence';
import { configuredNode } from '../training/hostSettings';

interface Way { readonly variant: Variant; readonly source: Source; readonly plan: SetUpPlan }
type Item = vscode.QuickPickItem & ({ readonly way: Way } | { readonly remove: true });

const ways: readonly (readonly [Variant, Source])[] = [['cpu', 'pypi'], ['gpu', 'pypi'], ['cpu', 'npm'], ['gpu', 'npm']];

/** Every way that there is for this machine; a set-up that is not offered here throws. */
async function offered(): Promise<Way[]> {
  const all = await Promise.all(ways.map(([variant, source]) => planSetUp(variant, source).then((plan) => [{ variant, source, plan }], (error: unknown) => { if (error instanceof SetUpError) return []; throw error; })));
  return all.flat();
}

function itemOf(way: Way): Item {
  const { variant, source, plan } = way;
  return {
    label: variant === 'gpu' ? vscode.l10n.t('TensorFlow {0} for NVIDIA GPUs', plan.tensorflow) : vscode.l10n.t('TensorFlow {0} for the CPU', plan.tensorflow),
    description: vscode.l10n.t('download {0}, {1} on disk', inWords(plan.downloadBytes), inWords(plan.diskBytes)),
    detail: source === 'pypi' ? vscode.l10n.t('From the Python package index; no Python is needed') : vscode.l10n.t('From the storage of the npm package; older'),
    way,
  };
}

async function remove(): Promise<void> {
  const yes = vscode.l10n.t('Remove');
  if (await vscode.window.showWarningMessage(vscode.l10n.t('Remove TensorFlow from this machine? Trainings that use it now go on to their end.'), { modal: true }, yes) !== yes) return;
  await removeTensorflow();
  void vscode.window.showInformationMessage(vscode.l10n.t('TensorFlow is removed.'));
}

/** Told the size, the person agrees; then download, compilation and trial with progress that can be cancelled. */
async function setUp({ variant, source, plan }: Way, extensionFolder: string): Promise<void> {
  if (!plan.possible) throw new SetUpError(plan.needs.at(-1) ?? '');
  const yes = vscode.l10n.t('Download and Set Up');
  const detail = [vscode.l10n.t('It downloads {0} and takes {1} in {2}, where {3} are free.', inWords(plan.downloadBytes), inWords(plan.diskBytes), plan.folder, inWords(plan.freeBytes)), ...plan.needs.map(hostSentence)].join('\n\n');
  if (await vscode.window.showInformationMessage(vscode.l10n.t('Set up TensorFlow {0}?', plan.tensorflow), { modal: true, detail }, yes) !== yes) return;
  const node = await configuredNode();
  const cancel = new AbortController();
  try {
    const { state, gpu, notice } = await vscode.window.withProgress({ location: vscode.ProgressLocation.Notification, title: vscode.l10n.t('Set up TensorFlow'), cancellable: true }, (progress, token) => {
      token.onCancellationRequested(() => { cancel.abort(); });
      return setUpTensorflow({
        variant, source, node: node.path, dist: path.join(extensionFolder, 'dist'), signal: cancel.signal,
        onProgress: (what, fraction) => { progress.report({ message: fraction === undefined ? hostSentence(what) : vscode.l10n.t('{0}: {1} %', hostSentence(what), Math.round(fraction * 100)) }); },
      });
    });
    const text = gpu ? vscode.l10n.t('TensorFlow {0} is set up and works on the GPU.', state.tensorflow) : vscode.l10n.t('TensorFlow {0} is set up and works on the CPU.', state.tensorflow);
    await offerEngine(notice === undefined ? text : hostSentence(notice));
  } catch (error) {
    if (!cancel.signal.aborted) throw error;
    void vscode.window.showInformationMessage(vscode.l10n.t('The set-up of TensorFlow was cancelled. What was downloaded is kept: run the command again to go on.'));
  }
}

/** Tells that it works, and what may be done with it. */
async function offerEngine(text: string): Promise<void> {
  const settings = vscode.workspace.getConfiguration();
  const [use, doctor] = [vscode.l10n.t('Train With It'), vscode.l10n.t('Engine Doctor')];
  const taken = ['auto', 'tensorflow'].includes(settings.get<string>(settingIds.engine) ?? 'auto');
  const chosen = await vscode.window.showInformationMessage(taken ? vscode.l10n.t('{0} The next training uses it.', text) : text, ...(taken ? [doctor] : [use, doctor]));
  if (chosen === use) await settings.update(settingIds.engine, 'tensorflow', vscode.ConfigurationTarget.Global);
  if (chosen === doctor) await vscode.commands.executeCommand(commandIds.doctor);
}

/** Sets the TensorFlow component up, changes it, or removes it. */
export async function setUpTensorflowEngine(extensionFolder: string): Promise<void> {
  const state = await inspectTensorflow();
  const items: Item[] = (await offered()).map(itemOf);
  if (state.kind !== 'absent') items.push({ label: vscode.l10n.t('$(trash) Remove TensorFlow'), description: state.kind === 'installed' ? inWords(state.bytes) : '', detail: state.folder, remove: true });
  if (items.length === 0) throw new SetUpError('There is no TensorFlow library for this machine. Train with another engine.');
  const chosen = await vscode.window.showQuickPick(items, {
    title: vscode.l10n.t('Set Up TensorFlow Engine'),
    placeHolder: state.kind === 'broken' ? hostSentence(state.why) : state.kind === 'installed' ? vscode.l10n.t('TensorFlow {0} is set up. Choose what to do.', state.tensorflow) : vscode.l10n.t('TensorFlow\'s own library: faster, convolutions too, and NVIDIA GPUs'),
  });
  if (!chosen) return;
  if ('remove' in chosen) await remove(); else await setUp(chosen.way, extensionFolder);
}
