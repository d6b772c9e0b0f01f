/** All pictures, newest first, and which of them is looked at. They last: the store keeps them between visits. */
import { paintingAssets } from '../start/assets-of';
import { AppError, toAppError } from '../../../core/errors';
import type { GenerationRequest } from '../../../core/recipe/request';
import { BlobUrls } from './blob-urls.svelte';
import type { GalleryNews } from './gallery-news';
import type { Beside, FinishedPicture, GalleryStore } from './gallery-store';
import { KEPT_PICTURES, readPicture, type Picture } from '../pictures/picture';
import { pictureFileName } from '../pictures/save-file';

/** Files of 2048 × 2048 may reach 10 MB; so many still fit beside a model. */
const FILES_AT_HAND = 24;
/** Several screens of them, 20 kB each. */
const THUMBNAILS_AT_HAND = 600;
/** A storage that answers does so by then, and the picture appears with its lasting id. */
const SOON_MS = 300;
/** Milliseconds after which the next picture is begun, whatever the storage does. */
const PATIENCE_MS = 5000;

const MUTE = 'The browser’s storage does not answer. The picture is kept as soon as it does.';

export class Gallery {
  readonly #store: GalleryStore;
  /** Pictures that the store refused, by their ids, which are below 0. */
  readonly #unkept = new Map<number, FinishedPicture>();
  #lastUnkeptId = 0;
  #pictures = $state.raw<readonly Picture[]>([]);
  #chosenId = $state<number>();
  #newestId = $state<number>();
  #removed = $state.raw<readonly Picture[]>([]);
  #trouble = $state.raw<AppError>();
  #isLoaded = $state(false);
  /** What is kept goes with the window. */
  isFleeting = $state(false);
  /** What was kept is known to the last picture. */
  #isWhole = false;
  #isKeeping = false;
  /** The storage did not answer when it was last asked to keep a picture. */
  #isMute = false;
  /** Ids of those that it was asked to keep and has not answered for: to ask again would keep them twice. */
  readonly #pending = new Set<number>();
  readonly #lastingIds = new Map<number, number>();
  /** Taken out by another tab, which may bring them back. */
  readonly #removedElsewhere = new Map<number, Picture>();

