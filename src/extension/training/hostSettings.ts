import { access, constants, mkdir } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { findNode, type FoundNode } from '../../client/findNode';
import { settingIds } from '../contributions';

const value = (name: keyof typeof settingIds, scope?: vscode.Uri): unknown => vscode.workspace.getConfiguration(undefined, scope).get<unknown>(settingIds[name]);
/** Absent where it is empty, or no text. */
function text(given: unknown): string | undefined {
  return typeof given === 'string' && given.trim() !== '' ? given.trim() : undefined;
}

/**
 * The Node that settings and machine give. VS Code's own runtime is plain Node on a server; on the desktop Electron acts as one with ELECTRON_RUN_AS_NODE,
 * which findNode and the host inherit. @throws NodeNotFoundError, NodeTooOldError
 */
export const configuredNode = (scope?: vscode.Uri): Promise<FoundNode> => findNode({ configured: text(value('nodePath', scope)), fallback: process.execPath });

/** Where data sets are kept, where a folder is set. */
export const configuredDataFolder = (scope?: vscode.Uri): string | undefined => text(value('dataFolder', scope));

/** How to start a host: which Node, which script, where data is kept. @throws NodeNotFoundError, NodeTooOldError */
export async function hostSettings(extensionFolder: string, modelFile: string) {
  const scope = vscode.Uri.file(modelFile);
  const node = await configuredNode(scope);
  const mirrors = value('dataMirrors', scope);
  const dataMirrors = Array.isArray(mirrors) ? mirrors.flatMap((address) => text(address) ?? []) : [];
  const keepEvery = Number(value('checkpointEvery', scope));
  return {
    node: node.path, hostScript: path.join(extensionFolder, 'dist', 'host.js'), dataFolder: configuredDataFolder(scope),
    ...(dataMirrors.length > 0 ? { dataMirrors } : {}), engine: text(value('engine', scope)) ?? 'auto', ...(Number.isInteger(keepEvery) && keepEvery > 0 ? { keepEvery } : {}),
  };
}

/** `.vae-lab/runs` of the model file's workspace folder; for a loose file or a folder that cannot be written, of the extension's own storage. */
export async function runsFolder(modelFile: string, storage: string): Promise<string> {
  const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(modelFile))?.uri.fsPath;
  const own = folder === undefined ? undefined : path.join(folder, '.vae-lab', 'runs');
  const writable = own !== undefined && await mkdir(own, { recursive: true }).then(() => access(own, constants.W_OK)).then(() => true, () => false);
  return writable ? own : path.join(storage, '.vae-lab', 'runs');
}
