/** Text in which nothing is a command to a terminal: names of files and texts of runs may come from strangers. What is escaped is so as JSON writes it; a text that is JSON stays it. */
export const plain = (text: string): string => text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]|\r(?!\n)/g, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

/** From here on the console writes plain text only. */
export function writePlain(): void {
  for (const method of ['log', 'error'] as const) {
    const write = console[method].bind(console);
    console[method] = (...parts: unknown[]) => { write(...parts.map((part) => (typeof part === 'string' ? plain(part) : part))); };
  }
}
