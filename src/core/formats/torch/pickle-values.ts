/** What a pickle may come to here: plain values, and names of things that are never looked up, let alone run. */

/** A class or function by name only. */
export class Global {
  constructor(
    readonly module: string,
    readonly name: string,
  ) {}

  get path(): string {
    return `${this.module}.${this.name}`;
  }
}

/** An object of a class that holds no tensors: what it is made of is thrown away. */
export class Opaque {
  constructor(readonly of: Global) {}
}

export class Tuple {
  constructor(readonly items: readonly unknown[]) {}
}

/** What is made when a pickle calls something, or names something that lies outside of it. */
export interface PickleHost {
  /** @throws AppError for what is not allowed */
  global(found: Global): unknown;
  call(callee: Global, args: readonly unknown[]): unknown;
  persistent(id: unknown): unknown;
}