  /** Addresses of the exact files, and of the small ones. */
  readonly files = new BlobUrls(
    (id) => this.file(id),
    FILES_AT_HAND,
    (id) => {
      const picture = this.#find(id);
      return picture && pictureFileName(picture.request);
    },
  );
  readonly thumbnails = new BlobUrls((id) => this.#thumbnail(id), THUMBNAILS_AT_HAND);

  /** The picture looked at; undefined: the newest work, be it under way or finished. */
  readonly chosen = $derived.by(() => this.#find(this.#chosenId));
  /** The last one made; of another visit until one is made in this. */
  readonly newest = $derived.by(() => this.#find(this.#newestId));

  constructor(store: GalleryStore) {
    this.#store = store;
  }

  get pictures(): readonly Picture[] {
    return this.#pictures;
  }
  /** All that was kept is listed. */
  get isLoaded(): boolean {
    return this.#isLoaded;
  }
  /** Taken out last; they can be brought back until `forgetRemoved`. */
  get removed(): readonly Picture[] {
    return this.#removed;
  }
  /** Those that the pictures start from, of all that can be seen or brought back; undefined while not all are known. */
  get startPictures(): string[] | undefined {
    const all = [...this.#pictures, ...this.#removed, ...this.#removedElsewhere.values()];
    return this.#isWhole ? all.flatMap(paintingAssets) : undefined;
  }
  /** There is a picture of just this; false while not all are listed. */
  has(request: GenerationRequest): boolean {
    const isSame = (one: GenerationRequest): boolean =>
      one.seed === request.seed && JSON.stringify(one) === JSON.stringify(request);
    return this.#isLoaded && this.#pictures.some((picture) => isSame(picture.request));
  }
  /** Why pictures are not kept, or not listed. */
  get trouble(): AppError | undefined {
    return this.#trouble;
  }
  /** How many pictures last only until the page is closed. */
  get unkeptCount(): number {
    return this.#pictures.filter(({ id }) => id < 0).length;
  }

  /**
   * Lists what was kept; what goes wrong is kept in `trouble`.
   *
   * @param isAlone  no other tab is open, which may still bring back what it has taken out
   */
  async load(isAlone = true): Promise<void> {
    const gone: number[] = [];
    await this.#try(async () => {
      await this.#store.list((kept) => {
        const page = kept.map(readPicture);
        const removed = page.filter(({ isRemoved }) => isRemoved);
        if (isAlone) gone.push(...removed.map(({ id }) => id));
        else for (const picture of removed) this.#removedElsewhere.set(picture.id, { ...picture, isRemoved: false });
        const known = new Set(this.#pictures.map(({ id }) => id));
        const older = page.filter(({ id, isRemoved }) => !isRemoved && !known.has(id));
        // Those taken in from elsewhere were kept later than they were made.
        this.#pictures = [...this.#pictures, ...older].sort(newestFirst);
      });
      this.#isWhole = true;
      if (gone.length > 0) await this.#store.remove(gone);
    });
    this.#newestId ??= this.#pictures[0]?.id;
    this.#isLoaded = true;
  }

  /** Shows it, and keeps it where that can be done: it does not wait for a storage that is mute. @param settle  when it has answered */
  async add(finished: FinishedPicture, beside?: Beside, settle?: () => void): Promise<Picture> {
    const keeping = this.#try(() => this.#keep(finished, beside)).finally(settle);
    const soon = await Promise.race([keeping, rest(SOON_MS)]);
    if (soon !== 'late') return this.#show(soon ?? this.#keepInMemory(finished), finished);
    const picture = this.#show(this.#keepInMemory(finished), finished);
    this.#pending.add(picture.id);
    const kept = keeping.then((id) => this.#keepLate(picture.id, id));
    if (this.#isMute || (await Promise.race([kept, rest(PATIENCE_MS)])) === 'late') {
      this.#isMute = true;
      this.#trouble ??= new AppError('internal', MUTE);
    }
    return this.#find(this.currentId(picture.id)) ?? picture;
  }

  /**
   * Takes in pictures from elsewhere, where they belong by when they were made.
   *
   * @param onKept  told the id of each. @throws AppError 'quota'; what came by then stays
   */
  async adopt(pictures: readonly FinishedPicture[], onKept?: (id: number) => void): Promise<void> {
    const kept: Picture[] = [];
    try {
      for (const one of pictures) {
        const id = await this.#keep(one);
        kept.push({ ...one.facts, id });
        onKept?.(id);
      }
    } finally {
      this.#insert(kept);
    }
  }

  #keep(finished: FinishedPicture, beside?: Beside): Promise<number> {
    return this.#store.add({ ...finished, facts: KEPT_PICTURES.stamp(finished.facts) }, beside);
  }

  /** The lasting id of a picture that was shown before the store gave it one; else `id` itself. */
  currentId(id: number): number {
    return this.#lastingIds.get(id) ?? id;
  }

  #show(id: number, finished: FinishedPicture): Picture {
    const picture = { ...finished.facts, id };
    this.#pictures = [picture, ...this.#pictures];
    this.files.put(id, finished.file);
    this.thumbnails.put(id, finished.thumbnail);
    this.#newestId = id;
    return picture;
  }

