/** The port behind the gallery: where finished pictures are kept between visits. Fulfilled by platform/storage in main.ts. */
import type { Kept } from '../../../core/recipe/kept';
import type { FinishedPicture, Picture } from '../pictures/picture';

export type { FinishedPicture };

/** What changes in the same moment as the gallery: a name and its value. */
export type Beside = (id: number) => readonly [name: string, value: unknown];

export interface GalleryStore {
  /**
   * All that is kept, newest first, page by page: the first page comes soon, however many there are. As it was kept, by whichever
   * version of the app.
   */
  list(onPage: (pictures: readonly Kept[]) => void): Promise<void>;
  /**
   * Keeps all of a picture or nothing of it, and with it what `beside` says once its id is known.
   * @returns its id, larger than all before. @throws AppError 'quota'
   */
  add(picture: FinishedPicture, beside?: Beside): Promise<number>;
  file(id: number): Promise<Blob | undefined>;
  thumbnail(id: number): Promise<Blob | undefined>;
  /** Changes some facts of some pictures; those that are gone stay gone. */
  update(ids: readonly number[], change: Partial<Omit<Picture, 'id'>>): Promise<void>;
  remove(ids: readonly number[]): Promise<void>;
}
