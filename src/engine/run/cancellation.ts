/** A wish to stop, asked for between model calls. */
import { AppError } from '../../core/errors';

/** A cancel from another thread, which is heard while this one is too busy to be told. */
export interface CancelWish {
  /** What was asked for before this is of another picture. */
  begin(): void;
  isAsked(): boolean;
}

export class Cancellation {
  #cancelled = false;
  readonly #elsewhere: CancelWish | undefined;
  /** A model call is under way, which cannot be broken off: `wish` waits, and `check` ends it after the call. */
  isInCall = false;
  #reject: (error: AppError) => void = () => undefined;

  /** Rejects on cancel() unless `isInCall`, so that a wait can be raced against it. Never resolves. */
  readonly wish = new Promise<never>((_, reject) => {
    this.#reject = reject;
  });

  constructor(elsewhere?: CancelWish) {
    this.#elsewhere = elsewhere;
    elsewhere?.begin();
    this.wish.catch(() => undefined); // nobody may be racing when it comes
  }

  cancel(): void {
    this.#cancelled = true;
    if (!this.isInCall) this.#reject(new AppError('cancelled', 'Cancelled.'));
  }

  /** @throws AppError 'cancelled' */
  check(): void {
    this.#cancelled ||= this.#elsewhere?.isAsked() ?? false;
    if (this.#cancelled) throw new AppError('cancelled', 'Cancelled.');
  }
}
