/** One model on its way: its state as the page sees it, and the way to stop it. */
import { toAppError } from '../../core/errors';
import type { Transfer, TransferState } from '../../engine/library-api';
import { ProgressMeter } from './progress-meter';

export class Task {
  readonly stop = new AbortController();
  /** What somebody wished when it was stopped. */
  wish: 'pause' | 'cancel' | undefined;
  #transfer: Transfer;
  #meter: ProgressMeter;
  readonly #now: () => number;
  readonly #onChange: () => void;

  constructor(start: Pick<Transfer, 'id' | 'name' | 'canPause'>, now: () => number, onChange: () => void) {
    this.#transfer = { ...start, state: 'resolving', doneBytes: 0, totalBytes: 0 };
    this.#now = now;
    this.#meter = new ProgressMeter(now);
    this.#onChange = onChange;
  }

  get transfer(): Transfer {
    return this.#transfer;
  }

  get signal(): AbortSignal {
    return this.stop.signal;
  }

  enter(state: TransferState, note?: string): void {
    if (state !== this.#transfer.state && state !== 'waiting' && this.#transfer.state !== 'waiting')
      this.#meter = new ProgressMeter(this.#now);
    const { id, name, canPause, doneBytes, totalBytes } = this.#transfer;
    this.#transfer = { id, name, canPause, doneBytes, totalBytes, state, ...(note !== undefined && { note }) };
    this.#onChange();
  }

  /** Nothing comes; it is tried again by itself. @param reason without a full stop */
  wait(reason: string, ms: number): void {
    const sentence = `${reason.charAt(0).toUpperCase()}${reason.slice(1)}.`;
    this.enter('waiting', `${sentence} Trying again in ${Math.max(1, Math.round(ms / 1000))} s.`);
  }

  progress(state: TransferState, doneBytes: number, totalBytes: number, note?: string): void {
    if (state !== this.#transfer.state) this.enter(state, note);
    const { id, name, canPause } = this.#transfer;
    const speed = this.#meter.measure(doneBytes, totalBytes);
    this.#transfer = {
      id,
      name,
      canPause,
      state,
      doneBytes,
      totalBytes,
      ...speed,
      ...(note !== undefined && { note }),
    };
    this.#onChange();
  }

  fail(thrown: unknown): void {
    const { code, message } = toAppError(thrown);
    this.enter(this.wish === 'pause' && code === 'cancelled' ? 'paused' : 'failed');
    if (this.#transfer.state === 'failed') this.#transfer = { ...this.#transfer, error: { code, message } };
    this.#onChange();
  }
}
