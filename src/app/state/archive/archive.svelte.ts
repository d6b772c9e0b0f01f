/** The gallery's way out and in: a backup of everything and its return, and pictures from elsewhere. One at a time, with how far it is. */
import { AppError, toAppError } from '../../../core/errors';
import type { FinishedPicture } from '../gallery/gallery-store';
import { KEPT_FORM } from '../settings/settings.svelte';
import type { Studio } from '../studio.svelte';
import { askBeforeUnload } from '../unload';
import { SKETCH_STORE, SketchStore } from '../canvas/sketch-store';
import { saveZipEntries } from '../pictures/zip-pictures';
import { backupEntries, backupName } from './backup';
import { importPictures } from './import-pictures';
import { formNaming, openBackup, restoreAssets, restorePictures, type Restored } from './restore';
import { restoreSketches } from './sketch-files';
import { takeSettings } from './take-settings';
import { readyWords, takeWords, wordsFile } from './word-file';

/** How many names a message names: more are counted. */
const MOST_NAMED = 3;
/** What is said aloud goes in steps of so many hundredths. */
const TOLD_PERCENT = 25;

interface Progress {
  what: string;
  done: number;
  /** Pictures there are in all; 0 while that is not known. */
  count: number;
}

const archives = new WeakMap<Studio, Archive>();

/** The studio's own: what is under way goes on where the gallery is closed, and is found again. */
export function archiveOf(studio: Studio): Archive {
  const archive = archives.get(studio) ?? new Archive(studio);
  archives.set(studio, archive);
  return archive;
}

export class Archive {
  readonly #studio: Studio;
  #progress = $state.raw<Progress>();
  /** What it does and how far it is; undefined: nothing. */
  readonly busy = $derived.by(() => {
    if (!this.#progress) return undefined;
    const { what, done, count } = this.#progress;
    return count === 0 ? what : `${what}: ${done} of ${count}`;
  });
  /** The same in coarse steps, to be read aloud. */
  readonly told = $derived.by(() => {
    if (!this.#progress) return '';
    const { what, done, count } = this.#progress;
    const percent = count === 0 ? 0 : Math.floor((100 * done) / count / TOLD_PERCENT) * TOLD_PERCENT;
    return percent === 0 ? what : `${what}: ${percent} %`;
  });

  constructor(studio: Studio) {
    this.#studio = studio;
  }

  async backUp(now = new Date()): Promise<void> {
    const { gallery, settings, shelf, view, startPictures, drawing } = this.#studio;
    const { pictures } = gallery;
    await this.#do('Backup', 'The backup was not made', async () => {
      const left = { picture: 0, asset: 0 };
      const words = wordsFile(await readyWords(drawing.open()));
      const sources = {
        pictures,
        file: (id: number) => gallery.file(id),
        thumbnail: (id: number) => gallery.thumbnail(id),
        asset: (hash: string) => startPictures.pixels(hash),
        settings: KEPT_FORM.stamp({ ...settings.toStored(), view }),
        form: settings,
        recent: [...shelf.recent],
        sketches: await openSketches(drawing),
        ...{ styles: shelf.exportStyles(), words },
        onProgress: (done: number) => this.#tell(done, pictures.length),
      };
      await saveZipEntries(
        backupEntries(sources, (what) => (left[what] += 1)),
        { name: backupName(now), count: pictures.length },
      );
      const made = `Backup made: ${counted(pictures.length - left.picture)}, what they start from, styles${words ? ', words' : ''} and settings; models are not in it.`;
      const unread = left.picture === 0 ? '' : ` ${left.picture} of them could not be read.`;
      const missing = left.asset === 0 ? '' : ` ${counted(left.asset)} to start from could not be read.`;
      this.#studio.said = `${made}${unread}${missing}`;
    });
  }

