import type * as vscode from 'vscode';

const isDirty = (document: Pick<vscode.TextDocument, 'isDirty'>): boolean => document.isDirty;

/** Saves what was typed, for a host that reads the file; false where it could not be. VS Code says false too where it saved the document by itself meanwhile. */
export const saveDocument = async (document: Pick<vscode.TextDocument, 'isDirty' | 'save'>): Promise<boolean> => !isDirty(document) || await document.save() || !isDirty(document);
