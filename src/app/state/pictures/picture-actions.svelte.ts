/** What can be done with a finished picture, wherever it is shown. */
import { toAppError } from '../../../core/errors';
import type { ModelEntry } from '../../../core/catalog';
import type { GenerationRequest } from '../../../core/recipe/request';
import type { PictureMime } from './encode-picture';
import { fetchPart } from '../page/fetch-part';
import type { FormHistory } from '../settings/form-history.svelte';
import type { GalleryView } from '../gallery/gallery-view.svelte';
import type { Gallery } from '../gallery/gallery.svelte';
import type { ModelLibrary } from '../library/library.svelte';
import { fetchInLine } from '../graph/fetch-in-line';
import { LINE_FULL } from '../line/line-full';
import { LARGER_WAYS, largerWays, type LargerWay } from './larger-ways';
import { NO_FILE, type Picture } from './picture';
import type { AddOptions } from '../line/work';
import { pictureFileName, saveFile } from './save-file';
import { drawSeed } from '../settings/seed';
import type { Settings } from '../settings/settings.svelte';
import type { StartPictures } from '../start/start-pictures.svelte';
import type { Starting } from '../start/starting.svelte';

interface Parts {
  settings: Settings;
  gallery: Gallery;
  /** The library, which workflows are matched with. */
  library: ModelLibrary;
  galleryView: GalleryView;
  form: FormHistory;
  starting: Starting;
  startPictures: StartPictures;
  /** Puts a request in line; false where it could not be. */
  enqueue(request: GenerationRequest, options: Pick<AddOptions, 'extras' | 'graph'>): boolean;
  /** Says something in passing. */
  say: (words: string) => void;
  /** Folder the app is served from: links begin with it. */
  baseUrl: string;
}

/** Reads and writes recipes: not needed to paint. */
const importRecipes = () => import('./picture-recipe');
/** Makes other kinds of files of a picture. */
const importFiles = () =>
  Promise.all([importRecipes(), import('./encode-picture'), import('../../../core/image/metadata')]);
type Recipes = Awaited<ReturnType<typeof importRecipes>>;

export class PictureActions {
  readonly #parts: Parts;
  #zipped = $state<number>();

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** All that made it goes into the form. */
  async useRecipe(picture: Picture): Promise<void> {
    const { request, modelName } = picture;
    const { form, settings, galleryView } = this.#parts;
    const recipes = await this.#recipes();
    if (!recipes) return;
    const extras = recipes.extrasOf(picture);
    form.change('Recipe taken over', () => {
      settings.useRequest(request);
      settings.extras = extras;
    });
    if (!settings.hasModel(request.model))
      this.#parts.say(`Not in your library: ${modelName}. Another model will paint.`);
    galleryView.isOpen = false;
    galleryView.largeId = undefined;
  }

