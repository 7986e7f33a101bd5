/** The folder of a tool; `install(folder)` fills it the first time, aside, so that half an install is never used. */
export function cached(name: string, what: string, install: (folder: string) => Promise<void>): Promise<string>;
