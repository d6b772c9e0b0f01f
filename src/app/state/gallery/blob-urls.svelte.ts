/** Addresses for bytes that are read when they are first shown; the ones least lately shown are freed. */
import { SvelteMap, SvelteSet } from 'svelte/reactivity';

export class BlobUrls {
  readonly #read: (id: number) => Promise<Blob | undefined>;
  readonly #limit: number;
  readonly #nameOf: (id: number) => string | undefined;
  /** In the order of use, oldest first, kept by `#used`: reading must not write what is reactive. */
  readonly #urls = new SvelteMap<number, string>();
  readonly #used = new Map<number, true>();
  readonly #asked = new Set<number>();
  readonly #missing = new SvelteSet<number>();

  /**
   * @param limit  more than are shown at once
   * @param nameOf  what the browser is to save it as (Firefox; Chromium names it after its address)
   */
  constructor(
    read: (id: number) => Promise<Blob | undefined>,
    limit: number,
    nameOf: (id: number) => string | undefined = () => undefined,
  ) {
    this.#read = read;
    this.#limit = limit;
    this.#nameOf = nameOf;
  }

  /** Undefined until the bytes are there, which whoever asked is told of; forever where there are none. */
  get(id: number): string | undefined {
    const url = this.#urls.get(id);
    this.#touch(id);
    if (url === undefined && !this.#asked.has(id)) {
      this.#asked.add(id);
      queueMicrotask(() => void this.#load(id));
    }
    return url;
  }

  /** It was asked for, and there are no bytes or they cannot be read. */
  isMissing(id: number): boolean {
    return this.#missing.has(id);
  }

  /** Bytes of a picture that are at hand. */
  put(id: number, blob: Blob): void {
    this.drop(id);
    this.#asked.add(id);
    this.#touch(id);
    const name = this.#nameOf(id);
    this.#urls.set(id, URL.createObjectURL(name === undefined ? blob : new File([blob], name, { type: blob.type })));
    this.#shrink();
  }

  drop(id: number): void {
    const url = this.#urls.get(id);
    this.#used.delete(id);
    this.#asked.delete(id);
    this.#missing.delete(id);
    if (url === undefined) return;
    this.#urls.delete(id);
    URL.revokeObjectURL(url);
  }

  get size(): number {
    return this.#urls.size;
  }

  async #load(id: number): Promise<void> {
    try {
      const blob = await this.#read(id);
      if (!this.#asked.has(id)) return;
      if (blob) this.put(id, blob);
      else this.#missing.add(id);
    } catch (error) {
      if (this.#asked.has(id)) this.#missing.add(id);
      console.info(`Picture ${id} could not be read.`, error);
    }
  }

  #touch(id: number): void {
    this.#used.delete(id);
    this.#used.set(id, true);
  }

  #shrink(): void {
    for (const id of this.#used.keys()) {
      if (this.#urls.size <= this.#limit) return;
      if (this.#urls.has(id)) this.drop(id);
    }
  }
}
