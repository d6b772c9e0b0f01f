/** Pictures asked for: one under way, the rest waiting in line, in the order the person wants. */
import type { ModelEntry } from '../../core/catalog';
import { AppError, toAppError } from '../../core/errors';
import { cellCount, type Grid } from '../../core/grids';
import type { GenerationRequest } from '../../core/request';
import type { GeneratedPicture } from '../../engine/api';
import type { EngineSession, Work } from './engine-session.svelte';
import { counted, nextRequest, remaining, toStoredJob, totalRemaining, type Job, type StoredJob } from './job';
import { advanceProgress, startProgress, type Progress } from './progress';

/** Requests, of one picture or many: more than anyone means to ask for by leaning on a key. */
export const QUEUE_SIZE = 100;

export interface Failure {
  /** With what is left of it, the failed picture first. */
  job: Job;
  error: AppError;
}

/** What is done with a finished picture; the next begins after it. `notices` say what was left out of it. @returns its id */
export type Deliver = (picture: GeneratedPicture, work: Work, notices: readonly string[]) => Promise<number>;

export interface AddOptions {
  count?: number;
  extras?: Readonly<Record<string, string>>;
  /** Makes the pictures of its cells, instead of a batch. */
  grid?: Grid;
}

export interface QueueOptions {
  engine: Pick<EngineSession, 'generate'>;
  /** @throws AppError where it is not on this computer */
  findModel: (id: string) => ModelEntry;
  deliver: Deliver;
  /** What to make next while `isForever`; undefined ends it. */
  again?: () => Pick<Job, 'request' | 'extras'> | undefined;
  /** A request is done with, whole or not; the next begins after it. */
  onJobEnd?: (job: Job) => Promise<void>;
  onFailure?: (job: Job, error: AppError) => void;
  /** The last of the line is made. */
  onDone?: (pictures: number) => void;
}

export class Queue {
  readonly #options: QueueOptions;
  #abort = new AbortController();
  #lastId = 0;
  /** Made since the line began to move. */
  #made = 0;

  #job = $state.raw<Job>();
  #current = $state.raw<Work>();
  #progress = $state.raw<Progress>(startProgress(0));
  #waiting = $state.raw<readonly Job[]>([]);
  #failure = $state.raw<Failure>();
  #isCancelling = $state(false);
  #wasCancelled = $state(false);

  /** When nothing waits, the form as it is then is asked for again. */
  isForever = $state(false);

