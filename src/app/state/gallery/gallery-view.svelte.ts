/** The gallery as it is looked through: search, favourites, what is selected, what is open. */
import { SvelteSet } from 'svelte/reactivity';
import type { Gallery } from './gallery.svelte';
import type { Picture } from '../pictures/picture';
import type { findPictures, SortId } from './search-pictures';

export class GalleryView {
  readonly #gallery: Gallery;
  readonly #selected = new SvelteSet<number>();
  #anchorId: number | undefined;

  isOpen = $state(false);
  query = $state('');
  onlyFavourites = $state(false);
  /** Only pictures of this album are shown. */
  album = $state<string>();
  sort = $state<SortId>('newest');
  /** What searches and sorts; it comes with the gallery's page. */
  find = $state.raw<typeof findPictures>();
  /** A touch or a click selects, instead of opening. */
  isSelecting = $state(false);
  /** The picture that fills the screen. */
  largeId = $state<number>();
  /** Two pictures beside one another. */
  compared = $state.raw<readonly [Picture, Picture]>();
  /** The one that the context menu is about. */
  menuId = $state<number>();

  /** What search and favourites let through, as they are sorted. */
  readonly pictures: readonly Picture[] = $derived.by(() => this.#filter());
  readonly selected: readonly Picture[] = $derived.by(() => this.pictures.filter(({ id }) => this.#selected.has(id)));
  readonly large = $derived(this.#find(this.largeId));
  readonly menuPicture = $derived(this.#find(this.menuId));

  constructor(gallery: Gallery) {
    this.#gallery = gallery;
  }

  isSelected(id: number): boolean {
    return this.#selected.has(id);
  }

  toggle(id: number): void {
    if (this.#selected.has(id)) this.#selected.delete(id);
    else this.#selected.add(id);
    this.#anchorId = id;
    this.isSelecting = this.#selected.size > 0;
  }

  /** All from the one touched last to this one. */
  selectTo(id: number): void {
    const placeOf = (one: number | undefined): number => this.pictures.findIndex((picture) => picture.id === one);
    const [anchor, to] = [placeOf(this.#anchorId), placeOf(id)];
    // What was touched last may be gone, or not be shown.
    const from = anchor < 0 ? to : anchor;
    for (const picture of this.pictures.slice(Math.min(from, to), Math.max(from, to) + 1))
      this.#selected.add(picture.id);
    this.isSelecting = true;
  }

  selectAll(): void {
    for (const { id } of this.pictures) this.#selected.add(id);
    this.isSelecting = this.#selected.size > 0;
  }

  clearSelection(): void {
    this.#selected.clear();
    this.isSelecting = false;
  }

  /** The two that are selected, the older one first. */
  compare(): void {
    const [older, newer] = [...this.selected].sort((a, b) => a.madeAt - b.madeAt || a.id - b.id);
    if (newer && older) this.compared = [older, newer];
  }

  /** The picture before (−1) or behind (+1) the large one, within what is shown. */
  step(by: 1 | -1): void {
    const at = this.pictures.findIndex(({ id }) => id === this.largeId);
    this.largeId = this.pictures[at + by]?.id ?? this.largeId;
  }

  /** Takes them out; the large picture makes way for its neighbour. */
  async remove(pictures: readonly Picture[]): Promise<void> {
    const ids = pictures.map(({ id }) => id);
    const at = this.pictures.findIndex(({ id }) => id === this.largeId);
    for (const id of ids) this.#selected.delete(id);
    if (this.#selected.size === 0) this.isSelecting = false;
    const removing = this.#gallery.remove(ids);
    if (this.largeId !== undefined && ids.includes(this.largeId))
      this.largeId = this.pictures[Math.min(Math.max(0, at), this.pictures.length - 1)]?.id;
    await removing;
  }

  async toggleFavourite(pictures: readonly Picture[]): Promise<void> {
    const isFavourite = !pictures.every((picture) => picture.isFavourite);
    await this.#gallery.setFavourite(
      pictures.map(({ id }) => id),
      isFavourite,
    );
  }

  #filter(): readonly Picture[] {
    const all = this.#gallery.pictures;
    const { query, onlyFavourites, album, sort } = this;
    return this.find?.(all, { query, onlyFavourites, album, sort }) ?? all;
  }

  #find(id: number | undefined): Picture | undefined {
    return id === undefined ? undefined : this.#gallery.pictures.find((picture) => picture.id === id);
  }
}
