export function ensureTensorboard(): Promise<string>;
