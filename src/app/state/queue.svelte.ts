/** Pictures asked for: one under way, the rest waiting in line. */
import { AppError, toAppError } from '../../core/errors';
import type { GeneratedPicture } from '../../engine/api';
import type { EngineSession, Work } from './engine-session.svelte';
import { advanceProgress, startProgress, type Progress } from './progress';

/** More than anyone means to ask for by leaning on a key. */
export const QUEUE_SIZE = 8;

export interface Failure {
  work: Work;
  error: AppError;
  /** Pictures that waited behind it and were not begun: what fails once mostly fails again. */
  dropped: number;
}

/** What is done with a finished picture; the next begins after it. `notices` say what was left out of it. */
export type Deliver = (picture: GeneratedPicture, work: Work, notices: readonly string[]) => Promise<void>;

export class Queue {
  readonly #engine: Pick<EngineSession, 'generate'>;
  readonly #deliver: Deliver;
  #abort = new AbortController();

  #current = $state.raw<Work>();
  #progress = $state.raw<Progress>(startProgress(0));
  #waiting = $state.raw<readonly Work[]>([]);
  #failure = $state.raw<Failure>();
  #isCancelling = $state(false);
  #wasCancelled = $state(false);

  constructor(engine: Pick<EngineSession, 'generate'>, deliver: Deliver) {
    this.#engine = engine;
    this.#deliver = deliver;
  }

  get current(): Work | undefined {
    return this.#current;
  }
  get progress(): Progress {
    return this.#progress;
  }
  get waiting(): readonly Work[] {
    return this.#waiting;
  }
  /** Why the last picture could not be made, until the next begins. */
  get failure(): Failure | undefined {
    return this.#failure;
  }
  /** Asked to stop, not stopped yet. */
  get isCancelling(): boolean {
    return this.#isCancelling;
  }
  /** The last picture was cancelled, and none has been asked for since. */
  get wasCancelled(): boolean {
    return this.#wasCancelled;
  }

  /** False where the line is full and the work was not taken. */
  add(work: Work): boolean {
    if (!this.#current) {
      void this.#run(work);
      return true;
    }
    if (this.#waiting.length >= QUEUE_SIZE) return false;
    this.#waiting = [...this.#waiting, work];
    return true;
  }

  /** Ends the picture under way and sends the others home. */
  cancel(): void {
    if (!this.#current) return;
    this.clearWaiting();
    this.#isCancelling = true;
    this.#abort.abort();
  }

  clearWaiting(): void {
    this.#waiting = [];
  }

  dismissFailure(): void {
    this.#failure = undefined;
  }

  async #run(first: Work): Promise<void> {
    for (let work: Work | undefined = first; work; work = this.#next()) {
      this.#begin(work);
      try {
        await this.#paint(work);
      } catch (thrown) {
        this.#end(work, toAppError(thrown));
      }
    }
    this.#current = undefined;
    this.#isCancelling = false;
  }

  #begin(work: Work): void {
    this.#abort = new AbortController();
    this.#isCancelling = false;
    this.#wasCancelled = false;
    this.#failure = undefined;
    this.#progress = startProgress(work.request.steps);
    this.#current = work;
  }

  async #paint(work: Work): Promise<void> {
    const { signal } = this.#abort;
    const picture = await this.#engine.generate(
      work,
      (event) => {
        // Events and the result travel by different ports: late ones are dropped.
        if (this.#current === work && !signal.aborted) this.#progress = advanceProgress(this.#progress, event);
      },
      signal,
    );
    if (signal.aborted) throw new AppError('cancelled', 'Cancelled as it was finished.');
    await this.#deliver(picture, work, this.#progress.notices);
  }

  #end(work: Work, error: AppError): void {
    // What was asked for after a cancel still waits, and is made.
    if (error.code === 'cancelled') this.#wasCancelled = true;
    else this.#fail({ work, error, dropped: this.#waiting.length });
  }

  #fail(failure: Failure): void {
    this.clearWaiting();
    this.#failure = failure;
  }

  #next(): Work | undefined {
    const [next, ...rest] = this.#waiting;
    this.#waiting = rest;
    return next;
  }
}
