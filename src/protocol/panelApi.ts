import * as z from 'zod';
import { lookSchema } from './fineTracks';
import { latentItemSchema } from './latentItems';
import { hostEvents, hostRequests, imageStripSchema } from './hostApi';
import { momentPicturesSchema } from './moments';
import { panelRunSchema } from './panelRun';
import { savedFileSchema } from './savedFile';
import { packedTrackSchema } from './tracks';
import { useSchema } from './usesApi';

/** The panel's tabs. */
export const panelViewSchema = z.enum(['training', 'samples', 'latent', 'evaluation']);
export type PanelView = z.infer<typeof panelViewSchema>;
/** The tab that is asked for, and what is to be tried there. */
export const viewAskedSchema = z.object({ view: panelViewSchema, use: useSchema.optional() });
export type ViewAsked = z.infer<typeof viewAskedSchema>;

/** What a panel is about; kept by the editor over a reload, so it is validated when it comes back. */
export const panelSubjectSchema = z.object({ file: z.string(), name: z.string(), runId: z.string().optional() });
export type PanelSubject = z.infer<typeof panelSubjectSchema>;

/** Something the person should know: an error with what can be done about it, or what is being waited for. */
export const noticeSchema = z.object({
  kind: z.enum(['error', 'waiting']),
  text: z.string(),
  actions: z.array(z.enum(['resume', 'train', 'openLog', 'openModelFile'])),
});
export type Notice = z.infer<typeof noticeSchema>;

/** What is known of a model's file as it is now: whether it is there, and the numbers of the model that stand in it, by their names. */
export const modelFileSchema = z.object({ isThere: z.boolean(), numbers: z.record(z.string(), z.number()) });
export type ModelFile = z.infer<typeof modelFileSchema>;

/** The extension's own commands that a panel may run on its model. */
export const panelCommandSchema = z.enum(['openLog', 'setHyperparameter', 'resume', 'branch', 'train', 'openModelFile', 'restoreModelFile']);
export type PanelCommandName = z.infer<typeof panelCommandSchema>;

/** A way out where a loss diverged, its title in the editor's language. */
export const divergenceOfferSchema = z.object({ kind: z.enum(['branch', 'lowerLearningRate', 'clipGradients', 'boundLogVariance']), title: z.string() });
export type DivergenceOffer = z.infer<typeof divergenceOfferSchema>;

const none = z.object({}).strict();
const { hello: _hello, shutdown: _shutdown, snapshot: _snapshot, manifest: _manifest, saveCheckpoint: _saveCheckpoint, applyModel: _applyModel, moveModel: _moveModel, giveWay: _giveWay, ...runRequests } = hostRequests;

/**
 * Panel -> extension. Calls on the run are the host's own, passed on by the extension, which starts a viewer where no host is left. A hidden panel
 * gets no events: it asks for `panelSnapshot` when it is shown again.
 */
export const panelRequests = {
  ...runRequests,
  panelSnapshot: {
    params: none,
    result: z.object({
      subject: panelSubjectSchema, ...viewAskedSchema.shape, run: panelRunSchema.optional(), notice: noticeSchema.optional(), modelFile: modelFileSchema.optional(),
      /** English text to the editor's language. */
      texts: z.record(z.string(), z.string()), locale: z.string(),
      /** What the panel of this model kept, by the part of the panel that did. */
      kept: z.record(z.string(), z.unknown()).optional(),
    }),
  },
  /** Points of the run that is shown: `most` of each kind or fewer, by which curves look as by all of them; absent: all. */
  points: { params: lookSchema.extend({ most: z.number().int().positive().optional() }), result: z.object({ points: z.object({ runId: z.string(), tracks: z.array(packedTrackSchema) }).optional() }) },
  /** Runs one of the extension's own commands on this panel's run; 'train' starts the model again. */
  command: { params: z.object({ name: panelCommandSchema }), result: none },
  /** What was recorded of the run at a step, from its folder: no host is needed. */
  moment: { params: z.object({ step: z.number().int() }), result: momentPicturesSchema },
  /** Asks where, and writes the pictures: as one PNG, or one after another as a GIF. */
  savePictures: { params: z.object({ name: z.string(), columns: z.number().int().positive(), pictures: z.array(imageStripSchema).min(1), format: z.enum(['png', 'gif']).default('png') }), result: none },
  /** Writes a value into the model file, where it stands as a number there; shows the place of one that a run of its own needs. */
  writeValue: { params: z.object({ name: z.string(), value: z.number() }), result: z.object({ written: z.boolean() }) },
  /** Writes a warm value into the model file and lets the run take the file up. */
  applyValue: { params: z.object({ name: z.string(), value: z.number() }), result: none },
  /** Ways out where the run's loss diverged, and taking one: the same as the problem's quick fixes. */
  divergenceOffers: { params: none, result: z.object({ offers: z.array(divergenceOfferSchema) }) },
  takeOffer: { params: divergenceOfferSchema.pick({ kind: true }), result: none },
  showNumber: { params: z.object({ name: z.string() }), result: none },
  /** Asks where, and writes a chart: its picture, or its numbers. */
  saveFile: { params: savedFileSchema, result: none },
  /** Writes an item as code at the cursor of the model's file. */
  insertItem: { params: z.object({ item: latentItemSchema }), result: none },
  /** Keeps what a part of the panel shows, for a panel of this model that is opened later. */
  keepState: { params: z.object({ part: z.string(), state: z.unknown() }), result: none },
} as const;

/** Extension -> panel: the host's events, and the panel's own. */
export const panelEvents = {
  ...hostEvents,
  /** The run this panel shows was replaced: take this one. Absent while a new one starts. */
  shown: z.object({ subject: panelSubjectSchema, run: panelRunSchema.optional() }),
  view: viewAskedSchema,
  /** The model's file was edited, moved, deleted or written anew. */
  modelFile: z.object({ subject: panelSubjectSchema, modelFile: modelFileSchema }),
  /** Something was not told, as to a page that was hidden: ask for everything again. */
  stale: z.object({}),
  /** Absent: there is nothing to say any more. */
  notice: z.object({ notice: noticeSchema.optional() }),
} as const;
