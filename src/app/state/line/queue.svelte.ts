/** Pictures asked for: one under way, the rest waiting in line, in the order the person wants. */
import { paintingAssets } from '../start/assets-of';
import { AppError, toAppError } from '../../../core/errors';
import { cellCount } from '../../../core/recipe/grids/grid';
import { stepsTaken } from '../../../core/recipe/has-effect';
import type { GenerationRequest } from '../../../core/recipe/request';
import { counted, nextRequest, remaining, toStoredJob, totalRemaining, type Job, type StoredJob } from './job';
import { allHeld, countedOn, moved, putBack } from './line-order';
import { advanceProgress, startProgress, type Progress } from './progress';
import { QUEUE_SIZE, type Cancelled, type Failure, type Forgotten, type QueueOptions } from './queue-options';
import { UnkeptPictures } from './unkept-pictures.svelte';
import { besideRequest, type AddOptions, type Work } from './work';

export class Queue {
  readonly #options: QueueOptions;
  #abort = new AbortController();
  #lastId = 0;
  /** Made since the line began to move. */
  #made = 0;
  #isRunning = false;
  /** What the next end by a cancel is: of one picture, or of the whole request. */
  #held: ReadonlySet<number> | undefined;
  #cancelled: Cancelled | undefined;
  #forgotten: Forgotten | undefined;

