/** A mask while it is painted. What is seen of it is the stage's business, which is told what has changed. */
import { growMask, invertMask, maskShare } from '../../../core/image/masks';
import { toRgba, type Box, type Mask, type Raster } from '../../../core/image/raster';
import type { Pixels } from '../../../engine/api';
import { PaintHistory } from './paint-history.svelte';
import { Strokes, type Tool } from './strokes.svelte';

const ALL = 255;

export class MaskEditor extends Strokes {
  readonly tools: readonly Tool[] = ['brush', 'eraser', 'lasso', 'rectangle', 'hand'];
  readonly #mask: Mask;
  readonly #onChange: (box: Box) => void;
  #share = $state(0);

  /** @param mask  is painted on. @param onChange  is told where. @param history  of all that is painted on together */
  constructor(mask: Mask, onChange: (box: Box) => void, history = new PaintHistory()) {
    super(mask, history);
    this.#mask = mask;
    this.#onChange = onChange;
    this.#share = maskShare(mask);
    history.watch(mask, (box) => {
      onChange(box);
      this.#recount();
    });
  }

  get mask(): Mask {
    return this.#mask;
  }
  /** How much of the picture is masked: 0…1. */
  get share(): number {
    return this.#share;
  }

  paintAll(): void {
    this.#change(() => this.#mask.data.fill(this.level));
  }
  clear(): void {
    this.#change(() => this.#mask.data.fill(0));
  }
  invert(): void {
    this.#change(() => this.#mask.data.set(invertMask(this.#mask).data));
  }
  /** @param px  negative shrinks */
  grow(px: number): void {
    this.#change(() => this.#mask.data.set(growMask(this.#mask, px).data));
  }
  /** @param other  of any kind, of the mask's size */
  replace(other: Mask): void {
    this.#change(() => this.#mask.data.set(other.data));
  }

  /**
   * Where a stroke of colour went, the mask is whole where colour is left and nothing where none is, as Forge has it; in A1111 a colour
   * that is the picture's own masks nothing. The caller keeps the step.
   */
  follow(stroke: Mask, colours: Raster<4>, box: Box): void {
    for (let row = box.top; row < box.bottom; row++)
      for (let at = row * stroke.width + box.left; at < row * stroke.width + box.right; at++)
        if (stroke.data[at] > 0) this.#mask.data[at] = colours.data[4 * at + 3] > 0 ? ALL : 0;
    this.#onChange(box);
    this.#recount();
  }

  /** The mask as it is kept: white where it is painted anew. Undefined where nothing is. */
  toPixels(): Pixels | undefined {
    return this.#mask.data.some((level) => level > 0) ? toRgba(this.#mask) : undefined;
  }

  protected target(erases: boolean): { on: Mask; level: number } {
    return { on: this.#mask, level: erases ? 0 : this.level };
  }
  protected changed(box: Box): void {
    this.#onChange(box);
  }
  protected drop(box: Box): void {
    this.history.drop(this.#mask, box);
    this.#onChange(box);
  }
  protected done(box: Box): void {
    this.history.take([this.#mask, box]);
    this.#recount();
  }

  #change(work: () => void): void {
    work();
    this.#onChange(this.whole);
    this.done(this.whole);
  }

  #recount(): void {
    this.count();
    this.#share = maskShare(this.#mask);
  }
}
