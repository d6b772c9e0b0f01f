/** What is painted for the form, mask and sketch: opened, kept meanwhile and at the end. */
import { toAppError } from '../../../core/errors';
import { raster } from '../../../core/image/raster';
import type { Pixels } from '../../../engine/api';
import type { Studio } from '../studio.svelte';
import { readMaskFile } from './mask-file';
import { openSession, type Session, type ToPaint } from './session';
import { SKETCH_STORE, SketchStore } from './sketch-store';

type Parts = Pick<Studio, 'settings' | 'startPictures' | 'form' | 'said' | 'drawing'>;

/** What changes the form; what is not there stays as it is. */
interface Change {
  initImage?: string | undefined;
  initMask?: string | undefined;
}

/** Larger ones take the page's time: they are kept when it is left. */
const QUICK_PIXELS = 4e6;
/** Pixels a side of a blank sheet, where the form says none. */
const SHEET_SIDE = 512;
/** A sheet's colour, at first. */
const WHITE = '#ffffff';

export class KeptCanvas {
  readonly #studio: Parts;
  #session = $state.raw<Session>();
  #isFinishing = $state(false);
  #shelf: SketchStore | undefined;
  /** Number of the newest opening: what an earlier one brings late is for nobody. */
  #turn = 0;
  /** The form's picture that is painted on; undefined: a blank sheet. */
  #image: string | undefined;
  /** It began as a blank sheet, whatever the form's picture is by now. */
  #isSheet = false;
  /** The sketch that was kept last. */
  #kept: string | undefined;
  #keptAt = { mask: 0, sketch: 0 };
  /** The step of the form's Undo that this is. */
  #step: Studio['form']['last'];
  /** One after another: each puts its own in the form. */
  #keeping: Promise<unknown> = Promise.resolve();

  constructor(studio: Parts) {
    this.#studio = studio;
  }

  /** Undefined until it is open. */
  get session(): Session | undefined {
    return this.#session;
  }
  /** It is being kept, and closes then. */
  get isFinishing(): boolean {
    return this.#isFinishing;
  }
  /** Another number after each change that can be kept at once; 0 where there is none. */
  get revision(): number {
    const { mask, sketch } = this.#session ?? {};
    if (!mask || !sketch || mask.size.width * mask.size.height > QUICK_PIXELS) return 0;
    return mask.revision + sketch.revision;
  }

