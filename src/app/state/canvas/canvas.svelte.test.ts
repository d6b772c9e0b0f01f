/** Strokes, shapes and their undo, pixel by pixel; what fingers mean; where the picture lies. */
import { beforeEach, describe, expect, it } from 'vitest';
import { raster, type Mask } from '../../../core/image/raster';
import { paintLine } from './brush';
import { dragFrame, frameProblem, NO_MARGINS } from './frame';
import { MaskEditor } from './mask-editor.svelte';
import { Pointers, type Press } from './pointers';
import { boxBetween, paintBox, paintPolygon } from './shapes';
import { fitView, panBy, toPicture, zoomAt } from './view';

const HARD = { softness: 0, level: 255, erases: false };
const at = (mask: Mask, x: number, y: number): number => mask.data[y * mask.width + x];
const sum = (mask: Mask): number => mask.data.reduce((all, level) => all + level, 0) / 255;

describe('brush', () => {
  it('paints a disc of its area, whole within and nothing without', () => {
    const mask = raster({ width: 64, height: 64 }, 1);
    const there = { x: 32, y: 32, radius: 12 };
    expect(paintLine(mask, there, there, HARD)).toEqual({ left: 19, top: 19, right: 45, bottom: 45 });
    expect(sum(mask) / (Math.PI * 12 * 12)).toBeCloseTo(1, 2);
    expect([at(mask, 32, 32), at(mask, 32, 10)]).toEqual([255, 0]);
  });

  it('paints along a line, thinner where the pen is lighter', () => {
    const mask = raster({ width: 100, height: 40 }, 1);
    paintLine(mask, { x: 20, y: 20, radius: 10 }, { x: 80, y: 20, radius: 4 }, HARD);
    const height = (x: number) => Array.from({ length: 40 }, (_, y) => at(mask, x, y)).filter(Boolean).length;
    expect(height(20)).toBeGreaterThan(height(50));
    expect(height(50)).toBeGreaterThan(height(79));
  });

  it('adds nothing up where it passes twice', () => {
    const mask = raster({ width: 40, height: 40 }, 1);
    const soft = { softness: 0.5, level: 128, erases: false };
    const [a, b] = [
      { x: 10, y: 20, radius: 8 },
      { x: 30, y: 20, radius: 8 },
    ];
    paintLine(mask, a, b, soft);
    const once = mask.data.slice();
    paintLine(mask, b, a, soft);
    expect(mask.data).toEqual(once);
    expect(Math.max(...mask.data)).toBe(128);
  });

  it('erases to nothing, off the edge too', () => {
    const mask = raster({ width: 20, height: 20 }, 1);
    mask.data.fill(255);
    const corner = { x: -2, y: -2, radius: 8 };
    paintLine(mask, corner, corner, { softness: 0, level: 0, erases: true });
    expect([at(mask, 0, 0), at(mask, 10, 10)]).toEqual([0, 255]);
    const away = { x: -50, y: -50, radius: 8 };
    expect(paintLine(mask, away, away, HARD)).toBeUndefined();
  });
});

describe('shapes', () => {
  it('fills the pixels of a box, whichever corner comes first', () => {
    const mask = raster({ width: 10, height: 10 }, 1);
    paintBox(mask, boxBetween({ x: 8, y: 7 }, { x: 2, y: 3 }), 255);
    expect(sum(mask)).toBe(6 * 4);
    expect(paintBox(mask, { left: 20, top: 0, right: 30, bottom: 5 }, 255)).toBeUndefined();
  });

  it('fills what a line encloses, also where it turns twice', () => {
    const mask = raster({ width: 40, height: 40 }, 1);
    const square = [
      { x: 10, y: 10 },
      { x: 30, y: 10 },
      { x: 30, y: 30 },
      { x: 10, y: 30 },
    ];
    paintPolygon(mask, square, 255);
    expect(sum(mask)).toBe(400);
    paintPolygon(mask, [...square, ...square], 100);
    expect(at(mask, 20, 20)).toBe(100);
    expect(paintPolygon(mask, square.slice(0, 2), 255)).toBeUndefined();
  });
});

