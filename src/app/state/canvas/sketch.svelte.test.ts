/** Colours over a picture: what strokes leave, what is started from, and one history for colours and mask. */
import { beforeEach, describe, expect, it } from 'vitest';
import { alphaComposite } from '../../../core/image/paste';
import { raster, type Box } from '../../../core/image/raster';
import { madeRaster } from '../../../core/image/testing/made-bytes';
import { SWATCHES, toColour, toHex } from './colours';
import { MaskEditor } from './mask-editor.svelte';
import { PaintHistory } from './paint-history.svelte';
import { SketchEditor } from './sketch-editor.svelte';

const SIZE = { width: 150, height: 90 };
let history: PaintHistory;
let mask: MaskEditor;
let sketch: SketchEditor;
let told: Box[];
let papers: number;
const base = () => {
  const picture = madeRaster(SIZE, 4, 3);
  for (let i = 3; i < picture.data.length; i += 4) picture.data[i] = 255;
  return picture;
};

beforeEach(() => {
  [told, papers] = [[], 0];
  history = new PaintHistory();
  mask = new MaskEditor(raster(SIZE, 1), () => undefined, history);
  sketch = create();
});

function create(picture = base(), layer?: SketchEditor['layer']): SketchEditor {
  const made = new SketchEditor({
    ...{ base: picture, layer, history, mask },
    ...{ onChange: (box: Box) => told.push(box), onPaper: () => papers++ },
  });
  made.diameter = 20;
  return made;
}

function stroke(editor: MaskEditor | SketchEditor, ...points: [number, number][]): void {
  editor.begin({ x: points[0][0], y: points[0][1] });
  for (const [x, y] of points.slice(1)) editor.move({ x, y });
  editor.end();
}

const pixel = ({ data }: { data: ArrayLike<number> }, x: number, y: number): number[] =>
  [0, 1, 2, 3].map((c) => data[4 * (y * SIZE.width + x) + c]);

describe('sketch', () => {
  it('lays the colour on, as much as is wanted, and no more where a stroke crosses itself', () => {
    sketch.colour = '#0080ff';
    sketch.amount = 0.5;
    stroke(sketch, [30, 30], [100, 30], [30, 30], [100, 30]);
    expect(pixel(sketch.layer ?? raster(SIZE, 4), 60, 30)).toEqual([0, 128, 255, 128]);
    expect(pixel(sketch.composed(), 5, 80)).toEqual(pixel(base(), 5, 80));
  });

  it('starts from what alpha_composite makes of picture and colours, whatever was done in between', () => {
    sketch.softness = 0.7;
    stroke(sketch, [10, 10], [140, 80]);
    sketch.composed();
    sketch.colour = '#ffffff';
    stroke(sketch, [10, 80], [140, 10]);
    sketch.tool = 'eraser';
    sketch.amount = 0.4;
    stroke(sketch, [75, 0], [75, 89]);
    sketch.undo();
    sketch.redo();
    sketch.tool = 'lasso';
    stroke(sketch, [0, 0], [60, 0], [60, 40]);
    expect(sketch.layer).toBeDefined();
    expect(sketch.composed().data).toEqual(alphaComposite(base(), sketch.layer ?? raster(SIZE, 4)).data);
  });

  it('is seen in the midst of a stroke, and gone to the byte where that was none', () => {
    stroke(sketch, [20, 20], [60, 60]);
    const before = sketch.composed().data.slice();
    sketch.begin({ x: 60, y: 20 });
    sketch.move({ x: 120, y: 70 });
    expect(sketch.composed().data).not.toEqual(before);
    sketch.giveUp();
    sketch.end();
    expect(sketch.composed().data).toEqual(before);
    sketch.undo();
    expect([history.canUndo, sketch.isEmpty]).toEqual([false, true]);
  });

  it('paints a stroke as it was begun, whatever colour or tool is taken meanwhile', () => {
    sketch.colour = '#102030';
    sketch.begin({ x: 30, y: 30 });
    sketch.colour = '#ffffff';
    sketch.move({ x: 60, y: 30 });
    sketch.takePicker();
    expect(history.canUndo).toBe(true);
    sketch.move({ x: 100, y: 70 });
    sketch.end();
    expect(pixel(sketch.composed(), 60, 30)).toEqual([16, 32, 48, 255]);
    stroke(sketch, [30, 60]);
    expect(pixel(sketch.composed(), 30, 60).slice(0, 3)).toEqual(toColour(sketch.colour));
    const [r, g, b] = pixel(base(), 100, 70);
    expect([sketch.tool, sketch.colour]).toEqual(['brush', toHex([r, g, b])]);
  });

  it('takes colours from what is seen, with a tool that gives way to the one before', () => {
    sketch.colour = '#102030';
    stroke(sketch, [40, 40]);
    sketch.tool = 'lasso';
    sketch.takePicker();
    sketch.begin({ x: 100.6, y: 70.2 });
    expect(toColour(sketch.colour)).toEqual(pixel(base(), 100, 70).slice(0, 3));
    sketch.move({ x: 40, y: 40 });
    sketch.move({ x: -5, y: 40 });
    sketch.end();
    expect([sketch.colour, sketch.tool]).toEqual(['#102030', 'lasso']);
  });

  it('changes the sheet where it is one, and takes that back', () => {
    expect(sketch.paper).toBeUndefined();
    const sheet = raster(SIZE, 4);
    sheet.data.fill(255);
    sketch = create(sheet);
    expect(sketch.paper).toBe('#ffffff');
    stroke(sketch, [40, 40]);
    sketch.paper = '#336699';
    expect([pixel(sketch.composed(), 0, 0), papers]).toEqual([[51, 102, 153, 255], 1]);
    sketch.undo();
    expect([sketch.paper, papers, pixel(sketch.composed(), 0, 0)]).toEqual(['#ffffff', 2, [255, 255, 255, 255]]);
    expect(pixel(sketch.composed(), 40, 40).slice(0, 3)).toEqual(toColour(sketch.colour));
  });

  it('goes on with what was painted before', () => {
    stroke(sketch, [20, 20], [60, 60]);
    const other = create(base(), sketch.layer);
    expect(other.composed().data).toEqual(sketch.composed().data);
    other.clear();
    expect([other.isEmpty, other.composed().data]).toEqual([true, base().data]);
  });

  it('says where something is new to see', () => {
    stroke(sketch, [40, 40]);
    expect(told).toEqual([{ left: 29, top: 29, right: 51, bottom: 51 }]);
  });
});

