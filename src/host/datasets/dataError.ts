/** Data that cannot be had or read; the message names the file, address, line or item. */
export class DataError extends Error {
  override readonly name: string = 'DataError';
}
