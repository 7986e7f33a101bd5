export function realAdapters(): Promise<{ found: string[]; asked: string }>;
export function lookForCards(): Promise<{ VAE_LAB_NO_NVIDIA?: string; VAE_LAB_NO_WEBGPU?: string }>;
