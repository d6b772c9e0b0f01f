import { describe, expect, it } from 'vitest';
import { albumsOf, dragPictures, draggedPictures, isIn, putInto, renameAlbum } from './albums';
import type { Picture } from '../pictures/picture';
import { findPictures } from './search-pictures';

function shelf(...albums: (string[] | undefined)[]) {
  const gallery = {
    pictures: albums.map(
      (names, id) =>
        ({
          id,
          madeAt: id,
          ...(names && { albums: names }),
          request: { prompt: '', negativePrompt: '' },
        }) as unknown as Picture,
    ),
    calls: 0,
    setAlbums(ids: readonly number[], names: readonly string[]) {
      gallery.calls += 1;
      gallery.pictures = gallery.pictures.map((one) => (ids.includes(one.id) ? { ...one, albums: names } : one));
      return Promise.resolve();
    },
  };
  return gallery;
}
const names = ({ pictures }: { pictures: readonly Picture[] }) => pictures.map(({ albums }) => albums?.join());

describe('albums', () => {
  it('are the names on pictures, counted', () =>
    expect(albumsOf(shelf(['sea'], ['sea', 'art'], undefined).pictures)).toEqual([
      { name: 'art', count: 1 },
      { name: 'sea', count: 2 },
    ]));

  it('take pictures in and out, those alike at once, and back', async () => {
    const gallery = shelf(['sea'], undefined, undefined);
    const undo = await putInto(gallery, gallery.pictures, 'art');
    expect([names(gallery), gallery.calls]).toEqual([['sea,art', 'art', 'art'], 2]);
    expect([isIn(gallery.pictures, 'art'), isIn(gallery.pictures, 'sea'), isIn([], 'art')]).toEqual([
      true,
      false,
      false,
    ]);
    undo();
    expect(names(gallery)).toEqual(['sea', '', '']);
    await putInto(gallery, gallery.pictures.slice(0, 1), 'sea', false);
    expect(albumsOf(gallery.pictures)).toEqual([]);
  });

  it('are renamed, joined and dissolved, and back', async () => {
    const gallery = shelf(['a'], ['a', 'b'], ['b']);
    const undo = await renameAlbum(gallery, 'a', 'b');
    expect(names(gallery)).toEqual(['b', 'b', 'b']);
    undo();
    expect(names(gallery)).toEqual(['a', 'a,b', 'b']);
    await renameAlbum(gallery, 'a', undefined);
    expect(names(gallery)).toEqual(['', 'b', 'b']);
  });

  it('are found by their name, and shown alone', () => {
    const { pictures } = shelf(['The Sea'], ['art'], undefined);
    const find = (query: string, album?: string) =>
      findPictures(pictures, { query, album, onlyFavourites: false, sort: 'newest' }).map(({ id }) => id);
    expect([find('album:sea'), find('', 'art'), find('album:"the sea"', 'art'), find('')]).toEqual([
      [0],
      [1],
      [],
      [0, 1, 2],
    ]);
  });

  it('take what is dragged from the grid, nothing else', () => {
    const data = new Map<string, string>();
    const event = {
      dataTransfer: {
        setData: (type: string, text: string) => data.set(type, text),
        getData: (type: string) => data.get(type) ?? '',
      },
    } as unknown as DragEvent;
    expect(draggedPictures(event)).toEqual([]);
    dragPictures(event, shelf(['a'], undefined).pictures);
    expect(draggedPictures(event)).toEqual([0, 1]);
  });
});