describe('editor', () => {
  let editor: MaskEditor;
  let told = 0;
  beforeEach(() => {
    told = 0;
    editor = new MaskEditor(raster({ width: 64, height: 64 }, 1), () => told++);
    editor.diameter = 16;
  });
  const stroke = (...points: [number, number][]): void => {
    editor.begin({ x: points[0][0], y: points[0][1] });
    for (const [x, y] of points.slice(1)) editor.move({ x, y });
    editor.end();
  };

  it('takes strokes back one by one, and does them again', () => {
    stroke([10, 10], [50, 10]);
    const first = editor.mask.data.slice();
    stroke([10, 50], [50, 50]);
    const both = editor.mask.data.slice();
    editor.undo();
    expect(editor.mask.data).toEqual(first);
    editor.undo();
    expect([sum(editor.mask), editor.canUndo, editor.share]).toEqual([0, false, 0]);
    editor.redo();
    editor.redo();
    expect(editor.mask.data).toEqual(both);
    expect(editor.canRedo).toBe(false);
  });

  it('undoes what is done to all of it', () => {
    stroke([20, 20]);
    const before = editor.mask.data.slice();
    const works = [editor.invert, editor.paintAll, editor.clear, () => editor.grow(4)];
    for (const work of works) {
      work.call(editor);
      expect(editor.mask.data).not.toEqual(before);
      editor.undo();
      expect(editor.mask.data).toEqual(before);
    }
  });

  it('forgets a stroke that was none, to the byte', () => {
    stroke([20, 20]);
    const before = editor.mask.data.slice();
    editor.begin({ x: 22, y: 22 });
    editor.move({ x: 60, y: 60 });
    editor.giveUp();
    editor.end();
    expect(editor.mask.data).toEqual(before);
    editor.undo();
    expect(editor.canUndo).toBe(false);
  });

  it('draws rectangles and lassos when they are let go, and the other button takes away', () => {
    editor.tool = 'rectangle';
    stroke([8, 8], [20, 20], [40, 40]);
    expect(sum(editor.mask)).toBe(32 * 32);
    editor.begin({ x: 8, y: 8 });
    editor.move({ x: 40, y: 24 });
    expect(editor.outline?.points).toHaveLength(2);
    editor.end(true);
    expect(sum(editor.mask)).toBe(32 * 16);
    editor.tool = 'lasso';
    stroke([0, 0], [10, 0], [10, 4], [0, 4]);
    expect(sum(editor.mask)).toBe(32 * 16 + 40);
    stroke([60, 60]);
    expect(sum(editor.mask)).toBe(32 * 16 + 40);
  });

  it('says what is kept: white where it is painted anew, nothing where nothing is', () => {
    expect(editor.toPixels()).toBeUndefined();
    editor.amount = 0.5;
    editor.paintAll();
    expect(new Set(editor.toPixels()?.data)).toEqual(new Set([128, 255]));
    expect(told).toBe(1);
  });
});

