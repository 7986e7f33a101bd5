import type { IdxSet } from './idxSet';

/** The MD5s are of the unpacked files, since mirrors pack them in their own way. */
export const mnistFiles: IdxSet = {
  kind: 'mnist',
  mirrors: ['https://ossci-datasets.s3.amazonaws.com/mnist/', 'https://storage.googleapis.com/cvdf-datasets/mnist/'],
  places: ['mnist', '.', 'MNIST/raw'],
  classNames: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'],
  images: {
    train: { name: 'train-images-idx3-ubyte.gz', md5: '6bbc9ace898e44ae57da46a324031adb', md5Of: 'unpacked' },
    test: { name: 't10k-images-idx3-ubyte.gz', md5: '2646ac647ad5339dbf082846283269ea', md5Of: 'unpacked' },
  },
  labels: {
    train: { name: 'train-labels-idx1-ubyte.gz', md5: 'a25bea736e30d166cdddb491f175f624', md5Of: 'unpacked' },
    test: { name: 't10k-labels-idx1-ubyte.gz', md5: '27ae3e4e09519cfbb04c329615203637', md5Of: 'unpacked' },
  },
};
