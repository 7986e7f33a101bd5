import { published, type PublishedDescription, type PublishedOptions } from './published';

export type KmnistDescription = PublishedDescription<'kmnist'>;

/** Cursive Japanese characters: 60,000 training and 10,000 test images, 28x28 grey, 10 classes (Clanuwat et al. 2018). 21 MB, downloaded on first use. */
export function kmnist(options: PublishedOptions = {}): KmnistDescription { return published('kmnist', options); }
