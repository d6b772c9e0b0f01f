/** The pictures of this session, newest first, and which of them is looked at. Memory only. */
import type { Picture } from './picture';

/** PNG of 2048 × 2048 may reach 10 MB; fifty of them still fit beside a model. */
export const GALLERY_SIZE = 50;

export class Gallery {
  #pictures = $state.raw<readonly Picture[]>([]);
  #chosenId = $state<number>();
  readonly #revoke: (url: string) => void;

  /** The picture looked at; undefined: the newest work, be it under way or finished. */
  readonly chosen = $derived.by(() => this.#pictures.find((picture) => picture.id === this.#chosenId));

  constructor(revoke: (url: string) => void = (url) => URL.revokeObjectURL(url)) {
    this.#revoke = revoke;
  }

  get pictures(): readonly Picture[] {
    return this.#pictures;
  }

  add(picture: Picture): void {
    const all = [picture, ...this.#pictures];
    for (const old of all.slice(GALLERY_SIZE)) this.#revoke(old.url);
    this.#pictures = all.slice(0, GALLERY_SIZE);
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
    const newest = isWorking ? -1 : 0;
    const at = this.chosen ? this.#pictures.indexOf(this.chosen) : newest;
    const next = this.#pictures[at + by];
    if (next) this.choose(next.id);
    else if (at + by < 0) this.follow();
  }
}
