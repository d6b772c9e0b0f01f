import { describe, expect, it } from 'vitest';
import { Zoom } from './zoom.svelte';

const ROOM = { width: 1000, height: 800 };

function zoomOf(picture: { width: number; height: number }, room = ROOM): Zoom {
  const zoom = new Zoom();
  zoom.picture = picture;
  zoom.room = room;
  zoom.fitScale = Math.min(room.width / picture.width, room.height / picture.height);
  return zoom;
}

describe('Zoom', () => {
  it('begins fitted, in the middle', () => {
    expect(zoomOf({ width: 512, height: 512 }).view).toEqual({ scale: 1.5625, x: 100, y: 0 });
  });

  it('keeps what is at the point where it is', () => {
    const zoom = zoomOf({ width: 2000, height: 1600 });
    const at = { x: 700, y: 300 };
    const before = (at.x - zoom.view.x) / zoom.view.scale;
    zoom.zoomBy(3, at);
    expect((at.x - zoom.view.x) / zoom.view.scale).toBeCloseTo(before, 6);
    expect(zoom.view.scale).toBeCloseTo(1.5, 6);
  });

  it('is never smaller than fitted or one to one, nor larger than 32 times', () => {
    const large = zoomOf({ width: 2000, height: 1600 });
    for (let i = 0; i < 40; i++) large.step(-1);
    expect(large.view.scale).toBe(0.5);
    for (let i = 0; i < 40; i++) large.step(1);
    expect(large.view.scale).toBe(32);
    const small = zoomOf({ width: 64, height: 64 });
    small.trueSize();
    expect(small.view).toEqual({ scale: 1, x: 468, y: 368 });
    expect(small.isTrue).toBe(true);
  });

  it('lets no edge of a larger picture come into the room', () => {
    const zoom = zoomOf({ width: 2000, height: 1600 });
    zoom.trueSize();
    zoom.pan({ x: 9999, y: -9999 });
    expect(zoom.view).toEqual({ scale: 1, x: 0, y: -800 });
    zoom.look(1, 0);
    expect(zoom.view.x).toBe(-200);
  });

  it('goes by a double press to one to one where that is larger, else to a part of it, and back', () => {
    const large = zoomOf({ width: 4000, height: 3200 });
    large.toggle({ x: 0, y: 0 });
    expect(large.view).toEqual({ scale: 1, x: 0, y: 0 });
    large.toggle({ x: 0, y: 0 });
    expect(large.isFitted).toBe(true);
    const small = zoomOf({ width: 100, height: 80 });
    small.toggle({ x: 500, y: 400 });
    expect(small.view.scale).toBe(25);
  });

  it('begins anew with another picture, one to one where that is asked for', () => {
    const zoom = zoomOf({ width: 2000, height: 1600 });
    zoom.step(1);
    zoom.reset();
    expect(zoom.isFitted).toBe(true);
    zoom.beginsTrue = true;
    expect(zoom.text).toBe('100 %');
  });

  it('leaves walking alone until the person has zoomed, also where it begins larger than its room', () => {
    const zoom = zoomOf({ width: 2000, height: 1600 });
    zoom.beginsTrue = true;
    expect([zoom.isLarger, zoom.isZoomed]).toEqual([true, false]);
    zoom.pan({ x: -10, y: 0 });
    expect(zoom.isZoomed, 'it was only moved').toBe(false);
    zoom.step(1);
    expect(zoom.isZoomed).toBe(true);
    zoom.fit();
    expect(zoom.isZoomed).toBe(false);
    zoom.step(1);
    zoom.reset();
    expect(zoom.isZoomed).toBe(false);
  });
});
