import path from 'node:path';
import * as vscode from 'vscode';
import { sourceOf, type Manifest } from '../../protocol/run';

const SCHEME = 'vae-lab-run';
export type DocumentKind = 'manifest' | 'source';

/** Manifests and model sources of runs as read-only documents, for the editor's own diff. */
export class RunDocuments implements vscode.Disposable, vscode.TextDocumentContentProvider {
  readonly #registration = vscode.workspace.registerTextDocumentContentProvider(SCHEME, this);
  constructor(private readonly manifest: (id: string) => Promise<Manifest | undefined>) {}

  async provideTextDocumentContent({ query, authority }: vscode.Uri): Promise<string> {
    const manifest = await this.manifest(decodeURIComponent(query));
    if (!manifest) return '';
    if (authority === 'source') return sourceOf(manifest);
    const { source: _, ...rest } = manifest; // it is a document of its own
    return `${JSON.stringify(rest, null, 2)}\n`;
  }

  uri({ id, modelFile }: Pick<Manifest, 'id' | 'modelFile'>, kind: DocumentKind): vscode.Uri {
    return vscode.Uri.from({ scheme: SCHEME, authority: kind, path: `/${id}/${kind === 'source' ? path.basename(modelFile) : 'run.json'}`, query: encodeURIComponent(id) });
  }

  /** The older run on the left. */
  async diff(left: Manifest, right: Manifest, kind: DocumentKind, label: (manifest: Manifest) => string): Promise<void> {
    const [before, after] = left.createdAt <= right.createdAt ? [left, right] : [right, left];
    await vscode.commands.executeCommand('vscode.diff', this.uri(before, kind), this.uri(after, kind), `${label(before)} \u2194 ${label(after)}`, { preview: true });
  }

  dispose(): void { this.#registration.dispose(); }
}
