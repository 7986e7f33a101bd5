import type { IdxSet } from './idxSet';

export const fashionMnistFiles: IdxSet = {
  kind: 'fashionMnist',
  mirrors: ['https://fashion-mnist.s3.eu-central-1.amazonaws.com/', 'https://raw.githubusercontent.com/zalandoresearch/fashion-mnist/master/data/fashion/'],
  places: ['fashionMnist', 'fashion-mnist', 'FashionMNIST/raw'],
  classNames: ['T-shirt/top', 'Trouser', 'Pullover', 'Dress', 'Coat', 'Sandal', 'Shirt', 'Sneaker', 'Bag', 'Ankle boot'],
  images: {
    train: { name: 'train-images-idx3-ubyte.gz', md5: '8d4fb7e6c68d591d4c3dfef9ec88bf0d', md5Of: 'file' },
    test: { name: 't10k-images-idx3-ubyte.gz', md5: 'bef4ecab320f06d8554ea6380940ec79', md5Of: 'file' },
  },
  labels: {
    train: { name: 'train-labels-idx1-ubyte.gz', md5: '25c81989df183df01b3e8a0aad5dffbe', md5Of: 'file' },
    test: { name: 't10k-labels-idx1-ubyte.gz', md5: 'bb300cfdad3c16e7a12a480ee83cd310', md5Of: 'file' },
  },
};
