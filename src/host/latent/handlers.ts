import type { latentRequests } from '../../protocol/latentApi';
import type { Handlers } from '../../protocol/rpc';
import type { RunItems } from '../../runs/items';
import type { LatentViews } from './latentViews';

/** Answers to what the latent space's views ask; `views` throws where there is no model yet. */
export function latentHandlers(views: () => LatentViews, items: RunItems): Handlers<typeof latentRequests> {
  return {
    describeData: async () => views().describe(),
    describePrior: async () => views().prior(),
    encodePiece: async ({ split, from, count }) => views().piece(split, from, count),
    examples: async ({ split, indices }) => views().examples(split, indices),
    encodePictures: async ({ pictures, label }) => views().encodePictures(pictures, label),
    drawItem: async ({ item, label }) => views().draw(item, label),
    drawExport: async ({ file, name }) => views().drawExport(file, name),
    items: async () => ({ items: await items.read() }),
    saveItem: async (item) => ({ items: await items.save(item) }),
    deleteItem: async ({ name }) => ({ items: await items.delete(name) }),
  };
}
