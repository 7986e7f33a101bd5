import '../../validation';
import { pathAlongData } from '../../../latent/dataPath';
import { nearest } from '../../../latent/neighbours';
import { principalPlane, project } from '../../../latent/principal';
import { besidePrior } from '../../../latent/prior';
import { createPortConnection } from '../../../protocol/postMessage';
import { serve, type Params, type Payload } from '../../../protocol/rpc';
import { embed } from './embed';
import { workerEvents, workerRequests } from './workerApi';

const connection = createPortConnection({
  post: (message) => { self.postMessage(message); },
  listen: (listener) => {
    const heard = ({ data }: MessageEvent<unknown>): void => { listener(data); };
    self.addEventListener('message', heard);
    return () => { self.removeEventListener('message', heard); };
  },
});
let data: Params<typeof workerRequests, 'load'> = { means: new Float32Array(0), logVariances: new Float32Array(0), size: 1 };
const tell = (payload: Payload<typeof workerEvents, 'embedded'>): void => { void connection.sendNotification('embedded', payload); };

serve(connection, workerRequests, {
  load: async (given) => { data = given; return {}; },
  principal: async ({ like }) => {
    const plane = principalPlane(data.means, data.size, like);
    return { plane, places: project(data.means, data.size, plane) };
  },
  umap: async ({ fitted }) => ({ places: await embed(data.means, data.size, fitted, tell) }),
  nearest: async ({ queries, k }) => nearest(data.means, data.size, queries, k),
  pathAlongData: async ({ through, steps }) => ({ path: pathAlongData(data.means, data.size, through, steps) }),
  posterior: async ({ dimensions, range, bins, prior }) => {
    const [shares, expected] = [new Float32Array(dimensions.length * bins), new Float32Array(dimensions.length * bins)];
    dimensions.forEach((dimension, i) => {
      const both = besidePrior(prior, data.means, data.logVariances, data.size, dimension, range, bins);
      shares.set(both.posterior, i * bins);
      expected.set(both.prior, i * bins);
    });
    return { shares, prior: expected };
  },
});
connection.listen();
