import { z } from 'zod';
import { hostEvents, snapshotSchema } from './hostApi';

/**
 * Extension <-> panel. The panel's calls on the run are the host's own (`hostRequests`, less hello and shutdown), passed on by the
 * extension; panel-only calls stand here. A hidden panel gets no events; it asks for `panelSnapshot` again when shown.
 */
export const panelRequests = {
  panelSnapshot: { params: z.object({}).strict(), result: z.object({ run: snapshotSchema.optional(), notice: z.string().optional(), view: z.enum(['training', 'latent']), strings: z.record(z.string(), z.string()), locale: z.string() }) },
  /** Runs one of the extension's own commands on this panel's run: 'train' starts the model again. */
  command: { params: z.object({ name: z.enum(['openLog', 'setHyperparameter', 'train', 'openModelFile']) }), result: z.object({}).strict() },
} as const;
export type PanelRequests = typeof panelRequests;

export const panelEvents = {
  ...hostEvents,
  /** The run this panel shows was replaced or came to life: take this snapshot. */
  snapshot: snapshotSchema,
  /** Which tab to show. */
  view: z.object({ view: z.enum(['training', 'latent']) }),
  /** The host is gone, or a message for the person; empty clears it. */
  notice: z.object({ text: z.string() }),
} as const;
export type PanelEvents = { [E in keyof typeof panelEvents]: z.output<(typeof panelEvents)[E]> };
