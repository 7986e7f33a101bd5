import type { IdxSet } from './idxSet';

export const kmnistFiles: IdxSet = {
  kind: 'kmnist',
  mirrors: ['https://codh.rois.ac.jp/kmnist/dataset/kmnist/'],
  places: ['kmnist', 'KMNIST/raw'],
  classNames: ['o', 'ki', 'su', 'tsu', 'na', 'ha', 'ma', 'ya', 're', 'wo'],
  images: {
    train: { name: 'train-images-idx3-ubyte.gz', md5: 'bdb82020997e1d708af4cf47b453dcf7', md5Of: 'file' },
    test: { name: 't10k-images-idx3-ubyte.gz', md5: '5c965bf0a639b31b8f53240b1b52f4d7', md5Of: 'file' },
  },
  labels: {
    train: { name: 'train-labels-idx1-ubyte.gz', md5: 'e144d726b3acfaa3e44228e80efcd344', md5Of: 'file' },
    test: { name: 't10k-labels-idx1-ubyte.gz', md5: '7320c461ea6c1c855c0b718fb2a4b134', md5Of: 'file' },
  },
};
