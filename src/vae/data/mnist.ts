import { published, type PublishedDescription, type PublishedOptions } from './published';

export type MnistDescription = PublishedDescription<'mnist'>;

/** Handwritten digits: 60,000 training and 10,000 test images, 28x28 grey, 10 classes (LeCun, Cortes & Burges). 11 MB, downloaded on first use. */
export function mnist(options: PublishedOptions = {}): MnistDescription { return published('mnist', options); }
