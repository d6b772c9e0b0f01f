/** A wish to stop, asked for between model calls. */
import { AppError } from '../core/errors';

export class Cancellation {
  #cancelled = false;
  #reject: (error: AppError) => void = () => undefined;

  /** Rejects on cancel(), so that a wait can be raced against it. Never resolves. */
  readonly wish = new Promise<never>((_, reject) => {
    this.#reject = reject;
  });

  constructor() {
    this.wish.catch(() => undefined); // nobody may be racing when it comes
  }

  cancel(): void {
    this.#cancelled = true;
    this.#reject(new AppError('cancelled', 'Cancelled.'));
  }

  /** @throws AppError 'cancelled' */
  check(): void {
    if (this.#cancelled) throw new AppError('cancelled', 'Cancelled.');
  }
}
