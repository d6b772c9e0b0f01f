/** What one paints with, whatever is painted on: the tool, its size, a stroke or a shape while it is drawn. */
import type { Box, Mask, Size } from '../../../core/image/raster';
import { paintLine, type Brush, type Point, type Touch } from './brush';
import type { PaintHistory } from './paint-history.svelte';
import { boxAround, boxBetween, paintBox, paintPolygon } from './shapes';

export type Tool = 'brush' | 'eraser' | 'lasso' | 'rectangle' | 'picker' | 'hand';

const MOST_BRUSH = 512;
const ALL = 255;
/** A drag that moves by less, in picture pixels, draws no shape. */
const LEAST_DRAG = 1;

/** A shape that is being drawn. */
export interface Outline {
  tool: 'lasso' | 'rectangle';
  points: readonly Point[];
}

export abstract class Strokes {
  readonly size: Size;
  readonly mostDiameter: number;
  readonly history: PaintHistory;
  readonly whole: Box;
  #last: Touch | undefined;
  /** What the stroke has changed so far. */
  #touched: Box | undefined;
  #isStroke = false;
  #revision = $state(0);
  #tool = $state<Tool>('brush');

  /** Those that mean something here. */
  abstract readonly tools: readonly Tool[];
  /** Diameter of the brush, in picture pixels. */
  diameter = $state(40);
  /** Softness of the brush's edge, 0…1. */
  softness = $state(0);
  /** How much is laid on by a stroke, 0…1. */
  amount = $state(1);
  outline = $state.raw<Outline>();

  constructor({ width, height }: Size, history: PaintHistory) {
    this.size = { width, height };
    this.history = history;
    this.whole = { left: 0, top: 0, right: width, bottom: height };
    this.mostDiameter = Math.min(MOST_BRUSH, Math.max(width, height));
    this.diameter = Math.min(this.mostDiameter, Math.max(4, Math.round(Math.min(width, height) / 8)));
  }

  get tool(): Tool {
    return this.#tool;
  }
  /** Ends a stroke under way: it was begun with the tool before. */
  set tool(tool: Tool) {
    if (this.#isStroke && tool !== this.#tool) this.end();
    this.#tool = tool;
  }
  get canUndo(): boolean {
    return this.history.canUndo;
  }
  get canRedo(): boolean {
    return this.history.canRedo;
  }
  /** Another number after each change that is done. */
  get revision(): number {
    return this.#revision;
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
    if (this.#touched) this.done(this.#touched);
    this.#touched = undefined;
  }

  /** Takes back a stroke that was none: a second finger came down. */
  giveUp(): void {
    if (this.#touched) this.drop(this.#touched);
    [this.#isStroke, this.#touched, this.#last, this.outline] = [false, undefined, undefined, undefined];
  }

  paintBox(box: Box, erases: boolean): void {
    const changed = this.#lay(erases, (on, level) => paintBox(on, box, level));
    if (changed) this.done(changed);
  }

  undo(): void {
    this.history.undo();
  }
  redo(): void {
    this.history.redo();
  }

  /** What shapes and strokes are laid on, and at which level. */
  protected abstract target(erases: boolean): { on: Mask; level: number };
  /** Something was laid on in a stroke that goes on. */
  protected abstract changed(box: Box, erases: boolean): void;
  /** A stroke is finished. */
  protected abstract done(box: Box): void;
  /** The stroke under way is given up: what it laid on goes. */
  protected abstract drop(box: Box): void;

  protected get level(): number {
    return Math.round(this.amount * ALL);
  }

  /** One more change, be it done or taken back. */
  protected count(): void {
    this.#revision += 1;
  }

  #lay(erases: boolean, lay: (on: Mask, level: number) => Box | undefined): Box | undefined {
    const { on, level } = this.target(erases);
    const changed = lay(on, level);
    if (changed) this.changed(changed, erases);
    return changed;
  }

  #stroke({ x, y }: Point, pressure: number, erases: boolean): void {
    const to: Touch = { x, y, radius: (this.diameter / 2) * pressure };
    const isEraser = erases !== (this.tool === 'eraser');
    const changed = this.#lay(isEraser, (on, level) => {
      const brush: Brush = { softness: this.softness, level, erases: isEraser && level === 0 };
      return paintLine(on, this.#last ?? to, to, brush);
    });
    this.#last = to;
    if (changed) this.#touched = this.#touched ? boxAround(this.#touched, changed) : changed;
  }

  #close({ tool, points }: Outline, erases: boolean): void {
    const [first, last] = [points[0], points.at(-1) ?? points[0]];
    if (tool === 'rectangle' && Math.hypot(first.x - last.x, first.y - last.y) < LEAST_DRAG) return;
    this.#touched = this.#lay(erases, (on, level) =>
      tool === 'rectangle' ? paintBox(on, boxBetween(first, last), level) : paintPolygon(on, points, level),
    );
  }
}
