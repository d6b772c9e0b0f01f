/** A mask while it is painted: tools, strokes, undo. What is seen of it is the stage's business, which is told what has changed. */
import { growMask, invertMask, maskShare } from '../../../core/image/masks';
import { toRgba, type Box, type Mask, type Size } from '../../../core/image/raster';
import type { Pixels } from '../../../engine/api';
import { paintLine, type Brush, type Point, type Touch } from './brush';
import { MaskHistory } from './mask-history';
import { boxBetween, paintBox, paintPolygon } from './shapes';

export const TOOLS = ['brush', 'eraser', 'lasso', 'rectangle', 'hand'] as const;
export type Tool = (typeof TOOLS)[number];

const MOST_BRUSH = 512;
const ALL = 255;
/** Of a drag that moves by less, in picture pixels, a shape is no shape. */
const LEAST_DRAG = 1;

/** A shape that is being drawn. */
export interface Outline {
  tool: 'lasso' | 'rectangle';
  points: readonly Point[];
}

export class MaskEditor {
  readonly size: Size;
  readonly mostDiameter: number;
  readonly #mask: Mask;
  readonly #history: MaskHistory;
  readonly #onChange: (box: Box) => void;
  readonly #whole: Box;
  #last: Touch | undefined;
  /** What the stroke has changed so far. */
  #touched: Box | undefined;
  #isStroke = false;
  #canUndo = $state(false);
  #canRedo = $state(false);
  #share = $state(0);
  #revision = $state(0);

  tool = $state<Tool>('brush');
  /** Of the brush, in picture pixels. */
  diameter = $state(40);
  /** 0…1. */
  softness = $state(0);
  /** 0…1: how much what is painted over may change. */
  amount = $state(1);
  outline = $state.raw<Outline>();

  /** @param mask  is painted on. @param onChange  is told where */
  constructor(mask: Mask, onChange: (box: Box) => void) {
    this.size = { width: mask.width, height: mask.height };
    this.#mask = mask;
    this.#history = new MaskHistory(mask);
    this.#onChange = onChange;
    this.#whole = { left: 0, top: 0, right: mask.width, bottom: mask.height };
    this.#share = maskShare(mask);
    this.mostDiameter = Math.min(MOST_BRUSH, Math.max(mask.width, mask.height));
    this.diameter = Math.min(this.mostDiameter, Math.max(4, Math.round(Math.min(mask.width, mask.height) / 8)));
  }

  get mask(): Mask {
    return this.#mask;
  }
  get canUndo(): boolean {
    return this.#canUndo;
  }
  get canRedo(): boolean {
    return this.#canRedo;
  }
  /** Another number after each change that is done. */
  get revision(): number {
    return this.#revision;
  }
  /** How much of the picture is masked: 0…1. */
  get share(): number {
    return this.#share;
  }

  /** @param pressure  of a pen: 0…1. A mouse has none. @param erases  the pen is turned around, or the other button is held */
  begin(at: Point, pressure = 1, erases = false): void {
    this.#isStroke = true;
    if (this.tool === 'lasso' || this.tool === 'rectangle') this.outline = { tool: this.tool, points: [at] };
    else this.#stroke(at, pressure, erases);
  }

  move(at: Point, pressure = 1, erases = false): void {
    if (!this.#isStroke) return;
    if (!this.outline) return this.#stroke(at, pressure, erases);
    const { tool, points } = this.outline;
    this.outline = { tool, points: tool === 'rectangle' ? [points[0], at] : [...points, at] };
  }

  end(erases = false): void {
    if (!this.#isStroke) return;
    this.#isStroke = false;
    if (this.outline) this.#close(this.outline, erases);
    this.outline = undefined;
    this.#last = undefined;
    if (this.#touched) this.#done(this.#touched);
    this.#touched = undefined;
  }

  /** Of a stroke that was none: a second finger came down. */
  giveUp(): void {
    if (this.#touched) {
      this.#history.drop(this.#touched);
      this.#onChange(this.#touched);
    }
    [this.#isStroke, this.#touched, this.#last, this.outline] = [false, undefined, undefined, undefined];
  }

  paintAll(): void {
    this.#change(() => this.#mask.data.fill(this.#level));
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
  paintBox(box: Box, erases: boolean): void {
    const changed = paintBox(this.#mask, box, erases ? 0 : this.#level);
    if (!changed) return;
    this.#onChange(changed);
    this.#done(changed);
  }

  undo(): void {
    this.#shown(this.#history.undo());
  }
  redo(): void {
    this.#shown(this.#history.redo());
  }

  /** As it is kept: white where it is painted anew. Undefined where nothing is. */
  toPixels(): Pixels | undefined {
    return this.#mask.data.some((level) => level > 0) ? toRgba(this.#mask) : undefined;
  }

  get #level(): number {
    return Math.round(this.amount * ALL);
  }

  #stroke({ x, y }: Point, pressure: number, erases: boolean): void {
    const to: Touch = { x, y, radius: (this.diameter / 2) * pressure };
    const isEraser = erases !== (this.tool === 'eraser');
    const brush: Brush = { softness: this.softness, level: isEraser ? 0 : this.#level, erases: isEraser };
    const changed = paintLine(this.#mask, this.#last ?? to, to, brush);
    this.#last = to;
    if (!changed) return;
    this.#touched = this.#touched ? around(this.#touched, changed) : changed;
    this.#onChange(changed);
  }

  #close({ tool, points }: Outline, erases: boolean): void {
    const [first, last] = [points[0], points.at(-1) ?? points[0]];
    if (tool === 'rectangle' && Math.hypot(first.x - last.x, first.y - last.y) < LEAST_DRAG) return;
    const level = erases ? 0 : this.#level;
    this.#touched =
      tool === 'rectangle'
        ? paintBox(this.#mask, boxBetween(first, last), level)
        : paintPolygon(this.#mask, points, level);
    if (this.#touched) this.#onChange(this.#touched);
  }

  #change(work: () => void): void {
    work();
    this.#onChange(this.#whole);
    this.#done(this.#whole);
  }

  #done(box: Box): void {
    this.#history.take(box);
    this.#count();
  }

  #shown(box: Box | undefined): void {
    if (box) this.#onChange(box);
    this.#count();
  }

  #count(): void {
    this.#revision += 1;
    this.#canUndo = this.#history.canUndo;
    this.#canRedo = this.#history.canRedo;
    this.#share = maskShare(this.#mask);
  }
}

function around(a: Box, b: Box): Box {
  return {
    left: Math.min(a.left, b.left),
    top: Math.min(a.top, b.top),
    right: Math.max(a.right, b.right),
    bottom: Math.max(a.bottom, b.bottom),
  };
}
