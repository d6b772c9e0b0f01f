/** What can be done with a finished picture, wherever it is shown. */
import { toAppError } from '../../core/errors';
import type { GenerationRequest } from '../../core/request';
import type { FormHistory } from './form-history.svelte';
import type { GalleryView } from './gallery-view.svelte';
import type { Gallery } from './gallery.svelte';
import type { Picture } from './picture';
import { pictureFileName, saveFile } from './save-file';
import { drawSeed } from './seed';
import type { Settings } from './settings.svelte';
import { saveZip } from './zip-pictures';

interface Parts {
  settings: Settings;
  gallery: Gallery;
  view: GalleryView;
  form: FormHistory;
  /** Puts a request in line; false where it could not be. */
  enqueue: (request: GenerationRequest) => boolean;
  /** Says something in passing. */
  say: (words: string) => void;
}

export class PictureActions {
  readonly #parts: Parts;
  #zipped = $state<number>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** All that made it goes into the form. */
  useRecipe({ request }: Picture): void {
    const { form, settings, view } = this.#parts;
    form.change('Recipe taken over', () => settings.useRequest(request));
    view.isOpen = false;
    view.largeId = undefined;
  }

  /** Puts the same recipe in line with a seed drawn anew; the form stays as it is. */
  again({ request }: Picture): void {
    const seed = drawSeed();
    if (this.#parts.enqueue({ ...request, seed })) this.#parts.say(`In line: the same with seed ${seed}`);
  }

  /** Pictures in the ZIP so far; undefined while none is made. */
  get zipped(): number | undefined {
    return this.#zipped;
  }

  /** Has the browser save them as one ZIP file. */
  async saveZip(pictures: readonly Picture[]): Promise<void> {
    this.#zipped = 0;
    try {
      await saveZip({
        pictures,
        read: (id) => this.#parts.gallery.file(id),
        onProgress: (done) => (this.#zipped = done),
      });
    } catch (thrown) {
      this.#parts.say(`The ZIP file was not made: ${toAppError(thrown).message}`);
    } finally {
      this.#zipped = undefined;
    }
  }

  /** Has the browser save the exact file. */
  async save(picture: Picture): Promise<void> {
    const file = await this.#parts.gallery.file(picture.id);
    if (file) saveFile(file, pictureFileName(picture.request));
  }
}
