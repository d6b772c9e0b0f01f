/** Colours painted over a picture while they are: what is left of them becomes part of the picture that is started from. */
import { compositeBox, layColour, type Colour } from '../../../core/image/paste';
import { raster, type Box, type Mask, type Raster } from '../../../core/image/raster';
import type { Point } from './brush';
import { toColour, toHex } from './colours';
import type { MaskEditor } from './mask-editor.svelte';
import type { PaintHistory } from './paint-history.svelte';
import { boxAround } from './shapes';
import { Strokes, type Tool } from './strokes.svelte';

interface Parts {
  /** What is painted over: opaque. */
  base: Raster<4>;
  /** What was painted so far; undefined: nothing. */
  layer: Raster<4> | undefined;
  history: PaintHistory;
  /** Is told where something is new to see. */
  onChange: (box: Box) => void;
  /** What is painted over is another colour. */
  onPaper: () => void;
  /** Is painted along with the colours, where that is wanted. */
  mask: Pick<MaskEditor, 'follow' | 'mask'>;
}

export class SketchEditor extends Strokes {
  readonly tools: readonly Tool[] = ['brush', 'eraser', 'lasso', 'rectangle', 'picker', 'hand'];
  readonly #parts: Parts;
  /** Undefined until something is painted: a large one takes memory. */
  #layer: Raster<4> | undefined;
  /** The stroke under way: how much of the colour is laid on. */
  #stroke: Mask | undefined;
  /** Part of the stroke that is not laid on the layer yet. */
  #pending: Box | undefined;
  #erases = false;
  /** The picture with the colours on it, but where it is stale. */
  #composed: Raster<4> | undefined;
  #stale: Box | undefined;
  #before: Tool = 'brush';
  /** Colour of the stroke under way, as it was when the stroke began. */
  #ink: string | undefined;

  colour = $state('#e53935');
  /** What is painted is masked, too: only there is the picture painted anew. */
  masks = $state(false);

  constructor(parts: Parts) {
    super(parts.base, parts.history);
    this.#parts = parts;
    if (parts.layer) this.#open(parts.layer);
  }

  /** The picture that is painted over. */
  get base(): Raster<4> {
    return this.#parts.base;
  }
  get layer(): Raster<4> | undefined {
    return this.#layer;
  }
  /** Whether nothing of the layer is seen. */
  get isEmpty(): boolean {
    const { data } = this.#layer ?? { data: [] };
    for (let i = 3; i < data.length; i += 4) if (data[i] > 0) return false;
    return true;
  }
  /** What is painted over is one colour: undefined where it is a picture. */
  get paper(): string | undefined {
    void this.revision;
    const { data } = this.#parts.base;
    const [colour] = new Uint32Array(data.buffer, data.byteOffset, 1);
    for (const one of new Uint32Array(data.buffer, data.byteOffset, data.length / 4))
      if (one !== colour) return undefined;
    return toHex([data[0], data[1], data[2]]);
  }
  set paper(hex: string) {
    const { base, history, onPaper } = this.#parts;
    if (!history.watches(base))
      history.watch(base, (box) => {
        onPaper();
        this.#see(box);
        this.count();
      });
    const [red, green, blue] = toColour(hex);
    for (let i = 0; i < base.data.length; i += 4) base.data.set([red, green, blue, 255], i);
    history.take([base, this.whole]);
    onPaper();
    this.#see(this.whole);
    this.count();
  }

  /** The picker takes the colour of what is seen there, and gives way to the tool before it. */
  override begin(at: Point, pressure?: number, erases?: boolean): void {
    if (this.tool === 'picker') return this.pick(at);
    this.#ink = this.colour;
    super.begin(at, pressure, erases);
  }
  override move(at: Point, pressure?: number, erases?: boolean): void {
    if (this.tool === 'picker') this.pick(at);
    else super.move(at, pressure, erases);
  }
  override end(erases?: boolean): void {
    if (this.tool === 'picker') this.tool = this.#before;
    else super.end(erases);
    this.#ink = undefined;
  }
  override giveUp(): void {
    super.giveUp();
    this.#ink = undefined;
  }

  /** Takes the colour picker in hand: with the tool that comes next, one paints with the colour. */
  takePicker(): void {
    if (this.tool === 'brush' || this.tool === 'lasso' || this.tool === 'rectangle') this.#before = this.tool;
    else this.#before = 'brush';
    this.tool = 'picker';
  }

  pick({ x, y }: Point): void {
    const [column, row] = [Math.floor(x), Math.floor(y)];
    if (column < 0 || row < 0 || column >= this.size.width || row >= this.size.height) return;
    const { data } = this.composed();
    const i = 4 * (row * this.size.width + column);
    this.colour = toHex([data[i], data[i + 1], data[i + 2]]);
  }

  clear(): void {
    if (!this.#layer) return;
    this.#layer.data.fill(0);
    this.#see(this.whole);
    this.history.take([this.#layer, this.whole]);
    this.count();
  }
  /** Covers all of the picture with the colour. */
  paintAll(): void {
    this.paintBox(this.whole, false);
  }

  /** What is pending of a stroke is laid on: before it is shown, once a frame. */
  settle(): void {
    if (!this.#pending || !this.#layer || !this.#stroke) return;
    const colour: Colour | undefined = this.#erases ? undefined : toColour(this.#ink ?? this.colour);
    layColour(this.#layer, this.history.known(this.#layer), { mask: this.#stroke, colour }, this.#pending);
    this.#stain(this.#pending);
    this.#pending = undefined;
  }

  /** The picture that is started from: to the byte as Pillow's `alpha_composite`. Not to be changed. */
  composed(): Raster<4> {
    this.settle();
    if (!this.#layer) return this.#parts.base;
    const stale = this.#composed ? this.#stale : this.whole;
    this.#composed ??= raster(this.size, 4);
    if (stale) compositeBox(this.#composed, this.#parts.base, this.#layer, stale);
    this.#stale = undefined;
    return this.#composed;
  }

  protected target(): { on: Mask; level: number } {
    if (!this.#layer) this.#open(raster(this.size, 4));
    this.#stroke ??= raster(this.size, 1);
    return { on: this.#stroke, level: this.level };
  }
  protected changed(box: Box, erases: boolean): void {
    this.#erases = erases;
    this.#pending = this.#pending ? boxAround(this.#pending, box) : box;
    this.#parts.onChange(box);
  }
  protected drop(box: Box): void {
    this.#pending = undefined;
    if (this.#layer) this.history.drop(this.#layer, box);
    this.#wipe(box);
    this.#see(box);
  }
  protected done(box: Box): void {
    this.settle();
    const [layer, stroke, { mask }] = [this.#layer, this.#stroke, this.#parts];
    if (!layer || !stroke) return;
    if (this.masks) mask.follow(stroke, layer, box);
    this.history.take([layer, box], ...(this.masks ? ([[mask.mask, box]] as const) : []));
    this.#wipe(box);
    this.count();
  }

  #open(layer: Raster<4>): void {
    this.#layer = layer;
    this.history.watch(layer, (box) => {
      this.#see(box);
      this.count();
    });
  }

  #see(box: Box): void {
    this.#stain(box);
    this.#parts.onChange(box);
  }
  #stain(box: Box): void {
    this.#stale = this.#stale ? boxAround(this.#stale, box) : box;
  }

  #wipe({ left, top, right, bottom }: Box): void {
    const { data, width } = this.#stroke ?? raster({ width: 1, height: 1 }, 1);
    for (let row = top; row < bottom; row++) data.fill(0, row * width + left, row * width + right);
  }
}