  async restore(file: Blob): Promise<void> {
    const { gallery, startPictures, drawing } = this.#studio;
    await this.#do('Restoring', 'The backup was not restored', async () => {
      const backup = await openBackup(file);
      const putAsset = (pixels: Parameters<typeof startPictures.keep>[0]): Promise<string> =>
        startPictures.keep(pixels);
      const words = backup.words && (await takeWords(backup.words, await readyWords(drawing.open())));
      let settingsBack: () => void;
      try {
        settingsBack = takeSettings(backup, this.#studio);
      } catch (thrown) {
        // Nothing would offer to take the words back.
        words?.undo();
        throw thrown;
      }
      const ids: number[] = [];
      const undo = (): void => {
        settingsBack();
        words?.undo();
        if (ids.length > 0) void gallery.remove(ids.map((id) => gallery.currentId(id)));
      };
      const offer = (text: string): void => this.#studio.offer({ words: text, undo });
      const said = (text: string): string => [text, words?.words].filter(Boolean).join(' ');
      try {
        await restoreAssets(backup, formNaming(backup), { putAsset });
        const sketches = await openSketches(drawing);
        const restored = await restorePictures(backup, {
          get pictures() {
            return gallery.pictures;
          },
          adopt: (finished) => gallery.adopt(finished, (id) => ids.push(id)),
          putAsset,
          onProgress: (done, count) => this.#tell(done, count),
        });
        if (sketches) await restoreSketches(backup.entries, sketches, () => this.#studio.tidy());
        offer(said(restoredText(ids.length, restored)));
      } catch (thrown) {
        const came = `Restored: ${counted(ids.length)} of ${backup.pictures.length}, styles and settings.`;
        offer(`${said(came)} Then it ended: ${toAppError(thrown).message}`);
      }
    });
  }

  async importFiles(files: readonly File[]): Promise<void> {
    const { gallery, library } = this.#studio;
    await this.#do('Import', 'The pictures were not imported', async () => {
      let came = 0;
      const target = {
        models: library.items.map(({ entry, stored }) => ({ ...entry, hash: stored?.sha256 })),
        get pictures() {
          return gallery.pictures;
        },
        file: (id: number) => gallery.file(id),
        adopt: (finished: readonly FinishedPicture[]) => gallery.adopt(finished, () => (came += 1)),
        onProgress: (done: number) => this.#tell(done, files.length),
      };
      const { known, left } = await importPictures(files, target).catch((thrown: unknown) => {
        const { code, message } = toAppError(thrown);
        throw came === 0 ? thrown : new AppError(code, `${counted(came)} of ${files.length} came. ${message}`);
      });
      const more = left.length > MOST_NAMED ? ` And ${left.length - MOST_NAMED} more.` : '';
      const about = left.length === 0 ? '' : ` Left out: ${left.slice(0, MOST_NAMED).join(' ')}${more}`;
      this.#studio.said = `${counted(came)} taken in.${known === 0 ? '' : ` ${known} were here already.`}${about}`;
    });
  }

  #tell(done: number, count: number): void {
    if (this.#progress) this.#progress = { ...this.#progress, done, count };
  }

  /** Who closes the page meanwhile is asked. */
  async #do(what: string, failed: string, work: () => Promise<void>): Promise<void> {
    if (this.#progress) return;
    this.#progress = { what, done: 0, count: 0 };
    window.addEventListener('beforeunload', askBeforeUnload);
    try {
      await work();
    } catch (thrown) {
      // Whoever closes the browser's dialog has changed their mind.
      if (thrown instanceof DOMException && thrown.name === 'AbortError') return;
      this.#studio.said = `${failed}: ${toAppError(thrown).message}`;
    } finally {
      this.#progress = undefined;
      window.removeEventListener('beforeunload', askBeforeUnload);
    }
  }
}

/** Undefined where there is no room for them, or it does not answer. */
async function openSketches({ openStore }: Studio['drawing']): Promise<SketchStore | undefined> {
  if (!openStore) return undefined;
  const store = await openStore(SKETCH_STORE).catch(
    (error: unknown) => void console.info('No sketches are here.', error),
  );
  return store ? new SketchStore(store) : undefined;
}

function restoredText(came: number, { known, left }: Restored): string {
  const about = known === 0 ? '' : ` ${known} were here already.`;
  return `Restored: ${counted(came)}, styles and settings.${about}${left === 0 ? '' : ` ${left} are damaged.`}`;
}

function counted(count: number): string {
  return count === 1 ? '1 picture' : `${count} pictures`;
}