  #job = $state.raw<Job>();
  #current = $state.raw<Work>();
  #progress = $state.raw<Progress>(startProgress(0));
  #waiting = $state.raw<readonly Job[]>([]);
  readonly #unkept = new UnkeptPictures();
  #failure = $state.raw<Failure>();
  #cancelAskedAt = $state<number>();
  #isDelivering = $state(false);
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
    return this.#cancelAskedAt !== undefined;
  }
  /** When that was: milliseconds since the page was opened. */
  get cancelAskedAt(): number | undefined {
    return this.#cancelAskedAt;
  }
  /** A finished picture is being kept, and the line with it: it is not to be written meanwhile. */
  get isDelivering(): boolean {
    return this.#isDelivering || this.#unkept.isUndecided;
  }
  /** The last picture was cancelled, and none has been asked for since. */
  get wasCancelled(): boolean {
    return this.#wasCancelled;
  }

  /** False where the line is full and the request was not taken. */
  add(
    request: GenerationRequest,
    { grid, count = grid ? cellCount(grid) : 1, prompts, ...more }: AddOptions = {},
  ): boolean {
    if (this.#waiting.length >= QUEUE_SIZE) return false;
    this.#keepRestOfFailure();
    this.#waiting = [
      ...this.#waiting,
      this.#createJob({
        request,
        count,
        done: 0,
        ...besideRequest(more),
        ...(grid && { grid }),
        ...(prompts && { prompts }),
      }),
    ];
    this.#start();
    return true;
  }

  /** Ends the picture under way; what waits, the rest of its request too, is held until `resume`. */
  cancel(): void {
    this.isForever = false;
    this.#held ??= new Set(this.#waiting.flatMap(({ id, isHeld }) => (isHeld ? [] : [id])));
    this.#hold();
    this.#stop();
  }

  /** Goes on with the cancelled picture, and with what the cancel held. */
  undoCancel(): void {
    const undone = this.#cancelled;
    this.#cancelled = undefined;
    if (!undone) return;
    const { held, rest } = undone;
    const waits = rest && this.#waiting.some(({ id, done, isHeld }) => isHeld && id === rest.id && done === rest.done);
    const job = rest && !waits ? this.#missedPicture(undone) : undone.job;
    if (!job) return;
    const others = this.#waiting.filter(({ id }) => id !== job.id);
    this.#waiting = [job, ...others].map((one) => (one === job || held.has(one.id) ? { ...one, isHeld: false } : one));
    this.#start();
  }

  /** Where the rest has gone on since: only what was left out of it. */
  #missedPicture({ job, isMade }: Cancelled): Job | undefined {
    return isMade || job.grid ? undefined : this.#createJob({ ...toStoredJob(job), count: job.done + 1 });
  }

  /** Ends the picture under way and goes on with the next. */
  skip(): void {
    if (!this.isCancelling) this.#stop();
  }

  /** Goes on with what was held, the failed picture first. @param change  what becomes of that */
  resume(change = (job: Job): Job => job): void {
    const failed = this.#failure && change(this.#failure.job);
    this.#failure = undefined;
    this.#waiting = [...(failed ? [failed] : []), ...this.#waiting].map((job) => ({ ...job, isHeld: false }));
    this.#start();
  }

  /** Takes one out of the line; `undoForget` puts it back. */
  remove(id: number): void {
    this.#forget(this.#waiting.filter((job) => job.id === id));
  }

  /** One place earlier (−1) or later (+1). */
  move(id: number, by: 1 | -1): void {
    this.#waiting = moved(this.#waiting, id, by);
  }

  /** Takes out of the line all but the picture under way; `undoForget` puts it back. */
  clearWaiting(): void {
    const current = this.#job;
    this.#forget(this.#waiting, current && remaining(current) > 1 ? current : undefined);
    if (current) this.#job = { ...current, count: current.done + 1 };
  }

  /** Brings the line back as it was, and what has come since behind it. */
  undoForget(): void {
    const { before = [], jobs = [], current } = this.#forgotten ?? {};
    this.#forgotten = undefined;
    this.#waiting = putBack({ before, jobs }, this.#waiting);
    if (current && this.#job?.id === current.id) this.#job = { ...this.#job, count: current.count };
    else if (current && remaining(current) > 0) this.#waiting = [current, ...this.#waiting];
    this.#start();
  }

  /** It can no longer be put back. */
  letForgottenGo(): void {
    const jobs = this.#forgotten?.jobs ?? [];
    this.#forgotten = undefined;
    for (const job of jobs) if (job.done > 0) void this.#options.onJobEnd?.(job);
  }

  #forget(jobs: readonly Job[], current?: Job): void {
    this.letForgottenGo();
    const gone = new Set(jobs);
    this.#forgotten = { before: this.#waiting, jobs, ...(current && { current }) };
    this.#waiting = this.#waiting.filter((job) => !gone.has(job));
  }

  /** What is not made yet, the picture under way first; behind it what is not kept yet. */
  toStored(): StoredJob[] {
    const jobs = [...(this.#job ? [this.#job] : []), ...(this.#failure ? [this.#failure.job] : []), ...this.#waiting];
    return [...jobs.map(toStoredJob), ...this.#unkept.jobs];
  }

  /** Pictures that something starts from which is in line, or may be again. */
  get startPictures(): string[] {
    const { before = [], jobs = [], current } = this.#forgotten ?? {};
    const may = [...before, ...jobs, current, this.#cancelled?.job].flatMap((job) => job ?? []);
    return [...this.toStored(), ...may].flatMap(paintingAssets);
  }

  /** Puts back in line what an earlier visit left, held. @param instead  ids that go, where they still wait @returns its ids */
  restore(stored: readonly StoredJob[], instead: readonly number[] = []): number[] {
    const jobs = allHeld(stored.map((job) => this.#createJob(job)));
    const others = this.#waiting.filter(({ id, isHeld }) => !isHeld || !instead.includes(id));
    this.#waiting = [...jobs, ...others].slice(0, QUEUE_SIZE);
    return jobs.map(({ id }) => id);
  }

  /** Drops what an earlier visit had finished: its storage told too late what was kept. Graphs may differ where their requests are the same. */
  dropKept(isKept: (request: GenerationRequest) => boolean): void {
    const left = this.#waiting.filter(
      ({ isShown, isHeld, graph, request }) => !(isShown && isHeld && !graph && isKept(request)),
    );
    if (left.length < this.#waiting.length) this.#waiting = left;
  }

  #createJob(stored: StoredJob): Job {
    this.#lastId += 1;
    return { ...stored, id: this.#lastId, isHeld: false };
  }

  #start(): void {
    if (!this.#isRunning) void this.#run();
  }

  async #run(): Promise<void> {
    this.#isRunning = true;
    this.#made = 0;
    for (let job = this.#next(); job; job = this.#next()) {
      this.#begin(job);
      try {
        this.#count(await this.#paint(this.#toWork(job)));
        this.#made += 1;
        if (this.#held) this.#endRequest(this.#held, true); // cancelled while it was being kept
      } catch (thrown) {
        this.#end(toAppError(thrown));
      } finally {
        this.#isDelivering = false; // it is counted: not before is the line to be written
      }
      await this.#finishJob();
    }
    this.#isRunning = false;
    this.#job = undefined;
    this.#current = undefined;
    this.#cancelAskedAt = undefined;
    if (this.#made > 0 && !this.#wasCancelled) this.#options.onDone?.(this.#made);
  }

  /** The job under way where it has pictures left, else the first in line that is not held. */
  #next(): Job | undefined {
    if (this.#job && remaining(this.#job) > 0) return this.#job;
    const job = this.#waiting.find(({ isHeld }) => !isHeld);
    if (job) {
      this.#waiting = this.#waiting.filter(({ id }) => id !== job.id);
      return job;
    }
    const again = this.isForever ? this.#options.again?.() : undefined;
    if (!again) this.isForever = false;
    return again && this.#createJob({ ...again, count: 1, done: 0 });
  }

  #begin(job: Job): void {
    this.#abort = new AbortController();
    this.#cancelAskedAt = undefined;
    this.#held = undefined;
    this.#wasCancelled = false;
    // Begun by an Undo: what failed waits until it is asked for.
    if (this.#failure) this.#waiting = [{ ...this.#failure.job, isHeld: true }, ...this.#waiting];
    this.#failure = undefined;
    this.#progress = startProgress(stepsOf(job.request));
    this.#job = job;
  }

  #toWork(job: Job): Work {
    const request = nextRequest(job);
    const work: Work = { request, model: this.#options.findModel(request.model), ...besideRequest(job) };
    this.#progress = startProgress(stepsOf(request));
    this.#current = work;
    return work;
  }

  async #paint(work: Work): Promise<number> {
    const { signal } = this.#abort;
    this.#options.onBegin?.();
    const picture = await this.#options.engine.generate(
      work,
      (event) => {
        // Events and the result travel by different ports: late ones are dropped.
        if (this.#current === work && !signal.aborted) this.#progress = advanceProgress(this.#progress, event);
      },
      signal,
    );
    if (signal.aborted) throw new AppError('cancelled', 'Cancelled as it was finished.');
    this.#isDelivering = true;
    const keeping = this.#unkept.begin(work);
    const lineAfter = (id: number): StoredJob[] =>
      keeping.lineWith(this.#current === work ? this.#lineAfter(id) : this.toStored());
    const id = await this.#options.deliver(picture, work, this.#progress.notices, lineAfter, keeping.settle);
    if (id >= 0) keeping.settle();
    keeping.shown();
    return id;
  }

  /** What is kept of the line once the picture under way is made. */
  #lineAfter(id: number): StoredJob[] {
    const job = this.#job && counted(this.#job, id);
    const jobs = [...(job && remaining(job) > 0 ? [job] : []), ...this.#waiting];
    return [...jobs.map(toStoredJob), ...this.#unkept.jobs];
  }

  /** One more of the job is done, be it made or skipped. */
  #count(id: number | null): void {
    if (!this.#job) return;
    this.#job = counted(this.#job, id);
    this.#forgotten = countedOn(this.#forgotten, this.#job);
  }

  #stop(): void {
    if (!this.#job) return;
    this.#cancelAskedAt ??= performance.now();
    this.#abort.abort();
  }

  /** What is left of a cancelled request waits: of a grid the picture too, which would leave a hole in it. */
  #endRequest(held: ReadonlySet<number>, isMade: boolean): void {
    const job = this.#job;
    if (!job) return;
    const rest = isMade || job.grid ? job : counted(job, null);
    if (isMade && remaining(rest) === 0) return;
    this.#job = undefined;
    const waits = remaining(rest) > 0;
    this.#cancelled = { job: { ...job, isHeld: false }, held, isMade, ...(waits && { rest }) };
    if (waits) this.#waiting = [{ ...rest, isHeld: true }, ...this.#waiting];
    this.#options.onCancelled?.(Math.max(0, remaining(rest)));
  }

  #end(error: AppError): void {
    if (error.code === 'cancelled') {
      this.#wasCancelled = true;
      if (this.#held) this.#endRequest(this.#held, false);
      else this.#count(null);
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
    this.#waiting = allHeld(this.#waiting);
  }
}

const stepsOf = (request: GenerationRequest): number => stepsTaken(request.steps, request);
