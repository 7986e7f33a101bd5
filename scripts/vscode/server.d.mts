export const root: string;
export interface ServerOptions { settings?: Record<string, unknown>; machineSettings?: Record<string, unknown>; trust?: boolean; vsix?: string; development?: boolean; home?: string; keepHome?: boolean; port?: number; env?: Record<string, string>; locale?: string }
export function startServer(options?: ServerOptions): Promise<{ port: number; home: string; log: string; address(folder: string, payload?: unknown): string; stop(): void; readonly child: import('node:child_process').ChildProcess }>;
