/** A wish to stop, asked for between model calls. */
import { AppError } from '../../core/errors';

export class Cancellation {
  #cancelled = false;
  /** A model call is under way, which cannot be broken off: `wish` waits, and `check` ends it after the call. */
  isInCall = false;
  #reject: (error: AppError) => void = () => undefined;

  /** Rejects on cancel() unless `isInCall`, so that a wait can be raced against it. Never resolves. */
  readonly wish = new Promise<never>((_, reject) => {
    this.#reject = reject;
  });

  constructor() {
    this.wish.catch(() => undefined); // nobody may be racing when it comes
  }

  cancel(): void {
    this.#cancelled = true;
    if (!this.isInCall) this.#reject(new AppError('cancelled', 'Cancelled.'));
  }

  /** @throws AppError 'cancelled' */
  check(): void {
    if (this.#cancelled) throw new AppError('cancelled', 'Cancelled.');
  }
}