  /** Pictures behind the one under way. */
  readonly waitingCount = $derived.by(() => totalRemaining(this.#waiting) + (this.#job ? remaining(this.#job) - 1 : 0));
  /** Some wait for the person. */
  readonly isHeld = $derived.by(() => this.#waiting.some((job) => job.isHeld));

  constructor(options: QueueOptions) {
    this.#options = options;
  }

  get job(): Job | undefined {
    return this.#job;
  }
  get current(): Work | undefined {
    return this.#current;
  }
  get progress(): Progress {
    return this.#progress;
  }
  get waiting(): readonly Job[] {
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

  /** False where the line is full and the request was not taken. */
  add(request: GenerationRequest, { grid, count = grid ? cellCount(grid) : 1, extras }: AddOptions = {}): boolean {
    if (this.#waiting.length >= QUEUE_SIZE) return false;
    this.#keepRestOfFailure();
    this.#waiting = [
      ...this.#waiting,
      this.#createJob({ request, count, done: 0, ...(extras && { extras }), ...(grid && { grid }) }),
    ];
    this.#start();
    return true;
  }

  /** Ends what is under way; what waits is held until `resume`. */
  cancel(): void {
    this.isForever = false;
    this.#hold();
    this.#stop(true);
  }

  /** Ends the picture under way and goes on with the next. */
  skip(): void {
    this.#stop(false);
  }

  /** Goes on with what was held, the failed picture first. */
  resume(): void {
    const failed = this.#failure?.job;
    this.#failure = undefined;
    this.#waiting = [...(failed ? [failed] : []), ...this.#waiting].map((job) => ({ ...job, isHeld: false }));
    this.#start();
  }

  remove(id: number): void {
    this.#waiting = this.#waiting.filter((job) => job.id !== id);
  }

  /** One place earlier (−1) or later (+1). */
  move(id: number, by: 1 | -1): void {
    const at = this.#waiting.findIndex((job) => job.id === id);
    const job = this.#waiting[at];
    const other = this.#waiting[at + by];
    if (!job || !other) return;
    this.#waiting = this.#waiting.with(at, other).with(at + by, job);
  }

  clearWaiting(): void {
    this.#waiting = [];
    if (this.#job) this.#job = { ...this.#job, count: this.#job.done + 1 };
  }

  /** What is not made yet, the picture under way first. */
  toStored(): StoredJob[] {
    const jobs = [...(this.#job ? [this.#job] : []), ...(this.#failure ? [this.#failure.job] : []), ...this.#waiting];
    return jobs.map(toStoredJob);
  }

  /** Puts back in line what an earlier visit left, held. */
  restore(stored: readonly StoredJob[]): void {
    const jobs = stored.map((job) => ({ ...this.#createJob(job), isHeld: true }));
    this.#waiting = [...jobs, ...this.#waiting].slice(0, QUEUE_SIZE);
  }

  #createJob(stored: StoredJob): Job {
    this.#lastId += 1;
    return { ...stored, id: this.#lastId, isHeld: false };
  }

  #start(): void {
    if (!this.#job) void this.#run();
  }

  async #run(): Promise<void> {
    this.#made = 0;
    for (let job = this.#next(); job; job = this.#next()) {
      this.#begin(job);
      try {
        this.#count(await this.#paint(this.#toWork(job)));
        this.#made += 1;
      } catch (thrown) {
        this.#end(toAppError(thrown));
      }
      await this.#finishJob();
    }
    this.#job = undefined;
    this.#current = undefined;
    this.#isCancelling = false;
    if (this.#made > 0 && !this.#wasCancelled) this.#options.onDone?.(this.#made);
  }

  /** The job under way where it has pictures left, else the first in line that is not held. */
  #next(): Job | undefined {
    if (this.#job && remaining(this.#job) > 0) return this.#job;
    const job = this.#waiting.find(({ isHeld }) => !isHeld);
    if (job) {
      this.remove(job.id);
      return job;
    }
    const again = this.isForever ? this.#options.again?.() : undefined;
    if (!again) this.isForever = false;
    return again && this.#createJob({ ...again, count: 1, done: 0 });
  }

  #begin(job: Job): void {
    this.#abort = new AbortController();
    this.#isCancelling = false;
    this.#wasCancelled = false;
    this.#failure = undefined;
    this.#progress = startProgress(job.request.steps);
    this.#job = job;
  }

  #toWork(job: Job): Work {
    const request = nextRequest(job);
    const work: Work = { request, model: this.#options.findModel(request.model), extras: job.extras };
    this.#progress = startProgress(request.steps);
    this.#current = work;
    return work;
  }

  async #paint(work: Work): Promise<number> {
    const { signal } = this.#abort;
    const picture = await this.#options.engine.generate(
      work,
      (event) => {
        // Events and the result travel by different ports: late ones are dropped.
        if (this.#current === work && !signal.aborted) this.#progress = advanceProgress(this.#progress, event);
      },
      signal,
    );
    if (signal.aborted) throw new AppError('cancelled', 'Cancelled as it was finished.');
    return await this.#options.deliver(picture, work, this.#progress.notices);
  }

  /** One more of the job is done, be it made or skipped. */
  #count(id: number | null): void {
    if (this.#job) this.#job = counted(this.#job, id);
  }

  #stop(wholeJob: boolean): void {
    if (!this.#job) return;
    if (wholeJob) this.#job = { ...this.#job, count: this.#job.done + 1 };
    this.#isCancelling = true;
    this.#abort.abort();
  }

  #end(error: AppError): void {
    if (error.code === 'cancelled') {
      this.#wasCancelled = true;
      this.#count(null);
    } else if (this.#job) {
      // What fails once mostly fails again: the others wait for the person.
      this.#failure = { job: this.#job, error };
      this.#options.onFailure?.(this.#job, error);
      this.#job = undefined;
      this.isForever = false;
      this.#hold();
    }
  }

  async #finishJob(): Promise<void> {
    const { job } = this;
    if (job && remaining(job) <= 0) await this.#options.onJobEnd?.(job);
  }

  /** A new request takes the place of the picture that failed; the rest of its batch goes on waiting. */
  #keepRestOfFailure(): void {
    const rest = this.#failure && counted(this.#failure.job, null);
    this.#failure = undefined;
    if (!rest) return;
    if (remaining(rest) > 0) this.#waiting = [{ ...rest, isHeld: true }, ...this.#waiting];
    else void this.#options.onJobEnd?.(rest);
  }

  #hold(): void {
    this.#waiting = this.#waiting.map((job) => ({ ...job, isHeld: true }));
  }
}
