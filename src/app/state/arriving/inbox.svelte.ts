/** What comes into the page from outside: files, links, styles, earlier prompts. Each change of the form can be undone. */
import { toAppError } from '../../../core/errors';
import type { Note } from '../../../core/recipe/infotext';
import type { PickedFile } from '../../../engine/library-api';
import type { PromptPair, Style } from '../../../core/prompt';
import { fetchPart } from '../page/fetch-part';
import type { FormHistory } from '../settings/form-history.svelte';
import { kindOfFile } from './file-kind';
import type { Incoming } from './incoming.svelte';
import type { ModelLibrary } from '../library/library.svelte';
import type { PromptStore } from '../prompt/prompt-store.svelte';
import type { Settings } from '../settings/settings.svelte';
import type { StartPictures } from '../start/start-pictures.svelte';
import type { Starting } from '../start/starting.svelte';

interface Parts {
  settings: Settings;
  form: FormHistory;
  library: ModelLibrary;
  shelf: PromptStore;
  starting: Starting;
  startPictures: StartPictures;
  /** Says something in passing. */
  say: (words: string) => void;
}

export class Inbox {
  readonly #parts: Parts;
  #incoming = $state.raw<Incoming>();
  #reader: Promise<Incoming> | undefined;
  /** What there is to know about the recipe that a link has brought. */
  linkNotes = $state.raw<readonly Note[]>([]);
  /** A link's recipe is in the form, and nothing was done with it yet. */
  hasArrived = $state(false);

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** A recipe that waits for its parts to be taken over; nothing before its reader is here. */
  get incoming(): Incoming | undefined {
    return this.#incoming;
  }

  /** Fetches what reads recipes of all kinds. */
  openReader(): Promise<Incoming> {
    this.#reader ??= this.#createReader().catch((error: unknown) => {
      this.#reader = undefined;
      throw error;
    });
    return this.#reader;
  }

  async #createReader(): Promise<Incoming> {
    const { Incoming } = await import('./incoming.svelte');
    const { settings, form, library, starting, say, startPictures } = this.#parts;
    const models = () => library.items.map(({ entry, stored }) => ({ ...entry, hash: stored?.sha256 }));
    return (this.#incoming = new Incoming({
      ...{ settings, form, models, library, starting, say },
      isMissing: (hash) => startPictures.isMissing(hash),
    }));
  }

  /** Models, LoRAs and embeddings go into the library, styles to the styles; pictures and texts are read, one of them is shown. */
  async takeFiles(files: readonly File[]): Promise<void> {
    const { library, say } = this.#parts;
    const ofKind = (kind: string): File[] => files.filter((file) => kindOfFile(file) === kind);
    const [models, styles, recipes] = [ofKind('model'), ofKind('styles'), ofKind('recipe')];
    for (const file of styles) await this.takeStyles(file);
    if (models.length > 0) {
      library.show();
      // Notes and pictures come along: those of a LoRA lie beside it.
      await library.importFiles(files.filter((file) => !styles.includes(file)));
    } else if (recipes.length > 0) await (await fetchPart(() => this.openReader(), say))?.openFiles(recipes);
  }

  /** A folder that was dropped: only models come in folders. Never rejects. */
  async takeModels(files: Promise<readonly PickedFile[]>): Promise<void> {
    const { library, say } = this.#parts;
    try {
      const picked = await files;
      library.show();
      await library.importFiles(picked);
    } catch (thrown) {
      say(`The folder could not be read: ${toAppError(thrown).message}`);
    }
  }

  /** Takes over a styles.csv as A1111 writes it. */
  async takeStyles(file: File): Promise<void> {
    const { shelf, say } = this.#parts;
    try {
      const count = shelf.importStyles(await file.text());
      say(count === 1 ? '1 style imported' : `${count} styles imported`);
    } catch (thrown) {
      say(`${file.name}: ${toAppError(thrown).message}`);
    }
  }

  useStyle(style: Style): void {
    const { settings, shelf } = this.#parts;
    this.usePrompts(`Style "${style.name}" put into the prompts`, shelf.apply(settings, style));
  }

  usePrompts(what: string, { prompt, negativePrompt }: PromptPair): void {
    const { settings, form } = this.#parts;
    form.change(what, () => Object.assign(settings, { prompt, negativePrompt }));
  }

  /** False where the text is only words, which belong where the caret is. */
  async takeText(text: string): Promise<boolean> {
    return (await this.openReader()).openText(text);
  }

  /** A link's recipe goes into the form; nothing begins by itself. False where the address holds none, or it cannot be read now. */
  async takeLink(address: string): Promise<boolean> {
    if (!address.includes('#')) return false;
    const parts = await fetchPart(
      () => Promise.all([import('../../../core/recipe/links'), this.openReader()]),
      this.#parts.say,
    );
    if (!parts) return false;
    const [{ readLink }, incoming] = parts;
    const link = readLink(address);
    if (!link) return false;
    this.linkNotes = incoming.applyAll({ ...link, form: 'link' });
    this.hasArrived = true;
    return true;
  }
}
