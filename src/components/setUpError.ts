/** Why a component was not set up or removed: a whole sentence for a person, with what to do next. */
export class SetUpError extends Error {}

export const codeOf = (error: unknown): string => (error instanceof Error && 'code' in error ? String(error.code) : '');
