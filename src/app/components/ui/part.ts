/** Parts of the page that are fetched when they are first wanted; Later and LateMenu show them. */

/** Whoever tells the person what went wrong in passing. */
export interface Teller {
  said: string | undefined;
}

const all = new Set<Part<unknown>>();

export class Part<Shown> {
  readonly #import: () => Promise<{ default: Shown }>;
  #here: Shown | undefined;

  constructor(load: () => Promise<{ default: Shown }>) {
    this.#import = load;
    all.add(this);
  }

  /** Undefined until it has been fetched. */
  get here(): Shown | undefined {
    return this.#here;
  }

  /** @throws where it cannot be fetched; the next call tries again */
  async load(): Promise<Shown> {
    this.#here ??= (await this.#import()).default;
    return this.#here;
  }
}

/** Loads all parts, and the parts that these register: for tests. */
export async function loadAllParts(): Promise<void> {
  for (const part of all) await part.load(); // the list grows while it is walked
}
