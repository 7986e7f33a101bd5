import type { Target } from '../target';
import { data } from './data';
import { files } from './files';
import { messages } from './messages';
import { runFiles } from './runFiles';
import { texts } from './texts';

/** Everything that is read from outside, by name. */
export const targets: Readonly<Record<string, Target>> = { ...messages, ...files, ...runFiles, ...data, ...texts };
