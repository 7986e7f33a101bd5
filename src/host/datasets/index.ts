import type { DataDescription, DataKind, DescriptionOf } from '../../vae/data/index';
import { loadCifar10 } from './cifar10';
import { loadCsv } from './csv';
import { DataError, type Dataset } from './dataset';
import { fashionMnistFiles } from './fashionMnist';
import { loadGenerator } from './generator';
import { loadIdxSet } from './idxSet';
import { loadImageFolder } from './imageFolder';
import { kmnistFiles } from './kmnist';
import type { LoadOptions } from './loadOptions';
import { mnistFiles } from './mnist';
import { loadNpy } from './npy';
import { loadNpz } from './npz';
import { makeSprites } from './sprites';

export { DataError, factsOf, type Dataset, type Factors, type Split } from './dataset';
export type { LoadOptions } from './loadOptions';

/** How each data set is read, made or downloaded. */
const loaders: { readonly [K in DataKind]: (description: DescriptionOf<K>, options: LoadOptions) => Dataset | Promise<Dataset> } = {
  mnist: (description, options) => loadIdxSet(mnistFiles, description, options),
  fashionMnist: (description, options) => loadIdxSet(fashionMnistFiles, description, options),
  kmnist: (description, options) => loadIdxSet(kmnistFiles, description, options),
  cifar10: loadCifar10,
  sprites: makeSprites,
  imageFolder: loadImageFolder,
  npy: loadNpy,
  npz: loadNpz,
  csv: loadCsv,
  generator: loadGenerator,
};
function loaderOf<K extends DataKind>(description: DescriptionOf<K>): (description: DescriptionOf<K>, options: LoadOptions) => Dataset | Promise<Dataset> { return loaders[description.kind as K]; }

/** Reads, makes or downloads a data set. @throws DataError with a sentence; the signal's reason when cancelled. */
export async function loadDataset(description: DataDescription, options: LoadOptions = {}): Promise<Dataset> {
  const dataset = await loaderOf(description)(description, options);
  if (dataset.heldOut.count === 0) throw new DataError(`${dataset.name} has no held-out examples: name a number or a share of them as "test" or "validation".`);
  return dataset;
}
