export function ensurePytorch(): Promise<string>;
export function ensureTorchvision(): Promise<{ python: string; site: string }>;
