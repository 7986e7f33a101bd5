import * as vscode from 'vscode';
import { sentenceTranslator } from '../protocol/sentences';

let translate: ((sentence: string) => string) | undefined;
/** What a host, or what is shared with it, says, in the editor's language. */
export const hostSentence = (sentence: string): string => (translate ??= sentenceTranslator(vscode.l10n.bundle ?? {}))(sentence);
