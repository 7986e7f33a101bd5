import { check, prepared, type DataOptions, type Preparation } from './options';

/** Data sets that are published as files of known content, downloaded on first use and kept. */
export interface PublishedDescription<K extends string> extends Preparation { readonly kind: K; readonly folder: string | undefined }
export interface PublishedOptions extends DataOptions {
  /** A folder that holds the files; relative to the model file. It saves the download, as the setting `vaeLab.dataFolder` and the variable `VAE_LAB_DATA` do. */
  readonly folder?: string;
}

export function published<K extends string>(kind: K, options: PublishedOptions): PublishedDescription<K> {
  const preparation = prepared(kind, options, ['folder']);
  check(kind, options.folder === undefined || (typeof options.folder === 'string' && options.folder !== ''), 'folder must be the path of a folder.');
  return { kind, folder: options.folder, ...preparation };
}
