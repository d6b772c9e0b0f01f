/** Whether a picture is tried again by itself: as long as each attempt comes further than the one before, or may. */
import type { AppError } from '../../core/errors';

/** A GPU that is lost so often with nothing done between will be lost again. */
const FRUITLESS_LOSSES = 2;

export class Attempts {
  #furthest = 0;
  #fruitless = 0;

  /**
   * @param calls  model calls that are known by now
   * @param hasMoreRoom  the next attempt takes less memory than the last
   */
  mayTryAgain({ code }: AppError, calls: number, hasMoreRoom: boolean): boolean {
    const isFurther = calls > this.#furthest;
    this.#furthest = Math.max(this.#furthest, calls);
    if (code === 'out-of-memory') return isFurther || hasMoreRoom;
    if (code !== 'device-lost') return false;
    this.#fruitless = isFurther || hasMoreRoom ? 0 : this.#fruitless + 1;
    return this.#fruitless <= FRUITLESS_LOSSES;
  }
}
