/** Models that were just removed: gone from the page, and from the disk once it can no longer be taken back. */
import type { LibraryApi } from '../../engine/library-api';

interface Parts {
  api: Pick<LibraryApi, 'delete'>;
  /** Called with every change, so that the next visit goes on should this one end before they are gone. */
  keep: () => void;
  /** It is gone. */
  onGone: (id: string) => void;
}

export class Removals {
  readonly #parts: Parts;
  readonly #onBack = new Map<string, () => void>();
  #ids = $state.raw<readonly string[]>([]);

  /** @param ids of the last visit */
  constructor(parts: Parts, ids: readonly string[]) {
    this.#parts = parts;
    this.#ids = ids;
  }

  get ids(): readonly string[] {
    return this.#ids;
  }

  has(id: string): boolean {
    return this.#ids.includes(id);
  }

  /** @param onBack  when it was taken back */
  add(id: string, onBack?: () => void): void {
    if (onBack) this.#onBack.set(id, onBack);
    if (!this.has(id)) this.#change([...this.#ids, id]);
  }

  takeBack(id: string): void {
    const onBack = this.#onBack.get(id);
    this.#forget(id);
    onBack?.();
  }

  /** They can no longer be taken back. @throws AppError where one could not be deleted; it is back in the list then */
  async settle(): Promise<void> {
    for (const id of this.#ids)
      try {
        await this.#parts.api.delete(id);
        this.#parts.onGone(id);
      } finally {
        this.#forget(id);
      }
  }

  #forget(id: string): void {
    this.#onBack.delete(id);
    this.#change(this.#ids.filter((other) => other !== id));
  }

  #change(ids: readonly string[]): void {
    this.#ids = ids;
    this.#parts.keep();
  }
}
