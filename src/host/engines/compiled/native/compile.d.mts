export function compileNative(): Promise<Uint8Array>;
