import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { InOrder } from '../files/inOrder';
import { errorText } from '../protocol/errorText';
import { itemsFileSchema, type NamedItem } from '../protocol/latentItems';
import { writeAtomically } from './atomicFile';

/** In a sentence: the file is never written over then. */
export class DamagedItemsError extends Error {}

/** What was kept of a run's latent space, `items.json` in its directory. One process writes; changes follow one another. */
export class RunItems {
  readonly #file: string;
  readonly #changes = new InOrder();
  constructor(dir: string) { this.#file = path.join(dir, 'items.json'); }

  /** @throws DamagedItemsError; in a sentence, when the file is there and cannot be read */
  async read(): Promise<NamedItem[]> {
    let text: string;
    try {
      text = await readFile(this.#file, 'utf8');
    } catch (error) {
      if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
      throw new Error(`${this.#file} cannot be read: ${errorText(error)}`);
    }
    try {
      return itemsFileSchema.parse(JSON.parse(text)).items;
    } catch {
      throw new DamagedItemsError(`${this.#file} is damaged. Mend it, or delete it to begin anew.`);
    }
  }

  /** The one of that name is replaced where it stands. */
  save(added: NamedItem): Promise<NamedItem[]> {
    return this.#change((items) => (items.some(({ name }) => name === added.name) ? items.map((item) => (item.name === added.name ? added : item)) : [...items, added]));
  }
  delete(name: string): Promise<NamedItem[]> { return this.#change((items) => items.filter((item) => item.name !== name)); }

  #change(change: (items: NamedItem[]) => NamedItem[]): Promise<NamedItem[]> {
    return this.#changes.do(async () => {
      const items = change(await this.read());
      await writeAtomically(this.#file, `${JSON.stringify({ schemaVersion: 1, items }, null, 1)}\n`);
      return items;
    });
  }
}
