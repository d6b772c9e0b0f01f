/** Albums: names on pictures. One is there as long as a picture is in it; a picture may be in several. */
import type { Gallery } from './gallery.svelte';
import type { Picture } from '../pictures/picture';

export interface Album {
  name: string;
  count: number;
}

type Target = Pick<Gallery, 'setAlbums' | 'pictures'>;

/** Albums of the pictures, sorted by name. */
export function albumsOf(pictures: readonly Picture[]): Album[] {
  const counts = new Map<string, number>();
  for (const { albums = [] } of pictures) for (const name of albums) counts.set(name, (counts.get(name) ?? 0) + 1);
  return [...counts].map(([name, count]) => ({ name, count })).sort((a, b) => a.name.localeCompare(b.name));
}

export const isIn = (pictures: readonly Picture[], name: string): boolean =>
  pictures.length > 0 && pictures.every(({ albums = [] }) => albums.includes(name));

/** Into it, or out of it. @returns what takes it back */
export function putInto(gallery: Target, pictures: readonly Picture[], name: string, into = true): Promise<() => void> {
  return changeAlbums(gallery, pictures, (albums) => {
    const others = albums.filter((other) => other !== name);
    return into ? [...others, name] : others;
  });
}

/** Another name, which may be one that is there already: then both are one. Undefined: none, its pictures stay. */
export function renameAlbum(gallery: Target, name: string, to: string | undefined): Promise<() => void> {
  const inside = gallery.pictures.filter(({ albums = [] }) => albums.includes(name));
  return changeAlbums(gallery, inside, (albums) => [
    ...new Set(albums.flatMap((other) => (other === name ? (to ?? []) : other))),
  ]);
}

/** Those with the same albums at once. */
async function changeAlbums(
  gallery: Target,
  pictures: readonly Picture[],
  change: (albums: readonly string[]) => readonly string[],
): Promise<() => void> {
  const sets = new Map<string, { before: readonly string[]; ids: number[] }>();
  for (const { id, albums = [] } of pictures) {
    const key = JSON.stringify(albums);
    const set = sets.get(key) ?? { before: albums, ids: [] };
    set.ids.push(id);
    sets.set(key, set);
  }
  for (const { before, ids } of sets.values()) await gallery.setAlbums(ids, change(before));
  return () => {
    for (const { before, ids } of sets.values()) void gallery.setAlbums(ids, before);
  };
}

/** MIME type of a drag within the page alone: other programs are given the file from the large view. */
const DRAGGED = 'application/x-gesso-pictures';

export function dragPictures({ dataTransfer }: DragEvent, pictures: readonly Picture[]): void {
  dataTransfer?.setData(DRAGGED, JSON.stringify(pictures.map(({ id }) => id)));
}

export const isDragged = ({ dataTransfer }: DragEvent): boolean => dataTransfer?.types.includes(DRAGGED) === true;

/** @returns ids; none where it is something else */
export function draggedPictures({ dataTransfer }: DragEvent): number[] {
  try {
    const ids: unknown = JSON.parse(dataTransfer?.getData(DRAGGED) ?? '[]');
    return Array.isArray(ids) ? ids.filter((id) => typeof id === 'number') : [];
  } catch {
    return []; // something else was dropped
  }
}