  /** The storage has answered after all. */
  async #keepLate(id: number, kept: number | undefined): Promise<void> {
    this.#pending.delete(id);
    if (kept === undefined) return;
    this.#isMute = false;
    const facts = this.#find(id) ?? this.#removed.find((picture) => picture.id === id);
    this.#unkept.delete(id);
    this.#lastingIds.set(id, kept);
    if (this.#unkept.size === 0 && this.#trouble?.message === MUTE) this.#trouble = undefined;
    if (!facts) return void (await this.#try(() => this.#store.remove([kept]))); // deleted meanwhile
    this.#replace(id, { ...facts, id: kept });
    const { isFavourite, albums, isRemoved } = facts;
    const marks = { ...(isFavourite && { isFavourite }), ...(albums && { albums }) };
    if (isFavourite || albums) await this.#try(() => this.#store.update([kept], marks));
    if (this.#removed.some((picture) => picture.id === kept) || isRemoved)
      await this.#try(() => this.#store.update([kept], { isRemoved: true }));
  }

  /** Tries once more to keep those that could not be kept. */
  async keepUnkept(): Promise<void> {
    if (this.#isKeeping) return;
    this.#isKeeping = true;
    await this.#keepAll().finally(() => (this.#isKeeping = false));
  }

  async #keepAll(): Promise<void> {
    this.#trouble = undefined;
    for (const [id, finished] of [...this.#unkept].reverse()) {
      const facts = this.#find(id);
      // Taken out meanwhile: it is only to be brought back.
      if (!facts || this.#pending.has(id)) continue;
      const kept = await this.#try(() => this.#keep({ ...finished, facts: withoutId(facts) }));
      if (kept === undefined) return;
      this.#unkept.delete(id);
      this.#lastingIds.set(id, kept);
      this.#replace(id, { ...facts, id: kept });
    }
    if (this.#pending.size > 0) this.#trouble ??= new AppError('internal', MUTE);
  }

  /** The small one, as it is kept. */
  async thumbnail(id: number): Promise<Blob | undefined> {
    return this.#unkept.get(id)?.thumbnail ?? (await this.#store.thumbnail(id));
  }

  /** The exact file of a picture. */
  async file(id: number): Promise<Blob | undefined> {
    return this.#unkept.get(id)?.file ?? (await this.#store.file(id));
  }

  async setFavourite(ids: readonly number[], isFavourite: boolean): Promise<void> {
    await this.#change(ids, { isFavourite });
  }

  /** All with the same albums after it. */
  async setAlbums(ids: readonly number[], albums: readonly string[]): Promise<void> {
    await this.#change(ids, { albums });
  }

  /** Takes them out; `bringBack` undoes it. */
  async remove(ids: readonly number[]): Promise<void> {
    const forgetting = this.forgetRemoved();
    this.#removed = this.#takeOut(ids);
    // A page that is closed now finds the mark when it is opened again.
    await this.#try(() => this.#store.update(keptIds(ids), { isRemoved: true }));
    await forgetting;
  }

  async bringBack(): Promise<void> {
    const back = this.#removed;
    this.#removed = [];
    this.#pictures = [...this.#pictures, ...back].sort(newestFirst);
    await this.#try(() => this.#store.update(keptIds(back.map(({ id }) => id)), { isRemoved: false }));
  }

  async forgetRemoved(): Promise<void> {
    const ids = this.#removed.map(({ id }) => id);
    if (ids.length === 0) return;
    this.#removed = [];
    for (const id of ids) {
      this.#unkept.delete(id);
      this.files.drop(id);
      this.thumbnails.drop(id);
    }
    await this.#try(() => this.#store.remove(keptIds(ids)));
  }

  /** What another tab has done: the same is seen here, and what is looked at stays. */
  take(news: GalleryNews): void {
    if (news.type === 'added') this.#insert([news.picture]);
    else if (news.type === 'removed') {
      this.#takeOut(news.ids);
      // Another tab has let go of what this one still offered to bring back: there are no files to bring back any more.
      this.#removed = this.#removed.filter(({ id }) => !news.ids.includes(id));
      for (const id of news.ids) {
        this.#removedElsewhere.delete(id);
        this.files.drop(id);
        this.thumbnails.drop(id);
      }
    } else if (news.change.isRemoved === true)
      for (const picture of this.#takeOut(news.ids)) this.#removedElsewhere.set(picture.id, picture);
    else if (news.change.isRemoved === false) {
      const back = news.ids.flatMap((id) => this.#removedElsewhere.get(id) ?? []);
      for (const { id } of back) this.#removedElsewhere.delete(id);
      this.#insert(back);
    } else {
      const changed = new Set(news.ids);
      this.#pictures = this.#pictures.map((old) => (changed.has(old.id) ? { ...old, ...news.change } : old));
    }
  }

  #insert(pictures: readonly Picture[]): void {
    const known = new Set(this.#pictures.map(({ id }) => id));
    const fresh = pictures.filter(({ id }) => !known.has(id));
    if (fresh.length === 0) return;
    this.#pictures = [...this.#pictures, ...fresh].sort(newestFirst);
    this.#newestId ??= this.#pictures[0]?.id;
  }

  #takeOut(ids: readonly number[]): readonly Picture[] {
    const taken = new Set(ids);
    const gone = this.#pictures.filter(({ id }) => taken.has(id));
    const next = this.#neighbour(taken);
    this.#pictures = this.#pictures.filter(({ id }) => !taken.has(id));
    if (this.#chosenId !== undefined && taken.has(this.#chosenId)) this.#chosenId = next?.id;
    if (this.#newestId !== undefined && taken.has(this.#newestId)) this.#newestId = this.#pictures[0]?.id;
    return gone;
  }

  choose(id: number): void {
    this.#chosenId = id;
  }

  /** Looks at the newest work from now on. */
  follow(): void {
    this.#chosenId = undefined;
  }

  /**
   * One picture newer (−1) or older (+1); beyond the newest it follows the work.
   *
   * @param isWorking the work is not yet the newest picture
   */
  walk(by: 1 | -1, isWorking = false): void {
    const newest = isWorking || !this.newest ? -1 : this.#pictures.indexOf(this.newest);
    const at = this.chosen ? this.#pictures.indexOf(this.chosen) : newest;
    const next = this.#pictures[at + by];
    if (next) this.choose(next.id);
    else if (at + by < 0) this.follow();
  }

  #find(id: number | undefined): Picture | undefined {
    return id === undefined ? undefined : this.#pictures.find((picture) => picture.id === id);
  }

  /** What is looked at once these are gone: the next older one that stays, else the next newer. */
  #neighbour(taken: ReadonlySet<number>): Picture | undefined {
    const at = this.#pictures.findIndex(({ id }) => id === this.#chosenId);
    const stays = ({ id }: Picture): boolean => !taken.has(id);
    return this.#pictures.slice(at + 1).find(stays) ?? this.#pictures.slice(0, Math.max(0, at)).findLast(stays);
  }

  async #change(ids: readonly number[], change: Partial<Picture>): Promise<void> {
    const changed = new Set(ids);
    this.#pictures = this.#pictures.map((picture) => (changed.has(picture.id) ? { ...picture, ...change } : picture));
    await this.#try(() => this.#store.update(keptIds(ids), change));
  }

  async #thumbnail(id: number): Promise<Blob | undefined> {
    return (await this.thumbnail(id)) ?? (await this.#store.file(id));
  }

  #keepInMemory(finished: FinishedPicture): number {
    this.#lastUnkeptId -= 1;
    this.#unkept.set(this.#lastUnkeptId, finished);
    return this.#lastUnkeptId;
  }

  #replace(id: number, picture: Picture): void {
    this.files.drop(id);
    this.thumbnails.drop(id);
    this.#pictures = this.#pictures.map((old) => (old.id === id ? picture : old));
    this.#removed = this.#removed.map((old) => (old.id === id ? picture : old));
    if (this.#chosenId === id) this.#chosenId = picture.id;
    if (this.#newestId === id) this.#newestId = picture.id;
  }

  /** What the store refuses is told, not thrown: the page goes on with what it has. */
  async #try<T>(work: () => Promise<T>): Promise<T | undefined> {
    try {
      return await work();
    } catch (thrown) {
      this.#trouble = toAppError(thrown);
      return undefined;
    }
  }
}

function rest(ms: number): Promise<'late'> {
  return new Promise((resolve) => setTimeout(() => resolve('late'), ms));
}

function keptIds(ids: readonly number[]): number[] {
  return ids.filter((id) => id > 0);
}

/** A picture's facts as they are kept beside its id. */
export function withoutId(facts: Omit<Picture, 'id'> & { id?: number }): Omit<Picture, 'id'> {
  const copy = { ...facts };
  delete copy.id;
  return copy;
}

function newestFirst(a: Picture, b: Picture): number {
  return b.madeAt - a.madeAt || b.id - a.id;
}
