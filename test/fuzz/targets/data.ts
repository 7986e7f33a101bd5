import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { csv, npy, npz } from '../../../src/vae/index';
import { loadCsv } from '../../../src/host/datasets/csv';
import { DataError } from '../../../src/host/datasets/dataset';
import { loadNpy } from '../../../src/host/datasets/npy';
import { readNpyLabels } from '../../../src/host/datasets/npyArray';
import { loadNpz } from '../../../src/host/datasets/npz';
import { decodePicture } from '../../../src/host/datasets/picture';
import { readTar } from '../../../src/host/datasets/tar';
import { asFile, scratch } from '../scratch';
import { bytesOf, type Target } from '../target';

const fixtures = (folder: string, ending: RegExp): Uint8Array[] => {
  const at = path.join('test', 'fixtures', 'data', folder);
  return readdirSync(at).filter((name) => ending.test(name)).map((name) => new Uint8Array(readFileSync(path.join(at, name))));
};

const options = () => ({ baseFolder: scratch(), dataFolder: scratch() });
/** A ustar entry. */
function tarEntry(name: string, size: string, content: string): Uint8Array {
  const block = Buffer.alloc(1024);
  block.write(name, 0);
  block.write(size, 124);
  block.write('0', 156);
  block.write(content, 512);
  return block;
}

/** Readers of data that people bring. */
export const data = {
  npy: { seeds: () => fixtures('arrays', /^(?!labels).*\.npy$/), read: async (input) => loadNpy(npy(asFile('a.npy', input)), options()), refuses: [DataError], share: 0.3 },
  npyLabels: { seeds: () => fixtures('arrays', /^labels.*\.npy$/), read: (input) => readNpyLabels(input, 'labels.npy'), refuses: [DataError] },
  npz: { seeds: () => fixtures('arrays', /\.npz$/), read: async (input) => loadNpz(npz(asFile('a.npz', input)), options()), refuses: [DataError], share: 0.15 },
  csv: { seeds: () => [`a,b,label\n${'0,1,0.5\n'.repeat(12)}`, '0;1;0.5\r\n'.repeat(12), `"a ""b""",c\n${'1,0\n'.repeat(12)}\n`].map(bytesOf), read: async (input) => loadCsv(csv(asFile('a.csv', input)), options()), refuses: [DataError], share: 0.15 },
  picture: { seeds: () => fixtures('pictures', /\.(png|jpg)$/), read: (input) => decodePicture(input), refuses: [Error], share: 0.3 },
  tar: { seeds: () => [tarEntry('a.bin', '00000000004\0', 'abcd'), new Uint8Array(Buffer.concat([tarEntry('b', '00000000001\0', 'x'), tarEntry('c', '00000000000\0', '')]))], read: (input) => readTar(input), refuses: [RangeError] },
} satisfies Record<string, Target>;
