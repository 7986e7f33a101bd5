export function hasNvidiaGpu(): boolean;
export function ensureTensorflow(variant: 'cpu' | 'gpu', root?: string): { VAE_LAB_COMPONENTS?: string; VAE_LAB_NO_TENSORFLOW?: string };
