/** When to try again: longer each time, as the server says where it says, and not for ever. */
import { AppError } from '../../core/errors';
import { cancelled, type DownloadPorts } from './download-ports';

/** The line or the server failed in a way that may pass. */
export class Interrupted extends Error {
  readonly retryAfterMs: number | undefined;

  constructor(message: string, options?: { cause?: unknown; retryAfterMs?: number }) {
    super(message, options);
    this.retryAfterMs = options?.retryAfterMs;
  }
}

/** Tries for one request, without one byte of progress on any: above a minute. */
const MAX_TRIES = 9;
const FIRST_MS = 500;
const MAX_MS = 30_000;
/** A server that asks for more patience than this is told to the person instead. */
const MAX_RETRY_AFTER_MS = 5 * 60_000;

export class BackOff {
  readonly #ports: DownloadPorts;
  readonly #onWait: (reason: string, ms: number) => void;
  readonly #tries: number;
  /** Counts what has come, by whichever of the requests at once. */
  #progress = 0;

  /** @param tries of one request; where somebody waits for the answer, few */
  constructor(
    ports: DownloadPorts,
    onWait: (reason: string, ms: number) => void = () => undefined,
    tries: number = MAX_TRIES,
  ) {
    this.#ports = ports;
    this.#onWait = onWait;
    this.#tries = tries;
  }

  /** Something came: the next failure is a first one again. */
  progressed(): void {
    this.#progress += 1;
  }

  /** Runs `task` until it succeeds or fails for good. @throws AppError 'offline' when it is enough, 'cancelled' */
  async run<T>(name: string, signal: AbortSignal, task: () => Promise<T>): Promise<T> {
    let failures = 0;
    let progress = this.#progress;
    for (;;) {
      try {
        return await task();
      } catch (error) {
        if (!(error instanceof Interrupted)) throw error;
        failures = progress === this.#progress ? failures + 1 : 1;
        progress = this.#progress;
        await this.#wait(name, error, failures, signal);
      }
    }
  }

  async #wait(name: string, reason: Interrupted, failures: number, signal: AbortSignal): Promise<void> {
    if (signal.aborted) throw cancelled();
    const asked = reason.retryAfterMs ?? 0;
    if (failures >= this.#tries || asked > MAX_RETRY_AFTER_MS) {
      // Some hosts let no page read their files; the browser calls that a broken connection, too.
      const way =
        this.#progress > 0
          ? 'what is here is kept, try again later'
          : 'try again later, or get it by hand and import it';
      throw new AppError('offline', `${name}: ${reason.message}; ${way}.`, { cause: reason });
    }
    const grown = Math.min(MAX_MS, FIRST_MS * 2 ** (failures - 1));
    const ms = Math.max(asked, grown * (0.5 + this.#ports.random() / 2));
    this.#onWait(reason.message, ms);
    await this.#ports.sleep(ms, signal);
    await this.#ports.online(signal);
  }
}
