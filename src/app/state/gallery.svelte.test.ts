import { describe, expect, it, vi } from 'vitest';
import { GALLERY_SIZE, Gallery } from './gallery.svelte';
import type { Picture } from './picture';

const picture = (id: number) => ({ id, url: `blob:${id}` }) as Picture;

function galleryOf(count: number) {
  const revoke = vi.fn();
  const gallery = new Gallery(revoke);
  for (let id = 1; id <= count; id += 1) gallery.add(picture(id));
  return { gallery, revoke };
}

describe('Gallery', () => {
  it('keeps the last pictures, newest first, and frees the others', () => {
    const { gallery, revoke } = galleryOf(GALLERY_SIZE + 2);
    expect(gallery.pictures).toHaveLength(GALLERY_SIZE);
    expect(gallery.pictures[0]?.id).toBe(GALLERY_SIZE + 2);
    expect(revoke.mock.calls).toEqual([['blob:1'], ['blob:2']]);
  });

  it('walks from the newest to the oldest and back, and stops at both ends', () => {
    const { gallery } = galleryOf(3);
    const walk = (by: 1 | -1) => {
      gallery.walk(by);
      return gallery.chosen?.id;
    };
    expect([walk(1), walk(1), walk(1)]).toEqual([2, 1, 1]);
    expect([walk(-1), walk(-1), walk(-1)]).toEqual([2, 3, undefined]);
  });

  it('puts the work under way before the newest picture', () => {
    const { gallery } = galleryOf(2);
    gallery.walk(1, true);
    expect(gallery.chosen?.id).toBe(2);
    gallery.walk(-1, true);
    expect(gallery.chosen).toBeUndefined();
  });

  it('does not move what is looked at when a new picture arrives', () => {
    const { gallery } = galleryOf(2);
    gallery.choose(1);
    gallery.add(picture(3));
    expect(gallery.chosen?.id).toBe(1);
  });

  it('walks nowhere while it is empty', () => {
    const { gallery } = galleryOf(0);
    gallery.walk(1);
    gallery.walk(-1);
    expect(gallery.chosen).toBeUndefined();
  });
});
