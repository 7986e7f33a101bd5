import * as z from 'zod';

/** What came of starting one engine in a process of its own: whether it works here, gives right gradients, and how fast it is. */
export const probeSchema = z.discriminatedUnion('outcome', [
  z.object({
    outcome: z.literal('works'),
    /** In words, such as "CPU, TensorFlow.js wasm". */
    device: z.string(),
    notice: z.string().optional(),
    /** From nothing to a model that is built. */
    startMs: z.number(),
    /** Gradients of the reference model against an oracle's; absent for the oracle itself. */
    gate: z.object({ passed: z.boolean(), error: z.number(), oracle: z.string() }).optional(),
    /** Median of a step of the reference model, batch size 128. */
    msPerStep: z.number(),
    steps: z.number().int(),
    /** Of the process, with the model. */
    peakRssMb: z.number(),
  }),
  /** `absent`: nobody set it up. `failed`: it should work and does not. */
  z.object({ outcome: z.literal('absent'), message: z.string() }),
  z.object({ outcome: z.literal('failed'), message: z.string() }),
]);
export type Probe = z.infer<typeof probeSchema>;

export interface DoctorReport {
  readonly version: string;
  readonly node: { readonly path: string; readonly version: string };
  readonly machine: { readonly platform: string; readonly arch: string; readonly cores: number; readonly cpu: string; readonly memoryGb: number };
  readonly gpus: readonly { readonly name: string; readonly driver: string; readonly memoryMb: number; readonly capability: string }[];
  readonly engines: readonly { readonly engine: string; readonly probe: Probe }[];
  /** What `auto` takes for the reference model. */
  readonly auto?: string;
}

type Works = Extract<Probe, { outcome: 'works' }>;
/** Whether `auto` may take it. */
export const usable = (probe: Probe): probe is Works => probe.outcome === 'works' && probe.gate?.passed !== false;
/** Engines in the order in which `auto` tries them. */
export const chosenByAuto = (engines: DoctorReport['engines']): string | undefined => engines.find(({ probe }) => usable(probe))?.engine;

/** A text with places {0}, {1}, ... filled in, in the reader's language. */
export type Translate = (text: string, ...values: (string | number)[]) => string;
/** Says things in English. */
export const inEnglish: Translate = (text, ...values) => text.replace(/\{(\d)\}/g, (_, index: string) => String(values[Number(index)] ?? ''));

/** What should be known of an engine, or done about it; nothing where it simply works. */
function verdict({ engine, probe }: DoctorReport['engines'][number], gpus: DoctorReport['gpus'], t: Translate): string | undefined {
  switch (probe.outcome) {
    case 'works':
      if (probe.gate && !probe.gate.passed) return t('Gives wrong gradients (relative difference {0} from {1}): it is not used. Set it up again, or tell its developers.', probe.gate.error.toExponential(1), probe.gate.oracle);
      return probe.notice === undefined ? undefined : t(probe.notice);
    case 'absent': return engine === 'tensorflow' && gpus.length > 0 ? t('Not set up. It can train on the GPU: set it up by "VAE Lab: Set Up TensorFlow Engine" or vae-lab setup-engine tensorflow --gpu.')
      : t('Not set up. Set it up by "VAE Lab: Set Up TensorFlow Engine" or vae-lab setup-engine tensorflow.');
    case 'failed': return t(probe.message);
  }
}

/** Rows of a Markdown table whose columns stand below one another in a terminal too. */
function aligned(rows: readonly (readonly string[])[]): string[] {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((cells) => (cells[column] ?? '').length)));
  return rows.map((cells) => `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`);
}

/** The report as Markdown, in the reader's language. */
export function doctorText(report: DoctorReport, t: Translate = inEnglish): string {
  const { node, machine, gpus, engines, auto } = report;
  const rows = engines.map(({ engine, probe }) => {
    const works = probe.outcome === 'works';
    const right = !works ? '-' : !probe.gate ? t('oracle') : `${probe.gate.passed ? t('yes') : t('no')} (${probe.gate.error.toExponential(0)})`;
    return [engine, works ? probe.device : '-', right, works ? probe.msPerStep.toFixed(1) : '-', works ? String(Math.round(probe.peakRssMb)) : '-'];
  });
  const header = [[t('Engine'), t('Device'), t('Right gradients'), t('ms a step'), t('Memory, MB')], ['---', '---', '---', '---:', '---:']];
  const table = aligned([...header, ...rows].map((cells) => cells.map((cell) => cell.replaceAll('|', '\\|'))));
  const notes = engines.flatMap((each) => { const said = verdict(each, gpus, t); return said === undefined ? [] : [`- ${each.engine}: ${said}`]; });
  const others = engines.filter(({ engine, probe }) => engine !== auto && usable(probe)).map(({ engine }) => engine);
  return [
    `# ${t('VAE Lab: Engine Doctor')}`, '',
    `- VAE Lab ${report.version}, ${machine.platform} ${machine.arch}, ${t('{0} cores', machine.cores)} (${machine.cpu}), ${machine.memoryGb.toFixed(0)} GB`,
    `- Node ${node.version}: ${node.path}`,
    ...(gpus.length === 0 ? [`- ${t('No NVIDIA GPU answers (nvidia-smi).')}`] : gpus.map(({ name, driver, memoryMb, capability }) => `- ${t('GPU: {0}, {1} MB, driver {2}, compute capability {3}', name, memoryMb, driver, capability)}`)),
    '', ...table, '',
    ...(notes.length === 0 ? [] : [...notes, '']),
    auto === undefined ? t('No engine works here. Open the log, and see what each says above.')
      : others.length === 0 ? t('"auto" takes {0}: no other engine works here.', auto) : t('"auto" takes {0}: the first that works and gives right gradients of those tried in this order: {1}.', auto, engines.map(({ engine }) => engine).join(', ')),
    '', t('Measured on the reference VAE (784-400-20, batch size 128) for about two seconds each; gradients are compared on four images. A model of yours may need what an engine lacks: then "auto" says so in the panel.'),
    '', t('The engine tensorflow has been run by its developers on the CPU only, not yet on a GPU.'), '',
  ].join('\n');
}
