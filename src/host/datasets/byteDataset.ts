import type { Preparation } from '../../vae/data/index';
import type { ImageShape } from '../engines/engine';
import { sizeOf } from '../engines/sizeOf';
import { ByteStore } from './store';
import { StoredDataset } from './storedDataset';

const asTheyAre: Preparation = { binarization: 'none', validation: 0, corruption: [], seed: 1 };

/** 8-bit images in memory, taken as they are. */
export class ByteDataset extends StoredDataset {
  constructor(name: string, imageShape: ImageShape, train: Uint8Array, test: Uint8Array) {
    const size = sizeOf(imageShape);
    super({ name, imageShape, preparation: asTheyAre, train: new ByteStore(train, size), test: new ByteStore(test, size) });
  }
}
