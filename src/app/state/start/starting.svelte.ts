/** Choosing the picture that the next one starts from, wherever it is chosen; each change of the form can be undone. */
import { toAppError } from '../../../core/errors';
import { fetchPart } from '../page/fetch-part';
import type { FormHistory } from '../settings/form-history.svelte';
import type { Gallery } from '../gallery/gallery.svelte';
import { NO_FILE, type Picture } from '../pictures/picture';
import type { Settings } from '../settings/settings.svelte';
import type { Look, StartPictures } from './start-pictures.svelte';

interface Parts {
  settings: Settings;
  form: FormHistory;
  gallery: Gallery;
  startPictures: StartPictures;
  /** Says something in passing. */
  say: (words: string) => void;
}

interface Taking {
  /** It was chosen at the control, which says what is wrong with it. */
  isInForm?: boolean;
  /** The form's size becomes its own. */
  usesSize?: boolean;
  /** The mask that the picture was made with. */
  mask?: string | undefined;
}

/** Reads picture files: not needed to paint from words. */
const importReader = () =>
  Promise.all([import('./read-start-picture'), import('./start-size'), import('./mask-beneath')]);

export class Starting {
  readonly #parts: Parts;
  #busy = $state(0);
  #problem = $state<string>();
  #note = $state.raw<{ hash: string; words: string }>();

  /** How the form's picture looks; undefined where there is none, or it is not here. */
  readonly look: Look | undefined = $derived.by(() => {
    const { initImage } = this.#parts.settings;
    return initImage === undefined ? undefined : this.#parts.startPictures.look(initImage);
  });

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** A picture is being read. */
  get isBusy(): boolean {
    return this.#busy > 0;
  }
  /** Why the last file that was chosen in the form is none to start from. */
  get problem(): string | undefined {
    return this.#problem;
  }
  /** What was done to the form's picture when it was read. */
  get note(): string | undefined {
    return this.#note?.hash === this.#parts.settings.initImage ? this.#note?.words : undefined;
  }

  /** @param isInForm  it was chosen at the control, which says what is wrong with it. Never rejects. */
  async fromFile(file: File, isInForm = false): Promise<boolean> {
    return await this.#take(() => Promise.resolve(file), { isInForm });
  }

  /** The size of the form becomes that of the picture, where the model paints it. */
  async fromPicture({ id, request }: Picture): Promise<boolean> {
    const read = async (): Promise<Blob> => {
      const file = await this.#parts.gallery.file(id);
      if (!file) throw new Error(NO_FILE);
      return file;
    };
    return await this.#take(read, { usesSize: true, mask: request.initMask });
  }

  remove(): void {
    this.#problem = undefined;
    this.#parts.form.change('Picture to start from removed', () =>
      Object.assign(this.#parts.settings, { initImage: undefined, initMask: undefined }),
    );
  }

  /** Takes the picture's size, or what comes nearest to it. */
  useSize({ width, height }: { width: number; height: number }): void {
    const { form, settings } = this.#parts;
    form.change(`Size ${width} × ${height}`, () => Object.assign(settings, { width, height }));
  }

  async #take(read: () => Promise<Blob>, { isInForm = false, usesSize = false, mask }: Taking = {}): Promise<boolean> {
    const { say, form, settings, startPictures } = this.#parts;
    this.#problem = undefined;
    this.#busy += 1;
    try {
      const part = await fetchPart(importReader, say);
      if (!part) return false;
      const [{ readStartPicture }, { startSize }, { maskBeneath }] = part;
      const { pixels, note } = await readStartPicture(await read());
      const hash = await startPictures.put(pixels);
      const { model } = settings;
      const { look } = this;
      // The mask stays on a picture that was repainted under it: the same part is tried again.
      const beneath =
        look && mask !== undefined && mask === settings.initMask
          ? await maskBeneath(mask, { from: look, to: pixels }, startPictures)
          : undefined;
      form.change('Starts from this picture', () => {
        settings.initImage = hash;
        settings.initMask = mask === settings.initMask ? beneath : undefined;
        if (usesSize) Object.assign(settings, startSize(pixels, model.defaults, model.size));
      });
      this.#note = note === undefined ? undefined : { hash, words: note };
      return true;
    } catch (thrown) {
      const { message } = toAppError(thrown);
      if (isInForm) this.#problem = message;
      else say(message);
      return false;
    } finally {
      this.#busy -= 1;
    }
  }
}
