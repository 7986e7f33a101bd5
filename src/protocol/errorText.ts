/** What an error says; anything may be thrown. */
export const errorText = (error: unknown): string => (error instanceof Error ? error.message : String(error));
