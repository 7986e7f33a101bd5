import * as vscode from 'vscode';
import type { Manifest } from '../../protocol/run';
import { isInside, sameFile } from '../../runs/sameFile';
import { openDocument } from './fileNow';
import type { ModelReference } from './modelFiles';

/** Whether a run is of a model. */
export const isOfModel = ({ modelFile, modelName }: Pick<Manifest, 'modelFile' | 'modelName'>, { file, name }: Pick<ModelReference, 'file' | 'name'>): boolean => modelName === name && sameFile(modelFile, file);
/** Whether a run is meant: where none is named, any of the model. */
export const isMeant = (manifest: Manifest, model: ModelReference): boolean => (model.runId === undefined ? isOfModel(manifest, model) : manifest.id === model.runId);
/** Whether a file is this window's: in one of its folders, or open in it. */
export const isOfWindow = (file: string): boolean => vscode.workspace.workspaceFolders?.some(({ uri }) => uri.scheme === 'file' && isInside(uri.fsPath, file)) === true || openDocument(file) !== undefined;
