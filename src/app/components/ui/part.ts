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

/** All there are, and those that these bring with them: for tests. */
export async function loadAllParts(): Promise<void> {
  for (const part of all) await part.load(); // also those that come meanwhile
}
