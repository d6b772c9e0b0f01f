/** A cancel through memory that two threads share: seen by the one that computes at a stretch, and hears no messages meanwhile. */
import type { CancelWish } from './cancellation';

/** What stands in the one number of the buffer. */
const [NOTHING, CANCEL] = [0, 1];

export interface SharedWish extends CancelWish {
  /** Where the other thread writes. Nothing is ever asked for before. */
  watch(buffer: SharedArrayBuffer): void;
}

export function createSharedWish(): SharedWish {
  let cell: Int32Array | undefined;
  return {
    watch: (buffer) => void (cell = new Int32Array(buffer)),
    begin: () => void (cell && Atomics.store(cell, 0, NOTHING)),
    isAsked: () => cell !== undefined && Atomics.load(cell, 0) === CANCEL,
  };
}

/** The other thread's end. */
export function askToCancel(buffer: SharedArrayBuffer): void {
  Atomics.store(new Int32Array(buffer), 0, CANCEL);
}
