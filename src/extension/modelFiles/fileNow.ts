import { access, readFile } from 'node:fs/promises';
import * as vscode from 'vscode';
import { sameFile } from '../../runs/sameFile';

/** A file's document, where the editor has it open. */
export const openDocument = (file: string): vscode.TextDocument | undefined => vscode.workspace.textDocuments.find(({ uri, isClosed }) => !isClosed && uri.scheme === 'file' && sameFile(uri.fsPath, file));
/** Whether it is on the disk. */
export const isThere = (file: string): Promise<boolean> => access(file).then(() => true, () => false);
/** What the disk has of it; undefined where it cannot be read. */
export const textOnDisk = (file: string): Promise<string | undefined> => readFile(file, 'utf8').catch(() => undefined);
