/** Loads an ES module that a model file needs. A file of its own: code that V8 compiled at an earlier start cannot import. */
export const nativeImport = (id: string): Promise<unknown> => import(id);