describe('one history', () => {
  it('takes back strokes on mask and sketch in the order they were made', () => {
    stroke(mask, [20, 20]);
    stroke(sketch, [60, 60]);
    stroke(mask, [90, 20]);
    const both = mask.mask.data.slice();
    sketch.undo();
    expect([mask.mask.data[20 * SIZE.width + 90], sketch.isEmpty]).toEqual([0, false]);
    mask.undo();
    expect([mask.share > 0, sketch.isEmpty]).toEqual([true, true]);
    for (let i = 0; i < 2; i++) mask.redo();
    expect([mask.mask.data, sketch.isEmpty, mask.canRedo]).toEqual([both, false, false]);
  });

  it('masks what is sketched where that is wanted, in one step with it', () => {
    sketch.masks = true;
    sketch.amount = 0.2;
    stroke(sketch, [40, 40], [80, 40]);
    expect(mask.mask.data[40 * SIZE.width + 60]).toBe(255);
    expect(mask.share).toBeGreaterThan(0);
    sketch.tool = 'eraser';
    sketch.amount = 1;
    stroke(sketch, [60, 40]);
    expect([mask.mask.data[40 * SIZE.width + 60], mask.mask.data[40 * SIZE.width + 40]]).toEqual([0, 255]);
    for (let i = 0; i < 2; i++) sketch.undo();
    expect([mask.share, sketch.isEmpty, history.canUndo]).toEqual([0, true, false]);
  });

  it('keeps little of what is large: tiles that changed, plain ones as a pixel, and not for ever', () => {
    const few = new PaintHistory(10_000);
    const large = raster({ width: 200, height: 200 }, 4);
    few.watch(large, () => undefined);
    const all = { left: 0, top: 0, right: 200, bottom: 200 };
    for (let i = 1; i <= 20; i++) {
      large.data.fill(i);
      large.data[0] = 0;
      few.take([large, all]);
    }
    // Each change keeps one pixel for every plain tile; only the first tile is kept whole after the first time.
    for (let i = 0; few.canUndo; i++) {
      expect(large.data.at(-1)).toBe(20 - i);
      few.undo();
    }
    expect(large.data[0]).toBe(0);
    expect(large.data.at(-1)).toBe(20 - 1);
  });
});

it('writes colours as inputs do', () => {
  for (const [hex] of SWATCHES) expect(toHex(toColour(hex))).toBe(hex);
});
