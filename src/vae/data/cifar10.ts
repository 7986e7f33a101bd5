import { published, type PublishedDescription, type PublishedOptions } from './published';

export type Cifar10Description = PublishedDescription<'cifar10'>;

/** Small photographs: 50,000 training and 10,000 test images, 32x32 in colour, 10 classes (Krizhevsky 2009). 170 MB, downloaded on first use. */
export function cifar10(options: PublishedOptions = {}): Cifar10Description { return published('cifar10', options); }
