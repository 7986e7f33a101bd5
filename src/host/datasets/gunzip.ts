import { gunzipSync } from 'node:zlib';

/** More than any of the published sets is: what a mirror sends may unpack to any number of bytes. */
const MOST_BYTES = 2 ** 30;

/** @throws Error where it is no whole gzip file, or unpacks to more than `most` bytes */
export const gunzip = (bytes: Uint8Array, most = MOST_BYTES): Buffer => gunzipSync(bytes, { maxOutputLength: most });
