import { cifar10, type Cifar10Description } from './cifar10';
import { csv, type CsvDescription } from './csv';
import { fashionMnist, type FashionMnistDescription } from './fashionMnist';
import { generator, type GeneratorDescription } from './generator';
import { imageFolder, type ImageFolderDescription } from './imageFolder';
import { kmnist, type KmnistDescription } from './kmnist';
import { mnist, type MnistDescription } from './mnist';
import { npy, type NpyDescription } from './npy';
import { npz, type NpzDescription } from './npz';
import { sprites, type SpritesDescription } from './sprites';

/** What to train on, as data; nothing is read before training starts. */
export type DataDescription =
  | MnistDescription | FashionMnistDescription | KmnistDescription | Cifar10Description | SpritesDescription
  | ImageFolderDescription | NpyDescription | NpzDescription | CsvDescription | GeneratorDescription;
export type DataKind = DataDescription['kind'];
export type DescriptionOf<K extends DataKind> = Extract<DataDescription, { readonly kind: K }>;

/** Every data set by its name in a model file: a function that describes it. */
export const dataSets = { mnist, fashionMnist, kmnist, cifar10, sprites, imageFolder, npy, npz, csv, generator } satisfies { readonly [K in DataKind]: (...given: never[]) => DescriptionOf<K> };
export const dataKinds = Object.keys(dataSets) as readonly DataKind[];
export const isDataKind = (kind: unknown): kind is DataKind => typeof kind === 'string' && Object.hasOwn(dataSets, kind);
/** Whether a value was made by one of them. */
export const isDataDescription = (value: unknown): value is DataDescription => typeof value === 'object' && value !== null && 'kind' in value && isDataKind(value.kind);

export * from './cifar10';
export * from './corruptions';
export * from './csv';
export * from './fashionMnist';
export * from './generator';
export * from './imageFolder';
export * from './kmnist';
export * from './mnist';
export * from './npy';
export * from './npz';
export type { Shape, TestOption } from './ownFile';
export type { Binarization, DataOptions, Preparation } from './options';
export type { PublishedOptions } from './published';
export * from './sprites';
