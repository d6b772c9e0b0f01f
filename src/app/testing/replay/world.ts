/**
 * A world of its own: one clock and one heap of what happens next, so that all that waits, waits here. What it draws comes from
 * one seed: the same seed is the same story, event by event.
 */

export type Random = () => number;

interface Happening {
  at: number;
  order: number;
  happen: () => void;
}

/** Uses the real setImmediate, taken before anything is put in its place. */
const letPromisesRun = (
  (real) => () =>
    new Promise<void>((resolve) => void real(resolve))
)(globalThis.setImmediate);

/** Milliseconds since 1970: any day. */
const BEGINNING = 1_750_000_000_000;

export class World {
  readonly random: Random;
  #now = BEGINNING;
  #order = 0;
  #coming: Happening[] = [];
  readonly #byId = new Map<number, Happening>();
  /** Disks answer in milliseconds, or keep everybody waiting: a factor. */
  slowness = 1;

  constructor(random: Random) {
    this.random = random;
  }

  get now(): number {
    return this.#now;
  }

  /** A whole number below `end`. */
  draw(end: number): number {
    return Math.floor(this.random() * end);
  }

  /** @returns an id for `forget` */
  after(ms: number, happen: () => void): number {
    const happening = { at: this.#now + Math.max(0, ms), order: (this.#order += 1), happen };
    const place = this.#coming.findLastIndex(({ at }) => at <= happening.at);
    this.#coming.splice(place + 1, 0, happening);
    this.#byId.set(happening.order, happening);
    return happening.order;
  }

  forget(id: number): void {
    const happening = this.#byId.get(id);
    if (!happening) return;
    this.#byId.delete(id);
    this.#coming.splice(this.#coming.indexOf(happening), 1);
  }

  /** Lets something happen soon, as a disk, a worker or another tab answers. */
  soon(happen: () => void): void {
    this.after(this.random() * 2 * this.slowness, happen);
  }

  answer<T>(give: () => T): Promise<T> {
    return new Promise((resolve, reject) =>
      this.soon(() => {
        try {
          resolve(give());
        } catch (error) {
          reject(error instanceof Error ? error : new Error(String(error)));
        }
      }),
    );
  }

  /** One after another, at most so many. @returns false where nothing comes any more */
  async run(events: number, isEnough: () => boolean = () => false): Promise<boolean> {
    await letPromisesRun();
    for (let i = 0; i < events && !isEnough(); i += 1) {
      const next = this.#coming.shift();
      if (!next) return false;
      this.#byId.delete(next.order);
      this.#now = next.at;
      next.happen();
      await letPromisesRun();
    }
    return true;
  }

  /** What stands in the place of the browser's own: for `vi.stubGlobal`. */
  get globals(): Record<string, unknown> {
    return {
      setTimeout: (happen: () => void, ms = 0) => this.after(ms, happen),
      clearTimeout: (id: number) => this.forget(id),
      setImmediate: (happen: () => void) => this.soon(happen),
      Blob: PlainBlob,
      structuredClone: (value: unknown) => (value instanceof PlainBlob ? value : clone(value)),
    };
  }
}

const clone = globalThis.structuredClone;

/** Bytes that answer at once: the real one has threads of its own, which keep no order. */
export class PlainBlob {
  readonly bytes: Uint8Array<ArrayBuffer>;

  constructor(parts: readonly (Uint8Array | PlainBlob | string)[] = []) {
    const all = parts.map((part) => {
      if (typeof part === 'string') return new TextEncoder().encode(part);
      return part instanceof PlainBlob ? part.bytes : part;
    });
    this.bytes = new Uint8Array(all.reduce((sum, { length }) => sum + length, 0));
    let at = 0;
    for (const part of all) {
      this.bytes.set(part, at);
      at += part.length;
    }
  }

  get size(): number {
    return this.bytes.length;
  }

  arrayBuffer(): Promise<ArrayBuffer> {
    return Promise.resolve(this.bytes.slice().buffer);
  }

  text(): Promise<string> {
    return Promise.resolve(new TextDecoder().decode(this.bytes));
  }

  slice(from = 0, to = this.size): PlainBlob {
    return new PlainBlob([this.bytes.slice(from, to)]);
  }
}

/** What lives until it is killed: a tab, a worker. */
export class Life {
  #isOver = false;
  readonly #endings: (() => void)[] = [];

  get isOver(): boolean {
    return this.#isOver;
  }

  onEnd(ending: () => void): void {
    this.#endings.push(ending);
  }

  end(): void {
    if (this.#isOver) return;
    this.#isOver = true;
    for (const ending of this.#endings) ending();
  }

  /** It hears no answer once it is over. */
  hears<T>(answer: Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      answer.then(
        (value) => void (this.#isOver || resolve(value)),
        (error: unknown) => {
          if (!this.#isOver) reject(error as Error);
        },
      );
    });
  }

  /** A port that does nothing, and says nothing, once it is over. */
  gate<Port extends object>(port: Port): Port {
    return new Proxy(port, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return (...args: unknown[]): unknown => {
          if (this.#isOver) return new Promise(() => undefined);
          const answer: unknown = member.apply(target, args);
          return answer instanceof Promise ? this.hears(answer) : answer;
        };
      },
    });
  }
}