describe('pointers', () => {
  let said: string[];
  let now: number;
  let pointers: Pointers;
  const press = (id: number, x: number, y: number, kind: Press['kind'] = 'touch', buttons = 1): Press => ({
    id,
    kind,
    buttons,
    x,
    y,
    pressure: 1,
  });
  beforeEach(() => {
    said = [];
    now = 0;
    pointers = new Pointers(
      {
        begin: () => said.push('begin'),
        move: () => said.push('move'),
        end: () => said.push('end'),
        giveUp: () => said.push('giveUp'),
        pan: ({ x, y }) => said.push(`pan ${x} ${y}`),
        zoom: (_, factor) => said.push(`zoom ${factor.toFixed(2)}`),
        tap: (fingers) => said.push(`tap ${fingers}`),
      },
      () => now,
    );
  });

  it('paints with one finger, moves with two, and takes the first finger back', () => {
    pointers.press(press(1, 0, 0), false);
    pointers.press(press(2, 100, 0), false);
    pointers.move(press(2, 200, 0));
    now = 1000;
    pointers.release(press(1, 0, 0));
    pointers.move(press(2, 220, 0));
    pointers.release(press(2, 220, 0));
    expect(said).toEqual(['begin', 'giveUp', 'pan 50 0', 'zoom 2.00', 'pan 20 0']);
  });

  it('undoes at a tap of two fingers, redoes at one of three', () => {
    for (const fingers of [2, 3]) {
      for (let id = 0; id < fingers; id++) pointers.press(press(id, 50 * id, 0), false);
      now += 100;
      for (let id = 0; id < fingers; id++) pointers.release(press(id, 50 * id, 0));
    }
    expect(said.filter((word) => word.startsWith('tap'))).toEqual(['tap 2', 'tap 3']);
  });

  it('a palm does not end a stroke, and once a pen was seen no finger paints', () => {
    pointers.press(press(1, 0, 0, 'pen'), false);
    pointers.move(press(1, 30, 0, 'pen'));
    now = 500;
    pointers.press(press(2, 300, 300), false);
    pointers.release(press(1, 30, 0, 'pen'));
    pointers.release(press(2, 300, 300));
    pointers.press(press(3, 0, 0), false);
    pointers.move(press(3, 5, 5));
    expect(said).toEqual(['begin', 'move', 'end', 'pan 5 5']);
  });

  it('moves with the middle button and with the hand', () => {
    pointers.press(press(1, 0, 0, 'mouse', 4), false);
    pointers.release(press(1, 0, 0, 'mouse', 0));
    pointers.press(press(1, 0, 0, 'mouse'), true);
    pointers.move(press(1, 3, 4, 'mouse'));
    expect(said).toEqual(['pan 3 4']);
  });

  it('a pen takes over from a palm that came first, and a palm that is taken away changes nothing', () => {
    pointers.press(press(1, 300, 300), false);
    pointers.press(press(2, 0, 0, 'pen'), false);
    pointers.move(press(2, 19, 0, 'pen'));
    now = 500;
    pointers.press(press(3, 310, 300), false);
    pointers.cancel(3);
    pointers.move(press(2, 20, 0, 'pen'));
    pointers.release(press(2, 20, 0, 'pen'));
    expect(said).toEqual(['begin', 'giveUp', 'begin', 'move', 'move', 'end']);
  });

  it('gives up what the browser takes away', () => {
    pointers.press(press(1, 0, 0), false);
    pointers.cancel(1);
    pointers.release(press(1, 0, 0));
    expect(said).toEqual(['begin', 'giveUp']);
  });
});

describe('view', () => {
  const picture = { width: 200, height: 100 };
  const room = { width: 432, height: 332 };

  it('fits in the middle', () => {
    const view = fitView(picture, room);
    expect(view).toEqual({ scale: 2, x: 16, y: 66 });
    expect(toPicture(view, { x: 216, y: 166 })).toEqual({ x: 100, y: 50 });
  });

  it('keeps what is under the pointer when it zooms, and the picture in the room when it is moved', () => {
    const point = { x: 300, y: 200 };
    const view = zoomAt(fitView(picture, room), point, 3, picture, room);
    expect(view.scale).toBe(6);
    const [before, after] = [toPicture(fitView(picture, room), point), toPicture(view, point)];
    expect(after.x).toBeCloseTo(before.x, 9);
    expect(panBy(view, { x: 1e6, y: -1e6 }, picture, room)).toEqual({ scale: 6, x: 384, y: 48 - 600 });
    expect(zoomAt(view, point, 1e9, picture, room).scale).toBe(32);
    expect(zoomAt(view, point, 1e-9, picture, room).scale).toBe(1);
  });
});

describe('frame', () => {
  const picture = { width: 512, height: 512 };

  it('snaps to cells, goes no further in than the picture and no further out than can be', () => {
    expect(dragFrame(NO_MARGINS, ['right'], { x: 61, y: 99 }, { picture })).toEqual({ ...NO_MARGINS, right: 64 });
    expect(dragFrame(NO_MARGINS, ['left', 'top'], { x: -30, y: 30 }, { picture, snap: 64 })).toEqual(NO_MARGINS);
    expect(dragFrame(NO_MARGINS, ['left', 'top'], { x: -90, y: -33 }, { picture, snap: 64 })).toEqual({
      ...NO_MARGINS,
      left: 64,
      top: 64,
    });
    const wide = dragFrame({ ...NO_MARGINS, left: 1000 }, ['right'], { x: 1e6, y: 0 }, { picture });
    expect(wide.right).toBe(4096 - 512 - 1000);
  });

  it('says what cannot be', () => {
    expect(frameProblem(picture, { ...NO_MARGINS, top: 100 })).toBeUndefined();
    expect(frameProblem(picture, { ...NO_MARGINS, top: 4000 })).toContain('512 × 4512 is too large');
    expect(frameProblem(picture, { ...NO_MARGINS, top: NaN })).toContain('whole number');
  });
});
