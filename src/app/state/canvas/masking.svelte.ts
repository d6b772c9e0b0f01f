/** The mask of the form's picture: opened for painting, kept meanwhile and at the end. */
import { toAppError } from '../../../core/errors';
import type { Studio } from '../studio.svelte';
import { readMaskFile } from './mask-file';
import { openMask, type MaskSession, type ToPaint } from './mask-session';

type Parts = Pick<Studio, 'settings' | 'startPictures' | 'form' | 'said'>;

/** Larger masks take the page's time: they are kept when it is left. */
const QUICK_PIXELS = 4e6;

export class Masking {
  readonly #studio: Parts;
  #session = $state.raw<MaskSession>();
  #isFinishing = $state(false);
  /** Of each opening: what comes late is for nobody. */
  #turn = 0;
  /** The picture that is masked. */
  #image: string | undefined;
  /** The step of the form's Undo that this mask is. */
  #step: Studio['form']['last'];

  constructor(studio: Parts) {
    this.#studio = studio;
  }

  /** Undefined until it is open. */
  get session(): MaskSession | undefined {
    return this.#session;
  }
  /** It is being kept, and closes then. */
  get isFinishing(): boolean {
    return this.#isFinishing;
  }
  /** Another number after each change that can be kept at once; 0 where there is none. */
  get revision(): number {
    const { editor } = this.#session ?? {};
    return editor && editor.size.width * editor.size.height <= QUICK_PIXELS ? editor.revision : 0;
  }

  /** False where it cannot be, which is said. */
  async open(): Promise<boolean> {
    const turn = ++this.#turn;
    this.#step = undefined;
    this.#image = this.#studio.settings.initImage;
    try {
      const made = await openMask(await this.#images());
      if (turn === this.#turn) this.#session = made;
      else made.close();
      return true;
    } catch (error) {
      this.#say(error);
      return false;
    }
  }

  /** Keeps it. False where it cannot be kept, which is said: it stays open then. */
  async finish(): Promise<boolean> {
    const session = this.#session;
    if (!session || this.#isFinishing) return !this.#isFinishing;
    session.editor.end(); // a stroke under way
    this.#isFinishing = true;
    try {
      await this.#keep(session);
      return true;
    } catch (error) {
      this.#say(error);
      return false;
    } finally {
      this.#isFinishing = false;
    }
  }

  close(): void {
    this.#turn += 1;
    this.#session?.close();
    this.#session = undefined;
  }

  /** For a page that does not come to its end. */
  async keepMeanwhile(): Promise<void> {
    const session = this.#session;
    if (!session || this.#isFinishing) return;
    try {
      if (await this.#keep(session)) this.#studio.form.dismiss(); // it is told at the end
    } catch (error) {
      console.info('The mask was not kept meanwhile.', error);
    }
  }

  /** What is white in a picture is masked; of one that is seen through, what is not. */
  async takeFile(file: File): Promise<void> {
    try {
      const { editor } = this.#session ?? {};
      if (editor) editor.replace(await readMaskFile(file, editor.size));
    } catch (error) {
      this.#say(error);
    }
  }

  /** A mask whose file is gone is painted again. */
  async #images(): Promise<ToPaint> {
    const { settings, startPictures } = this.#studio;
    const { initImage = '', initMask } = settings;
    const isLost = initMask === undefined || startPictures.isMissing(initMask);
    const images = (await startPictures.imagesOf(isLost ? { initImage } : { initImage, initMask })) ?? {};
    return { picture: images[initImage], mask: isLost ? undefined : images[initMask] };
  }

  /** False where there is nothing to keep, or the picture is another by now. @throws AppError 'quota' */
  async #keep({ editor }: MaskSession): Promise<boolean> {
    if (editor.revision === 0) return false;
    const pixels = editor.toPixels();
    const hash = pixels && (await this.#studio.startPictures.put(pixels));
    if (this.#studio.settings.initImage !== this.#image) return false;
    this.#use(hash);
    return true;
  }

  /** One step of the form's Undo, however often it is kept. */
  #use(hash: string | undefined): void {
    const { form, settings } = this.#studio;
    const isNewest = this.#step !== undefined && form.last === this.#step;
    // Nothing else was changed since: only then may the step be made anew.
    if (isNewest && JSON.stringify(this.#step?.after) === JSON.stringify(settings.toSnapshot())) form.undo();
    const { last } = form;
    form.change(hash === undefined ? 'Mask removed' : 'Mask', () => (settings.initMask = hash));
    this.#step = form.last === last ? undefined : form.last;
  }

  #say(error: unknown): void {
    this.#studio.said = toAppError(error).message;
  }
}
