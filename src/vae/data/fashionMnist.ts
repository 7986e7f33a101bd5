import { published, type PublishedDescription, type PublishedOptions } from './published';

export type FashionMnistDescription = PublishedDescription<'fashionMnist'>;

/** Pictures of clothing: 60,000 training and 10,000 test images, 28x28 grey, 10 classes (Xiao, Rasul & Vollgraf 2017). 31 MB, downloaded on first use. */
export function fashionMnist(options: PublishedOptions = {}): FashionMnistDescription { return published('fashionMnist', options); }
