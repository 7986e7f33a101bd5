/** PyTorch's: kernel and bias uniform within 1 / sqrt(inputs a unit has). */
export interface TorchDefaultInitializer { readonly kind: 'torchDefault' }
/** How weights start where a layer does not say. */
export type Initializer = TorchDefaultInitializer;

export const initializers = {
  /**
   * As PyTorch's layers start: kernels and biases uniform within 1 / sqrt(fan-in), those of recurrent layers within 1 / sqrt(units). He et al. 2015 with a = sqrt(5),
   * which makes kernels smaller than Glorot & Bengio 2010's, the default of TensorFlow's layers, and biases other than 0.
   */
  torchDefault: (): TorchDefaultInitializer => ({ kind: 'torchDefault' }),
};

export const isInitializer = (value: unknown): value is Initializer => typeof value === 'object' && value !== null && 'kind' in value && value.kind === 'torchDefault';
