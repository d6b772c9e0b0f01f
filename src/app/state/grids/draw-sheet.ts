/** The sheet of an X/Y/Z grid: its pictures with the values of the axes beside them, as one picture. */
import type { Axis, Cell } from '../../../core/recipe/grids';
import { contextOf, createCanvas } from '../pictures/encode-picture';

export interface SheetCell {
  cell: Cell;
  /** Undefined where it was not made. */
  file: Blob | undefined;
  /** Its pixels: of one that was enlarged, or put back into a larger picture, more than the request says. */
  size?: { width: number; height: number } | undefined;
}

/** Cells of tiny models are enlarged, sharp, so that labels fit beside them. */
const SMALLEST_CELL_PX = 128;
/** Browsers hold canvases of some 16 000 pixels a side, and fewer than 2^28 in all. */
const LONGEST_PX = 16_000;
const MOST_PIXELS = 2 ** 27;
const GAP = 4;
/** A1111's share of a picture's size that a letter takes. */
const LETTERS = 22;
const LINE = 1.3;

interface Layout {
  columns: number;
  rows: number;
  sheets: number;
  /** Width and height of one cell, in pixels. */
  width: number;
  height: number;
  font: number;
  left: number;
  top: number;
}

/** @throws AppError 'out-of-memory' where the browser has no canvas of that size */
export async function drawSheet(axes: readonly Axis[], cells: readonly SheetCell[]): Promise<HTMLCanvasElement> {
  const layout = layOut(axes, cells);
  const sheetHeight = layout.top + layout.rows * (layout.height + GAP) + GAP;
  const size = {
    width: layout.left + layout.columns * (layout.width + GAP) + GAP,
    height: sheetHeight * layout.sheets,
  };
  const shrink = Math.min(
    1,
    LONGEST_PX / Math.max(size.width, size.height),
    Math.sqrt(MOST_PIXELS / (size.width * size.height)),
  );
  const canvas = createCanvas({ width: Math.ceil(size.width * shrink), height: Math.ceil(size.height * shrink) });
  const context = contextOf(canvas);
  context.scale(shrink, shrink);
  context.fillStyle = '#fff';
  context.fillRect(0, 0, size.width, size.height);
  for (let z = 0; z < layout.sheets; z += 1) drawLabels(context, { axes, layout, z, y0: z * sheetHeight });
  for (const { cell, file } of cells) {
    const [x = 0, y = 0, z = 0] = cell.at;
    const place = {
      x: layout.left + GAP + x * (layout.width + GAP),
      y: z * sheetHeight + layout.top + GAP + y * (layout.height + GAP),
    };
    await drawCell(context, file, { ...place, width: layout.width, height: layout.height });
  }
  return canvas;
}

/** Where cells and labels come. */
export function layOut(axes: readonly Axis[], cells: readonly SheetCell[]): Layout {
  const [xs = 1, ys = 1, zs = 1] = axes.map(({ values }) => values.length);
  const sizes = cells.map(({ cell, size = cell.request }) => size);
  const widest = Math.max(...sizes.map(({ width }) => width));
  const highest = Math.max(...sizes.map(({ height }) => height));
  const enlarge = Math.max(1, Math.ceil(SMALLEST_CELL_PX / Math.min(widest, highest)));
  const [width, height] = [widest * enlarge, highest * enlarge];
  const font = Math.round((width + height) / LETTERS);
  const hasZ = axes.length > 2;
  return {
    columns: xs,
    rows: ys,
    sheets: zs,
    width,
    height,
    font,
    left: axes.length > 1 ? Math.round(width * 0.75) : 0,
    top: Math.round(font * LINE * (hasZ ? 4.5 : 3)),
  };
}

interface Labels {
  axes: readonly Axis[];
  layout: Layout;
  z: number;
  y0: number;
}

function drawLabels(context: CanvasRenderingContext2D, { axes, layout, z, y0 }: Labels): void {
  const { width, height, font, left, top } = layout;
  const [xAxis, yAxis, zAxis] = axes;
  context.fillStyle = '#000';
  context.textAlign = 'center';
  context.textBaseline = 'middle';
  context.font = `${font}px system-ui, sans-serif`;
  const titleHeight = zAxis ? font * LINE * 1.5 : 0;
  const sheetWidth = left + layout.columns * (width + GAP);
  if (zAxis)
    write(context, zAxis.values[z]?.label ?? '', { x: sheetWidth / 2, y: y0 + titleHeight / 2, room: sheetWidth });
  xAxis?.values.forEach(({ label }, i) =>
    write(context, label, {
      x: left + GAP + i * (width + GAP) + width / 2,
      y: y0 + (titleHeight + top) / 2,
      room: width,
    }),
  );
  yAxis?.values.forEach(({ label }, i) =>
    write(context, label, { x: left / 2, y: y0 + top + GAP + i * (height + GAP) + height / 2, room: left - GAP }),
  );
}

/** Writes a text over at most two lines, smaller where a word would not fit. */
function write(
  context: CanvasRenderingContext2D,
  text: string,
  { x, y, room }: { x: number; y: number; room: number },
): void {
  const font = context.font;
  const px = parseFloat(font);
  const lines = wrap(context, text, room);
  const widest = Math.max(...lines.map((line) => context.measureText(line).width));
  const scale = Math.min(1, room / Math.max(1, widest));
  context.font = font.replace(/^[\d.]+px/, `${px * scale}px`);
  lines.forEach((line, i) => context.fillText(line, x, y + (i - (lines.length - 1) / 2) * px * scale * LINE));
  context.font = font;
}

function wrap(context: CanvasRenderingContext2D, text: string, room: number): string[] {
  if (context.measureText(text).width <= room) return [text];
  const words = text.split(' ');
  let first = '';
  while (words.length > 1 && context.measureText(`${first} ${words[0]}`).width <= room)
    first = `${first} ${words.shift()}`.trim();
  return first === '' ? [text] : [first, words.join(' ')];
}

interface Box {
  x: number;
  y: number;
  width: number;
  height: number;
}

async function drawCell(context: CanvasRenderingContext2D, file: Blob | undefined, box: Box): Promise<void> {
  if (!file) {
    context.fillStyle = '#eee';
    context.fillRect(box.x, box.y, box.width, box.height);
    return;
  }
  const bitmap = await createImageBitmap(file);
  const fit = Math.min(box.width / bitmap.width, box.height / bitmap.height);
  const [width, height] = [bitmap.width * fit, bitmap.height * fit];
  context.imageSmoothingEnabled = !Number.isInteger(fit);
  context.drawImage(bitmap, box.x + (box.width - width) / 2, box.y + (box.height - height) / 2, width, height);
  bitmap.close();
}
