export function ensurePytorch(): Promise<string>;
