export function makeWasm(folder: string): Promise<void>;
