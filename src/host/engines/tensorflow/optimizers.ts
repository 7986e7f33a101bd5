import { PlainOptimizer, type MakeOptimizer } from '../optimizer';
import { ResourceAdam } from './adam';

/** Adam in one operation a weight; the others as plain operations. */
export const makeTensorflowOptimizer: MakeOptimizer = (description, weights) => (description.kind === 'adam' ? new ResourceAdam(description, weights) : new PlainOptimizer(description, weights));
