import { ownPath, testOption, type TestOption } from './ownFile';
import { check, prepared, whole, type DataOptions, type Preparation } from './options';

export interface ImageFolderOptions extends DataOptions {
  /** Pictures are brought to this size, [height, width] or one number for both. Default: they must all have one size, and keep it. */
  readonly size?: number | readonly [number, number];
  /** How a picture of other proportions fits: its middle is cut out (`crop`, the default), or it is stretched. */
  readonly fit?: 'crop' | 'stretch';
  /** 1: grey, 3: RGB. Default: as the first picture has. */
  readonly channels?: 1 | 3;
  /** `folders`: each folder right below the path is a class. Default `none`: folders mean nothing. */
  readonly labels?: 'none' | 'folders';
  /** What to do with a file that cannot be read: name it and stop (`refuse`, the default), or leave it out, and say how many and which (`skip`). */
  readonly unreadable?: 'refuse' | 'skip';
  /** Default 0.1. */
  readonly test?: TestOption;
}
export interface ImageFolderDescription extends Preparation {
  readonly kind: 'imageFolder';
  readonly path: string;
  readonly size: readonly [number, number] | undefined;
  readonly fit: 'crop' | 'stretch';
  readonly channels: 1 | 3 | undefined;
  readonly labels: 'none' | 'folders';
  readonly unreadable: 'refuse' | 'skip';
  readonly test: TestOption;
}

/** The PNG and JPEG files of a folder and of those below it, in the order of their paths. */
export function imageFolder(path: string, options: ImageFolderOptions = {}): ImageFolderDescription {
  const where = 'imageFolder';
  const preparation = prepared(where, options, ['size', 'fit', 'channels', 'labels', 'unreadable', 'test']);
  const { size, fit = 'crop', channels, labels = 'none', unreadable = 'refuse', test } = options;
  const sides = size === undefined ? undefined : typeof size === 'number' ? [size, size] as const : size;
  check(where, sides === undefined || (Array.isArray(sides) && sides.length === 2), 'size must be a number of pixels, or [height, width].');
  for (const side of sides ?? []) whole(where, 'size', side, 1, 4096);
  check(where, fit === 'crop' || (fit as string) === 'stretch', `fit must be "crop" or "stretch"; got ${JSON.stringify(fit)}.`);
  check(where, channels === undefined || channels === 1 || (channels as number) === 3, `channels must be 1 or 3; got ${String(channels)}.`);
  check(where, labels === 'none' || (labels as string) === 'folders', `labels must be "none" or "folders"; got ${JSON.stringify(labels)}.`);
  check(where, unreadable === 'refuse' || (unreadable as string) === 'skip', `unreadable must be "refuse" or "skip"; got ${JSON.stringify(unreadable)}.`);
  return { kind: 'imageFolder', path: ownPath(where, path), size: sides, fit, channels, labels, unreadable, test: testOption(where, test), ...preparation };
}
