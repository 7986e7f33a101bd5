import { triedByAuto, usable, type DoctorReport, type ProbedEngine } from './doctor';

/** A text with places {0}, {1}, ... filled in, in the reader's language. */
export type Translate = (text: string, ...values: (string | number)[]) => string;
/** Says things in English. */
export const inEnglish: Translate = (text, ...values) => text.replace(/\{(\d)\}/g, (_, index: string) => String(values[Number(index)] ?? ''));

/** The one next thing to do about an engine, or what should be known of it; nothing where it simply works. */
export function nextStep({ engine, probe }: ProbedEngine, { forGpu, machine }: Pick<DoctorReport, 'forGpu' | 'machine'>, t: Translate): string | undefined {
  switch (probe.outcome) {
    case 'works':
      if (probe.gate && !probe.gate.passed) return t('Gives wrong gradients (relative difference {0} from {1}): it is not used. Set it up again, or tell its developers.', probe.gate.error.toExponential(1), probe.gate.oracle);
      if (probe.notice !== undefined) return t(probe.notice);
      return engine === 'tensorflow' && forGpu && !probe.device.startsWith('GPU') ? t('It was set up for the CPU. It can train on the GPU: set it up again by "VAE Lab: Set Up TensorFlow Engine" or vae-lab setup-engine tensorflow --gpu.') : undefined;
    case 'absent':
      if (machine.platform === 'win32') return t('TensorFlow cannot be set up on Windows itself. Open the folder in WSL and set it up there, or train with another engine.');
      return engine === 'tensorflow' && forGpu ? t('Not set up. It can train on the GPU: set it up by "VAE Lab: Set Up TensorFlow Engine" or vae-lab setup-engine tensorflow --gpu.')
      : t('Not set up. Set it up by "VAE Lab: Set Up TensorFlow Engine" or vae-lab setup-engine tensorflow.');
    case 'failed': return t(probe.message);
  }
}

/** An engine's cells: device, right gradients, ms a step, memory in MB. */
export function cellsOf({ engine, probe }: ProbedEngine, t: Translate): readonly [string, string, string, string] {
  if (probe.outcome !== 'works') return ['-', '-', '-', '-'];
  const right = probe.gate ? `${probe.gate.passed ? t('yes') : t('no')} (${probe.gate.error.toExponential(0)})` : engine === 'cpu' ? t('oracle') : '-';
  return [t(probe.device), right, probe.msPerStep.toFixed(1), String(Math.round(probe.peakRssMb))];
}
export const headings = (t: Translate): readonly [string, string, string, string, string] => [t('Engine'), t('Device'), t('Right gradients'), t('ms a step'), t('Memory, MB')];

/** Which engine `auto` takes, and why. */
export function autoSentence({ engines, auto }: Pick<DoctorReport, 'engines' | 'auto'>, t: Translate): string {
  const tried = triedByAuto(engines);
  const taken = tried.find(({ engine }) => engine === auto);
  if (auto === undefined || !taken) return t('No engine works here. Open the log, and see what each says above.');
  if (tried.filter(({ probe }) => usable(probe)).length === 1) return t('"auto" takes {0}: no other engine works here.', auto);
  if (auto === 'tensorflow' && taken.probe.outcome === 'works' && taken.probe.device.startsWith('GPU')) return t('"auto" takes {0}: it computes on a GPU, and gives right gradients.', auto);
  if (auto === 'webgpu') return t('"auto" takes {0}: it gives right gradients, and was measured faster on this model than all others.', auto);
  return t('"auto" takes {0}: the first that works and gives right gradients of those tried in this order: {1}.', auto, tried.map(({ engine }) => engine).join(', '));
}

const inMb = (memoryMb: number | undefined): string[] => (memoryMb === undefined ? [] : [`${memoryMb} MB`]);
/** What the machine is and has, a line each. */
export function machineLines({ version, node, machine, gpus, adapters, cuda }: Pick<DoctorReport, 'version' | 'node' | 'machine' | 'gpus' | 'adapters' | 'cuda'>, t: Translate): string[] {
  return [
    `VAE Lab ${version}, ${machine.platform} ${machine.arch}, ${t('{0} cores', machine.cores)} (${machine.cpu}), ${machine.memoryGb.toFixed(0)} GB`,
    `Node ${node.version}: ${node.path}`,
    ...(gpus.length === 0 ? [t('No NVIDIA GPU answers (nvidia-smi).')] : gpus.map(({ name, driver, memoryMb, capability }) => t('GPU: {0}', [name, ...inMb(memoryMb), t('driver {0}', driver), ...(capability === undefined ? [] : [t('compute capability {0}', capability)])].join(', ')))),
    ...(adapters.length === 0 ? [t('The system tells of no graphics adapter.')] : adapters.map(({ name, way, driver, memoryMb, software }) => t('Graphics adapter, by {0}: {1}', way, [name, ...(driver === undefined ? [] : [t('driver {0}', driver)]), ...inMb(memoryMb), ...(software ? [t('made of software: the processor computes')] : [])].join(', ')))),
    ...(cuda.version === undefined ? [] : [t('NVIDIA\'s driver runs CUDA {0} and older.', cuda.version)]),
    cuda.libraries.length === 0 ? t('No CUDA libraries were found.') : t('CUDA libraries: {0}', cuda.libraries.join(', ')),
  ];
}

/** On what engines were measured, and how. */
export function measuredSentence({ model, modelNotice }: Pick<DoctorReport, 'model' | 'modelNotice'>, t: Translate): string {
  if (model) return t('Measured on the model {0} ({1}, batch size {2}) for about two seconds each, on images drawn at random; gradients are compared on four images.', model.name, model.file.split(/[\\/]/).at(-1) ?? '', model.batchSize);
  const reference = t('Measured on the reference VAE (784-400-20, batch size 128) for about two seconds each; gradients are compared on four images. A model of yours may need what an engine lacks: then "auto" says so in the panel.');
  return modelNotice === undefined ? reference : `${t('The model could not be measured: {0}', t(modelNotice))} ${reference}`;
}
export const triedSentence = (t: Translate): string => t('The engine tensorflow has been run by its developers on the CPU only, and webgpu on a graphics card made of software: neither yet on a real one.');

/** Rows of a Markdown table whose columns stand below one another in a terminal too. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((cells) => (cells[column] ?? '').length)));
  return rows.map((cells) => `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`);
}

/** The report as Markdown, in the reader's language. */
export function doctorText(report: DoctorReport, t: Translate = inEnglish): string {
  const rows = [headings(t), ['---', '---', '---', '---:', '---:'], ...report.engines.map((each) => [each.engine, ...cellsOf(each, t)])];
  const notes = report.engines.flatMap((each) => { const said = nextStep(each, report, t); return said === undefined ? [] : [`- ${each.engine}: ${said}`]; });
  return [
    `# ${t('VAE Lab: Engine Doctor')}`, '', ...machineLines(report, t).map((line) => `- ${line}`),
    '', ...aligned(rows.map((cells) => cells.map((cell) => cell.replaceAll('|', '\\|')))), '',
    ...(notes.length === 0 ? [] : [...notes, '']),
    autoSentence(report, t), '', measuredSentence(report, t), '', triedSentence(t), '',
  ].join('\n');
}
