import type { Translate } from '../../protocol/doctorText';
import { fromHost, t } from '../text';

/** In the editor's language; what a host says has no places to fill in. */
export const says: Translate = (text, ...values) => (values.length === 0 ? fromHost(text) : t(text, ...values));