  /** False where it cannot be, which is said. */
  async open(): Promise<boolean> {
    const turn = ++this.#turn;
    this.#step = this.#kept = undefined;
    this.#keptAt = { mask: 0, sketch: 0 };
    this.#image = this.#studio.settings.initImage;
    this.#isSheet = this.#image === undefined;
    try {
      const found = await this.#images();
      if (turn === this.#turn) this.#session = openSession(found);
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
    for (const editor of [session.mask, session.sketch]) editor.end(); // a stroke under way
    this.#isFinishing = true;
    try {
      await this.#keep(session, true);
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

  /** Keeps what is painted so far, for a page that does not come to its end. */
  async keepMeanwhile(): Promise<void> {
    const session = this.#session;
    if (!session || this.#isFinishing) return;
    try {
      if (await this.#keep(session)) this.#studio.form.dismiss(); // it is told at the end
    } catch (error) {
      console.info('What was painted was not kept meanwhile.', error);
    }
  }

  /** What is white in a picture is masked; of one that is seen through, what is not. */
  async takeFile(file: File): Promise<void> {
    try {
      const { mask } = this.#session ?? {};
      if (mask) mask.replace(await readMaskFile(file, mask.size));
    } catch (error) {
      this.#say(error);
    }
  }

  /** A mask whose file is gone is painted again. */
  async #images(): Promise<ToPaint> {
    const { settings, startPictures } = this.#studio;
    const { initImage, initMask } = settings;
    if (initImage === undefined) return { picture: this.#sheet(), mask: undefined };
    const isLost = initMask === undefined || startPictures.isMissing(initMask);
    const images = (await startPictures.imagesOf(isLost ? { initImage } : { initImage, initMask })) ?? {};
    const { base, layer } = (await this.#sketchOf(initImage)) ?? { base: images[initImage] };
    return { picture: base, layer, mask: isLost ? undefined : images[initMask] };
  }

  /** White, of the form's size. */
  #sheet(): Pixels {
    const { width, height } = this.#studio.settings;
    const sheet = raster({ width: width ?? SHEET_SIDE, height: height ?? SHEET_SIDE }, 4);
    sheet.data.fill(255);
    return sheet;
  }

  async #sketchOf(hash: string): ReturnType<SketchStore['get']> {
    try {
      return await (await this.#openStore()).get(hash);
    } catch (error) {
      console.info('The sketch is one with its picture: its colours alone cannot be read.', error);
      return undefined;
    }
  }

  async #openStore(): Promise<SketchStore> {
    this.#shelf ??= new SketchStore(await this.#studio.drawing.openStore?.(SKETCH_STORE));
    return this.#shelf;
  }

  #keep(session: Session, isLast = false): Promise<boolean> {
    const kept = this.#keeping.then(() => this.#keepNow(session, isLast));
    this.#keeping = kept.catch(() => undefined);
    return kept;
  }

  /**
   * False where there is nothing to keep, or the form's picture is another by now, which only the end of it all takes the place of.
   *
   * @throws AppError 'quota'
   */
  async #keepNow(session: Session, isLast: boolean): Promise<boolean> {
    const { mask, sketch } = session;
    const at = { mask: mask.revision, sketch: sketch.revision };
    const isBlank = this.#isSheet && isUntouched(session);
    if (this.#image === undefined && isBlank) return false;
    const isSketched = at.sketch > this.#keptAt.sketch || this.#image === undefined;
    const isMasked = at.mask > this.#keptAt.mask;
    if (!isSketched && !isMasked) return false;
    const { settings } = this.#studio;
    const isOther = (): boolean => settings.initImage !== this.#image;
    // Nothing would name it.
    if (isOther() && (!isLast || isBlank)) return false;
    const change: Change = isBlank ? { initImage: undefined, initMask: undefined } : {};
    if (isSketched && !isBlank) change.initImage = await this.#keepSketch(sketch);
    if (isMasked && !isBlank) change.initMask = await this.#maskOf(session);
    if (!isOther()) this.#use(change);
    else if (isLast && !isBlank) {
      const initMask = isMasked ? change.initMask : await this.#maskOf(session);
      this.#comeBack({ initImage: this.#image, ...change, initMask });
    } else return false;
    this.#keptAt = at;
    return true;
  }

  async #maskOf({ mask }: Session): Promise<string | undefined> {
    const pixels = mask.toPixels();
    return pixels && (await this.#studio.startPictures.put(pixels));
  }

  /** Another picture came while this one was painted on: what was painted is not lost, and Undo has the other. */
  #comeBack(all: Change): void {
    const { form, settings } = this.#studio;
    form.change('What you painted is back, in place of the picture that came meanwhile', () =>
      Object.assign(settings, all),
    );
    this.#image = settings.initImage;
  }

  /** @returns the hash of the picture with the colours on it */
  async #keepSketch(sketch: Session['sketch']): Promise<string> {
    const [composed, layer, base] = [copy(sketch.composed()), sketch.layer && copy(sketch.layer), copy(sketch.base)];
    const hash = await this.#studio.startPictures.put(composed);
    if (layer && !sketch.isEmpty)
      try {
        await (await this.#openStore()).put(hash, { base, layer }, this.#kept);
        this.#kept = hash;
      } catch (error) {
        console.info('The sketch becomes one with its picture: its colours alone were not kept.', error);
      }
    return hash;
  }

  /** One step of the form's Undo, however often it is kept. */
  #use(change: Change): void {
    const { form, settings } = this.#studio;
    const isNewest = this.#step !== undefined && form.last === this.#step;
    const { initImage, initMask } = settings;
    const all: Change = { ...(initImage !== undefined && { initImage }), initMask, ...change };
    // Nothing else was changed since: only then may the step be made anew.
    if (isNewest && JSON.stringify(this.#step?.after) === JSON.stringify(settings.toSnapshot())) form.undo();
    const { last } = form;
    form.change(whatOf(all, settings), () => Object.assign(settings, all));
    this.#step = form.last === last ? undefined : form.last;
    this.#image = settings.initImage;
  }

  #say(error: unknown): void {
    this.#studio.said = toAppError(error).message;
  }
}

/** A white sheet again, all undone; looked at, too, for the history forgets what is far back. */
const isUntouched = ({ mask, sketch }: Session): boolean =>
  !mask.canUndo && mask.share === 0 && sketch.isEmpty && sketch.paper === WHITE;

function whatOf({ initImage, initMask }: Change, before: Change): string {
  if (initImage === undefined && before.initImage !== undefined) return 'Sketch removed';
  if (initImage !== before.initImage) return 'Sketch';
  return initMask === undefined ? 'Mask removed' : 'Mask';
}

const copy = ({ width, height, data }: Pixels): Pixels => ({ width, height, data: data.slice() });
