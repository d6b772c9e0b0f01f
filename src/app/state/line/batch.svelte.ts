/** The pictures of one press of Generate, where it asked for several: they stand side by side. */
import type { Gallery } from '../gallery/gallery.svelte';
import { remaining, type Job } from './job';
import type { Picture } from '../pictures/picture';

interface Parts {
  gallery: Pick<Gallery, 'pictures' | 'newest' | 'currentId'>;
  queue: { readonly job: Job | undefined };
}

export class Batch {
  readonly #parts: Parts;
  #jobId: number | undefined;
  #ids = $state.raw<readonly number[]>([]);

  /** Those that are made and not deleted, the first first. */
  readonly made: readonly Picture[] = $derived.by(() => this.#find());
  /** How many more are under way. */
  readonly coming: number = $derived.by(() => this.#coming());
  /** There is something to show: several, of which the newest is the newest picture of all, or which are under way. */
  readonly isShown: boolean = $derived.by(() => {
    if (this.coming > 0) return this.coming + this.made.length > 1;
    return this.made.length > 1 && this.made.some(({ id }) => id === this.#parts.gallery.newest?.id);
  });

  constructor(parts: Parts) {
    this.#parts = parts;
  }

  /** One more of what is under way is made. */
  add(id: number): void {
    const { job } = this.#parts.queue;
    const isSame = job !== undefined && job.id === this.#jobId;
    this.#ids = job?.grid ? [] : [...(isSame ? this.#ids : []), id]; // a grid has its sheet
    this.#jobId = job?.id;
  }

  #find(): readonly Picture[] {
    const { gallery, queue } = this.#parts;
    if (this.#ids.length < 1) return [];
    // A line that goes on with something else shows nothing of the last.
    if (queue.job && queue.job.id !== this.#jobId) return [];
    const ids = new Set(this.#ids.map((id) => gallery.currentId(id)));
    return gallery.pictures.filter(({ id }) => ids.has(id)).toReversed();
  }

  #coming(): number {
    const { job } = this.#parts.queue;
    if (!job || job.grid || job.count < 2) return 0;
    return Math.max(0, remaining(job));
  }
}
