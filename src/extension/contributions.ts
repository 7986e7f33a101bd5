/** Commands, settings and views by name; package.json is held against them by a test. */
export const commandIds = {
  train: 'vaeLab.train', pause: 'vaeLab.pause', resume: 'vaeLab.resume', stop: 'vaeLab.stop', branch: 'vaeLab.branch', applyEdits: 'vaeLab.applyEdits', branchHere: 'vaeLab.branchHere', restart: 'vaeLab.restart', setHyperparameter: 'vaeLab.setHyperparameter', sample: 'vaeLab.sample',
  explore: 'vaeLab.explore', newModelFile: 'vaeLab.newModelFile', showRuns: 'vaeLab.showRuns', openLog: 'vaeLab.openLog', openPanel: 'vaeLab.openPanel', setUpTensorflow: 'vaeLab.setUpTensorflow', doctor: 'vaeLab.doctor',
  sampleAgain: 'vaeLab.sampleAgain', fixSamples: 'vaeLab.fixSamples', previewSamples: 'vaeLab.previewSamples', exportRun: 'vaeLab.exportRun', evaluate: 'vaeLab.evaluate', useFor: 'vaeLab.useFor', showDisk: 'vaeLab.showDisk',
} as const;
export type CommandName = keyof typeof commandIds;
export const settingIds = { nodePath: 'vaeLab.nodePath', engine: 'vaeLab.engine', checkpointEvery: 'vaeLab.checkpointEvery', dataFolder: 'vaeLab.dataFolder', dataMirrors: 'vaeLab.dataMirrors',
  samplesInCode: 'vaeLab.samplesInCode', objectiveInCode: 'vaeLab.objectiveInCode', latentInCode: 'vaeLab.latentInCode' } as const;
export const contextKeys = { live: 'vaeLab.live' } as const;
export const modelFilePattern = '**/*.vae.{ts,js}';
export const panelViewType = 'vaeLab.run';
export const previewViewType = 'vaeLab.preview';
export const runsViewType = 'vaeLab.runs';
export const doctorViewType = 'vaeLab.doctor';
