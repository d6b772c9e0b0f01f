/** Models that were just removed: gone from the page, and from the disk once it can no longer be taken back. */
import type { LibraryApi } from '../../../engine/library-api';

interface Parts {
  api: Pick<LibraryApi, 'delete'>;
  /** Called with every change, so that the next visit goes on should this one end before they are gone. */
  keep: () => void;
  /** Called when what was removed is gone for good. */
  onGone: (id: string) => void;
}

export class Removals {
  readonly #parts: Parts;
  readonly #onBack = new Map<string, () => void>();
  #ids = $state.raw<readonly string[]>([]);
  #going = $state<string>();
  /** Ids that the settling under way deletes. */
  readonly #due = new Set<string>();
  #settling: Promise<void> | undefined;

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

  /** Those of the last visit are another tab's business, which may still take them back. */
  leave(): void {
    this.#ids = [];
  }

  /** Too late for the one that is being deleted: it stays out. */
  takeBack(id: string): void {
    if (id === this.#going) return;
    const onBack = this.#onBack.get(id);
    this.#forget(id);
    onBack?.();
  }

  /** It can no longer be taken back: it is being deleted. */
  isGoing(id: string): boolean {
    return id === this.#going;
  }

  /**
   * They are deleted, one after another, unless they are taken back before their turn. Asked again meanwhile, those that have come
   * since are deleted too.
   *
   * @throws AppError where one could not be deleted; it is back in the list then, and those behind it can be taken back still
   */
  settle(): Promise<void> {
    for (const id of this.#ids) this.#due.add(id);
    this.#settling ??= this.#deleteAll().finally(() => {
      this.#settling = undefined;
      this.#due.clear();
    });
    return this.#settling;
  }

  async #deleteAll(): Promise<void> {
    for (let id = this.#nextDue(); id !== undefined; id = this.#nextDue())
      try {
        this.#going = id;
        await this.#parts.api.delete(id);
        this.#parts.onGone(id);
      } finally {
        this.#going = undefined;
        this.#forget(id);
      }
  }

  #nextDue(): string | undefined {
    return this.#ids.find((id) => this.#due.has(id));
  }

  #forget(id: string): void {
    this.#due.delete(id);
    this.#onBack.delete(id);
    this.#change(this.#ids.filter((other) => other !== id));
  }

  #change(ids: readonly string[]): void {
    this.#ids = ids;
    this.#parts.keep();
  }
}