  /** The next picture starts from this one; the rest of the form stays. */
  async startFrom(picture: Picture): Promise<void> {
    if (!(await this.#parts.starting.fromPicture(picture))) return;
    this.#parts.galleryView.isOpen = false;
    this.#parts.galleryView.largeId = undefined;
  }

  /** Puts the same recipe in line with a seed drawn anew; the form stays as it is. */
  async again(picture: Picture): Promise<void> {
    if (picture.graph) return await this.#graphAgain(picture);
    const seed = drawSeed();
    const recipes = await this.#recipes();
    if (!recipes) return;
    const isTaken = this.#parts.enqueue({ ...picture.request, seed }, { extras: recipes.extrasOf(picture) });
    this.#parts.say(isTaken ? `In line: the same with seed ${seed}` : LINE_FULL);
  }

  async #graphAgain(picture: Picture): Promise<void> {
    const [file, part] = await Promise.all([this.#file(picture), fetchPart(fetchInLine, this.#parts.say)]);
    if (file && part) await part.graphAgain(file, picture, { ...this.#parts, full: LINE_FULL });
  }

  /** Ways in which it can be made larger. */
  largerWays(picture: Picture): LargerWay[] {
    return largerWays(picture, this.#modelOf(picture)?.size);
  }

  #modelOf({ request }: Picture): ModelEntry | undefined {
    return this.#parts.library.usable.find(({ id }) => id === request.model);
  }

  /** Puts the picture itself in line, to be made larger by the network that comes with the app, or painted again larger. */
  async enlarge(picture: Picture, way: LargerWay = 'network'): Promise<void> {
    const { say, startPictures } = this.#parts;
    const [file, part] = await Promise.all([
      this.#file(picture),
      fetchPart(() => Promise.all([import('../start/enlarge-picture'), importRecipes()]), say),
    ]);
    if (!file || !part) return;
    try {
      const [{ largerRequest }, recipes] = part;
      const asked = { request: picture.request, way, model: this.#modelOf(picture) };
      const { request, problem, without } = await largerRequest(file, asked, startPictures);
      if (problem !== undefined) return say(problem);
      const isTaken = this.#parts.enqueue(request, { extras: recipes.extrasOf(picture) });
      const done = LARGER_WAYS[way].done + (without === undefined ? '' : `, without ${without}`);
      say(isTaken ? done : LINE_FULL);
    } catch (thrown) {
      say(toAppError(thrown).message);
    }
  }

  /** Whether this browser puts pictures on the clipboard. */
  readonly canCopyPicture = typeof ClipboardItem !== 'undefined';

  /** The picture itself, for a chat or a document. */
  async copyPicture(picture: Picture): Promise<void> {
    // Safari wants the item within the click, so the file comes as a promise.
    const file = this.#parts.gallery.file(picture.id).then((found) => found ?? Promise.reject(new Error(NO_FILE)));
    try {
      await navigator.clipboard.write([new ClipboardItem({ 'image/png': file })]);
      this.#parts.say('Picture copied');
    } catch (thrown) {
      this.#parts.say(`The browser did not let it be copied: ${toAppError(thrown).message}`);
    }
  }

  async copyRecipe(picture: Picture): Promise<void> {
    await this.#copy(({ infotextOf }) => infotextOf(picture), 'Recipe copied');
  }

  async copyLink(picture: Picture): Promise<void> {
    await this.#copy(({ linkOf }) => linkOf(picture, this.#parts.baseUrl), 'Link copied');
  }

  /** Saves as another kind of file, with the recipe where A1111 puts it. */
  async saveAs(picture: Picture, mime: PictureMime): Promise<void> {
    const [file, part] = await Promise.all([this.#file(picture), fetchPart(importFiles, this.#parts.say)]);
    if (!file || !part) return;
    const [recipes, { convertPicture, withInfotext }] = part;
    try {
      const converted = await withInfotext(await convertPicture(file, mime), recipes.infotextOf(picture));
      saveFile(converted, pictureFileName(picture.request, mime.replace('image/', '').replace('jpeg', 'jpg')));
    } catch (thrown) {
      this.#parts.say(toAppError(thrown).message);
    }
  }

  /** Hands picture and link to another app, where the device can. */
  async share(picture: Picture): Promise<void> {
    const [file, recipes] = await Promise.all([this.#file(picture), this.#recipes()]);
    if (!file || !recipes) return;
    const files = [new File([file], pictureFileName(picture.request), { type: 'image/png' })];
    try {
      await navigator.share({ files, text: recipes.linkOf(picture, this.#parts.baseUrl) });
    } catch (thrown) {
      // Whoever closes the system's sheet has changed their mind.
      if (!(thrown instanceof DOMException && thrown.name === 'AbortError'))
        this.#parts.say(`It could not be shared: ${toAppError(thrown).message}`);
    }
  }

  /** Undefined where they do not come, which has been said. */
  #recipes(): Promise<Recipes | undefined> {
    return fetchPart(importRecipes, this.#parts.say);
  }

  async #copy(write: (recipes: Recipes) => string, done: string): Promise<void> {
    const fetching = this.#recipes();
    const text = fetching.then((recipes) => (recipes ? write(recipes) : Promise.reject(new Error('no recipes'))));
    try {
      // As with pictures: within the click.
      if (this.canCopyPicture) {
        const file = text.then((words) => new Blob([words], { type: 'text/plain' }));
        await navigator.clipboard.write([new ClipboardItem({ 'text/plain': file })]);
      } else {
        const words = await text;
        await navigator.clipboard.writeText(words);
      }
      this.#parts.say(done);
    } catch (thrown) {
      if (await fetching) this.#parts.say(`The browser did not let it be copied: ${toAppError(thrown).message}`);
    }
  }

  /** Pictures in the ZIP so far; undefined while none is made. */
  get zipped(): number | undefined {
    return this.#zipped;
  }

  /** Has the browser save them as one ZIP file. */
  async saveZip(pictures: readonly Picture[]): Promise<void> {
    this.#zipped = 0;
    try {
      const part = await fetchPart(() => import('./zip-pictures'), this.#parts.say);
      if (!part) return;
      const left = await part.saveZip({
        pictures,
        read: (id) => this.#parts.gallery.file(id),
        onProgress: (done) => (this.#zipped = done),
      });
      if (left > 0)
        this.#parts.say(`${left} of ${pictures.length} pictures are not in the ZIP file: they cannot be read.`);
    } catch (thrown) {
      this.#parts.say(`The ZIP file was not made: ${toAppError(thrown).message}`);
    } finally {
      this.#zipped = undefined;
    }
  }

  /** Has the browser save the exact file. */
  async save(picture: Picture): Promise<void> {
    const file = await this.#file(picture);
    if (file) saveFile(file, pictureFileName(picture.request));
  }

  /** Says why where there is none. */
  async #file({ id }: Picture): Promise<Blob | undefined> {
    try {
      const file = await this.#parts.gallery.file(id);
      if (!file) this.#parts.say(NO_FILE);
      return file;
    } catch (thrown) {
      this.#parts.say(`The file of this picture cannot be read: ${toAppError(thrown).message}`);
      return undefined;
    }
  }
}
