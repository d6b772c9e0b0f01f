/** Undo for a mask: of each change, what was there before within its box. */
import { cut, put, raster, type Box, type Mask, type Raster } from '../../../core/image/raster';

interface Change {
  box: Box;
  /** What stands there when the change is taken back, or done again. */
  other: Raster<1>;
}

/** What is older than these many bytes cannot be taken back. */
const MOST_BYTES = 64 * 2 ** 20;

export class MaskHistory {
  readonly #mask: Mask;
  /** As the mask was after the last change. */
  readonly #known: Mask;
  #past: Change[] = [];
  #future: Change[] = [];

  constructor(mask: Mask) {
    this.#mask = mask;
    this.#known = raster(mask, 1, mask.data.slice());
  }

  get canUndo(): boolean {
    return this.#past.length > 0;
  }
  get canRedo(): boolean {
    return this.#future.length > 0;
  }

  /** The mask was changed within the box since the last time. */
  take(box: Box): void {
    const other = cut(this.#known, box);
    const now = cut(this.#mask, box);
    if (isSame(other, now)) return;
    put(this.#known, now, box.left, box.top);
    this.#past.push({ box, other });
    this.#future = [];
    this.#forget();
  }

  /** A change that is not finished is given up. */
  drop(box: Box): void {
    put(this.#mask, cut(this.#known, box), box.left, box.top);
  }

  /** @returns what has changed */
  undo(): Box | undefined {
    return this.#swap(this.#past, this.#future);
  }

  redo(): Box | undefined {
    return this.#swap(this.#future, this.#past);
  }

  #swap(from: Change[], to: Change[]): Box | undefined {
    const change = from.pop();
    if (!change) return undefined;
    const { box, other } = change;
    to.push({ box, other: cut(this.#mask, box) });
    put(this.#mask, other, box.left, box.top);
    put(this.#known, other, box.left, box.top);
    return box;
  }

  #forget(): void {
    let bytes = this.#past.reduce((sum, { other }) => sum + other.data.length, 0);
    while (bytes > MOST_BYTES && this.#past.length > 1) bytes -= this.#past.shift()?.other.data.length ?? 0;
  }
}

function isSame(a: Raster<1>, b: Raster<1>): boolean {
  return a.data.every((level, i) => level === b.data[i]);
}
