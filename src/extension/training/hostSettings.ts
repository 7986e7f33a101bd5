import { access, constants, mkdir } from 'node:fs/promises';
import path from 'node:path';
import * as vscode from 'vscode';
import { findNode } from '../../client/findNode';
import { settingIds } from '../contributions';

function setting(name: keyof typeof settingIds, scope?: vscode.Uri): string | undefined {
  const value = vscode.workspace.getConfiguration(undefined, scope).get<unknown>(settingIds[name]);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : undefined;
}

/** How to start a host: which Node, which script, where data is kept. @throws NodeNotFoundError, NodeTooOldError */
export async function hostSettings(extensionFolder: string, modelFile: string) {
  const scope = vscode.Uri.file(modelFile);
  // VS Code's own runtime is plain Node on a server; on the desktop Electron acts as one with ELECTRON_RUN_AS_NODE, which findNode and the host inherit.
  const node = await findNode({ configured: setting('nodePath', scope), fallback: process.execPath });
  return { node: node.path, hostScript: path.join(extensionFolder, 'dist', 'host.js'), dataFolder: setting('dataFolder', scope), engine: setting('engine', scope) ?? 'auto' };
}

/** `.vae-lab/runs` of the model file's workspace folder; for a loose file or a folder that cannot be written, of the extension's own storage. */
export async function runsFolder(modelFile: string, storage: string): Promise<string> {
  const folder = vscode.workspace.getWorkspaceFolder(vscode.Uri.file(modelFile))?.uri.fsPath;
  const own = folder === undefined ? undefined : path.join(folder, '.vae-lab', 'runs');
  const writable = own !== undefined && await mkdir(own, { recursive: true }).then(() => access(own, constants.W_OK)).then(() => true, () => false);
  return writable ? own : path.join(storage, '.vae-lab', 'runs');
}
