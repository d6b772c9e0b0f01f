/** The gallery's way out and in: a backup of everything and its return, and pictures from elsewhere. One at a time, with how far it is. */
import { toAppError } from '../../../core/errors';
import type { Studio } from '../studio.svelte';
import { saveZipEntries } from '../zip-pictures';
import { backupEntries, backupName } from './backup';
import { importPictures } from './import-pictures';
import { restoreBackup } from './restore';

/** More names are not read. */
const MOST_NAMED = 3;

export class Archive {
  readonly #studio: Studio;
  #busy = $state<string>();

  constructor(studio: Studio) {
    this.#studio = studio;
  }

  /** What it does and how far it is; undefined: nothing. */
  get busy(): string | undefined {
    return this.#busy;
  }

  async backUp(now = new Date()): Promise<void> {
    const { gallery, settings, shelf, view } = this.#studio;
    const { pictures } = gallery;
    await this.#do('The backup was not made', async () => {
      let left = 0;
      const sources = {
        pictures,
        file: (id: number) => gallery.file(id),
        thumbnail: (id: number) => gallery.thumbnail(id),
        settings: { ...settings.toStored(), view },
        recent: [...shelf.recent],
        styles: shelf.exportStyles(),
        onProgress: (done: number) => (this.#busy = `Backup: ${done} of ${pictures.length}`),
      };
      await saveZipEntries(
        backupEntries(sources, () => (left += 1)),
        { name: backupName(now), count: pictures.length },
      );
      const about = left === 0 ? '' : ` ${left} of them could not be read.`;
      return `Backup made: ${counted(pictures.length - left)}, styles and settings; models are not in it.${about}`;
    });
  }

  async restore(file: Blob): Promise<void> {
    const { gallery, settings, shelf, form } = this.#studio;
    await this.#do('The backup was not taken back', async () => {
      const restored = await restoreBackup(file, {
        pictures: gallery.pictures,
        adopt: (finished) => gallery.adopt(finished),
        onProgress: (done, count) => (this.#busy = `Restoring: ${done} of ${count}`),
      });
      if (restored.styles !== '') shelf.importStyles(restored.styles);
      for (const pair of restored.recent.toReversed()) shelf.remember(pair);
      form.change('Settings of the backup', () => settings.takeLate(restored.settings));
      const { count, known, left } = restored;
      const about = known === 0 ? '' : ` ${known} were here already.`;
      return `Taken back: ${counted(count - known - left)}, styles and settings.${about}${left === 0 ? '' : ` ${left} are damaged.`}`;
    });
  }

  async importFiles(files: readonly File[]): Promise<void> {
    const { gallery, library } = this.#studio;
    await this.#do('The pictures were not taken in', async () => {
      const { count, left } = await importPictures(files, {
        models: library.items.map(({ entry, stored }) => ({ ...entry, hash: stored?.sha256 })),
        adopt: (finished) => gallery.adopt(finished),
        onProgress: (done) => (this.#busy = `Import: ${done} of ${files.length}`),
      });
      const more = left.length > MOST_NAMED ? ` And ${left.length - MOST_NAMED} more.` : '';
      const about = left.length === 0 ? '' : ` Left out: ${left.slice(0, MOST_NAMED).join(' ')}${more}`;
      return `${counted(count)} taken in.${about}`;
    });
  }

  async #do(failed: string, work: () => Promise<string>): Promise<void> {
    if (this.#busy !== undefined) return;
    this.#busy = 'Beginning';
    try {
      this.#studio.said = await work();
    } catch (thrown) {
      // Whoever closes the browser's dialog has changed their mind.
      if (thrown instanceof DOMException && thrown.name === 'AbortError') return;
      this.#studio.said = `${failed}: ${toAppError(thrown).message}`;
    } finally {
      this.#busy = undefined;
    }
  }
}

function counted(count: number): string {
  return count === 1 ? '1 picture' : `${count} pictures`;
}
